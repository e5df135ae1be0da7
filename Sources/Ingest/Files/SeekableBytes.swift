internal import Glibc

/// Bytes that can be read at any place: of an open file, or in memory.
enum SeekableBytes {
  case memory([UInt8])
  /// The descriptor stays its owner's, who keeps it open as long as this is used.
  case file(descriptor: CInt, byteCount: Int)

  var count: Int {
    switch self {
    case .memory(let bytes): bytes.count
    case .file(_, let byteCount): byteCount
    }
  }

  /// At most `count` bytes from `place` on; fewer only where they end.
  func read(at place: Int, count: Int) throws(FileError) -> [UInt8] {
    guard place >= 0, count > 0, place < self.count else { return [] }
    let count = min(count, self.count - place)
    switch self {
    case .memory(let bytes): return Array(bytes[place..<place + count])
    case .file(let descriptor, _):
      var filledCount = 0
      var code: Int32 = 0
      // SAFETY: the buffer has room for `count` bytes; each pread is told how many of them are left.
      let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        while filledCount < count, let base = buffer.baseAddress {
          let taken = unsafe pread(descriptor, base.advanced(by: filledCount), count - filledCount, off_t(place + filledCount))
          if taken < 0, errno == EINTR { continue }
          if taken < 0 { code = errno }
          if taken <= 0 { break }
          filledCount += taken
        }
        filled = filledCount
      }
      if code != 0 { throw .system(errno: code) }
      return bytes
    }
  }
}
