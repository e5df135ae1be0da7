internal import Glibc

/// Bytes as an open file without a name, for programs that read files. It is gone when this value is.
struct TemporaryFile: ~Copyable {
  /// Open for reading and writing; valid as long as this value.
  let descriptor: CInt

  init(_ bytes: [UInt8]) throws(FileError) {
    var name = [CChar]("/tmp/kwic-XXXXXX".utf8CString)
    // SAFETY: the call writes into the name, which is as long as it says and ends in NUL.
    descriptor = unsafe mkstemp(&name)
    guard descriptor >= 0 else { throw .system(errno: errno) }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    _ = unsafe unlink(name)  // SAFETY: the name is copied by the call.
    var written = 0
    while written < bytes.count {
      // SAFETY: inside the array, which outlives the call.
      let count = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress?.advanced(by: written), $0.count - written) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        let code = errno
        close(descriptor)
        throw .system(errno: code)
      }
      written += count
    }
  }

  deinit { close(descriptor) }
}
