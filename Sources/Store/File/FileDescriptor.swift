import Glibc

/// An open file, closed when it goes.
struct FileDescriptor: ~Copyable {
  let rawValue: Int32
  private let path: String

  private init(rawValue: Int32, path: String) {
    self.rawValue = rawValue
    self.path = path
  }

  /// Files that this makes are for this user alone; child processes do not inherit the descriptor.
  static func open(
    _ path: String, _ flags: Int32, operation: StoreOperation = .open
  ) throws(StoreError) -> FileDescriptor {
    // SAFETY: open reads the path during the call.
    let descriptor = unsafe Glibc.open(path, flags | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileSystem.failure(operation, path) }
    return FileDescriptor(rawValue: descriptor, path: path)
  }

  deinit { _ = Glibc.close(rawValue) }

  /// Up to `count` bytes from `offset` on; fewer where the file ends.
  func read(at offset: Int, count: Int) throws(StoreError) -> [UInt8] {
    var done = 0
    var isFailed = false
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      // SAFETY (whole closure): reads at most what is left of the buffer of `count` bytes.
      while done < count {
        let part = unsafe pread(rawValue, buffer.baseAddress! + done, count - done, offset + done)
        if part < 0 && errno == EINTR { continue }
        isFailed = part < 0
        if part <= 0 { break }
        done += part
      }
      initialized = done
    }
    if isFailed { throw FileSystem.failure(.read, path) }
    return bytes
  }

  /// All of `bytes`, from the file's start on.
  func write(_ bytes: [UInt8]) throws(StoreError) {
    var done = 0
    while done < bytes.count {
      // SAFETY: writes from the `bytes.count - done` bytes that are left of the array.
      let part = unsafe bytes.withUnsafeBytes { unsafe pwrite(rawValue, $0.baseAddress! + done, $0.count - done, done) }
      if part < 0 && errno == EINTR { continue }
      guard part > 0 else { throw FileSystem.failure(.write, path) }
      done += part
    }
  }

  func truncate() throws(StoreError) {
    guard ftruncate(rawValue, 0) == 0 else { throw FileSystem.failure(.write, path) }
  }

  func synchronize() throws(StoreError) {
    guard fsync(rawValue) == 0 else { throw FileSystem.failure(.sync, path) }
  }
}
