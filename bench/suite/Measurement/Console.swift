internal import Glibc

/// What the suite says: results on standard output, progress on standard error.
enum Console {
  static func result(_ text: String) { put(text + "\n", to: 1) }
  static func progress(_ text: String) { put(text + "\n", to: 2) }

  /// Replaces a file by text.
  static func writeFile(_ path: String, _ text: String) throws {
    // SAFETY: the path is copied by the call.
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw FileProblem(path: path, errno: errno) }
    put(text, to: descriptor)
    guard close(descriptor) == 0 else { throw FileProblem(path: path, errno: errno) }
  }

  private static func put(_ text: String, to descriptor: CInt) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      // SAFETY: the buffer is the slice's own and lives for the call.
      let count = unsafe rest.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 || (count < 0 && errno == EINTR) else { return }
      rest = rest.dropFirst(max(0, count))
    }
  }
}

/// A file that the suite was told to use and could not.
struct FileProblem: Error, CustomStringConvertible {
  let path: String
  let errno: CInt
  // SAFETY: strerror's text is terminated and copied at once; the suite has one thread here.
  var description: String { "\(path): \(unsafe String(cString: strerror(errno)))" }
}
