internal import Glibc

/// Converts texts of one encoding to UTF-8 by `iconv` of the C library. Owns the descriptor; use from one thread.
@safe
struct CharacterConverter: ~Copyable {
  private let descriptor: iconv_t

  /// Nil for an encoding that this machine does not have.
  init?(from name: String) {
    // SAFETY: both names are copied by the call.
    guard let descriptor = unsafe iconv_open("UTF-8", name), unsafe descriptor != UnsafeMutableRawPointer(bitPattern: -1) else {
      return nil
    }
    unsafe self.descriptor = descriptor  // SAFETY: valid until `deinit`, the only place that closes it.
  }

  deinit {
    _ = unsafe iconv_close(descriptor)  // SAFETY: opened in `init`; the owner cannot be copied, so it is closed once.
  }

  /// The text as UTF-8, and how many of its bytes had no character (U+FFFD stands for each). Complexity: linear.
  func convert(_ bytes: [UInt8]) -> (text: [UInt8], damaged: Int) {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count + bytes.count / 2)
    var damaged = 0
    var input = bytes
    var piece = [CChar](repeating: 0, count: 16 << 10)
    // SAFETY: iconv moves both pointers forward inside these two buffers by the counts it is given, never beyond.
    unsafe input.withUnsafeMutableBytes { source in
      unsafe piece.withUnsafeMutableBufferPointer { target in
        guard let targetStart = target.baseAddress else { return }
        _ = unsafe iconv(descriptor, nil, nil, nil, nil)
        var next = unsafe source.baseAddress?.assumingMemoryBound(to: CChar.self)
        var left = source.count
        while true {
          var output: UnsafeMutablePointer<CChar>? = unsafe targetStart
          var room = target.count
          let isEnd = left == 0
          let result =
            unsafe isEnd
            ? iconv(descriptor, nil, nil, &output, &room) : iconv(descriptor, &next, &left, &output, &room)
          let code = result == -1 ? errno : 0
          for place in 0..<(target.count - room) { unsafe text.append(UInt8(bitPattern: target[place])) }
          if code == E2BIG { continue }
          if isEnd { break }
          if code != 0 {
            // A byte without a character, or half a character at the end.
            text.append(contentsOf: [0xEF, 0xBF, 0xBD])
            damaged += 1
            unsafe next = next?.advanced(by: 1)
            left -= 1
          }
        }
      }
    }
    return (text, damaged)
  }
}
