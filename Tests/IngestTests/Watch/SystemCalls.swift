import Glibc

/// The few calls of the C library that the tests of watching need, with paths as strings.
enum SystemCalls {
  struct Failure: Error { let errno: Int32 }

  static func rename(_ old: String, _ new: String) throws {
    // SAFETY (whole type): paths and texts are copied by the calls, results are plain numbers.
    guard unsafe Glibc.rename(old, new) == 0 else { throw Failure(errno: errno) }
  }

  static func unlink(_ path: String) throws {
    guard unsafe Glibc.unlink(path) == 0 else { throw Failure(errno: errno) }
  }

  static func makePipe(_ path: String) throws {
    guard unsafe mkfifo(path, 0o600) == 0 else { throw Failure(errno: errno) }
  }

  /// Opens for appending, the file being made or emptied first.
  static func create(_ path: String) throws -> CInt {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Failure(errno: errno) }
    return descriptor
  }

  static func append(_ text: String, to descriptor: CInt) throws {
    let bytes = [UInt8](text.utf8)
    guard unsafe write(descriptor, bytes, bytes.count) == bytes.count else { throw Failure(errno: errno) }
  }

  /// Seconds of processor time of this process.
  static func processorSeconds() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
