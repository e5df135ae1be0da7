/// The bytes of a JSON value in the making, in room that was reserved for all of it: what many short pieces of one line
/// are written with. `JSONWriter` says the same in general.
///
/// Lives for the call of `JSONWriter.piece`.
@safe
struct JSONPiece {
  // SAFETY (whole type): `base` has room for `bytesMax` bytes while the piece lives, and every write is preceded by a look
  // at what is left.
  private let base: UnsafeMutablePointer<UInt8>
  private let bytesMax: Int
  private(set) var count = 0

  init(_ base: UnsafeMutablePointer<UInt8>, bytesMax: Int) {
    unsafe self.base = base
    self.bytesMax = bytesMax
  }

  /// What strings of so many bytes, numbers and a few names take at most: an escape is six bytes, a number twenty.
  static func bytesMax(_ byteCount: Int, numbers: Int) -> Int { 6 * byteCount + 20 * numbers + 128 }

  /// Takes room for so many bytes; where they begin.
  @inline(__always)
  private mutating func take(_ byteCount: Int) -> UnsafeMutablePointer<UInt8> {
    precondition(byteCount <= bytesMax - count, "room for all that is written")
    defer { count += byteCount }
    return unsafe base + count
  }

  /// Bytes as they are.
  @inline(__always)
  mutating func raw(_ text: StaticString) {
    unsafe take(text.utf8CodeUnitCount).update(from: text.utf8Start, count: text.utf8CodeUnitCount)
  }

  /// Valid UTF-8 in quotes.
  mutating func string(_ text: Span<UInt8>) {
    var escapes: UInt8 = 0
    for place in text.indices { escapes |= JSONWriter.isEscaped(text[place]) ? 1 : 0 }
    unsafe take(1).pointee = 0x22
    if escapes == 0 {
      unsafe text.withUnsafeBufferPointer {
        if let start = $0.baseAddress { unsafe take($0.count).update(from: start, count: $0.count) }
      }
    } else {
      for place in text.indices { character(text[place]) }
    }
    unsafe take(1).pointee = 0x22
  }

  private mutating func character(_ byte: UInt8) {
    guard JSONWriter.isEscaped(byte) else {
      unsafe take(1).pointee = byte
      return
    }
    switch byte {
    case 0x22: raw("\\\"")
    case 0x5C: raw("\\\\")
    case 0x0A: raw("\\n")
    case 0x0D: raw("\\r")
    case 0x09: raw("\\t")
    default:
      raw("\\u00")
      for digit in [byte >> 4, byte & 15] { unsafe take(1).pointee = digit < 10 ? 0x30 + digit : 0x57 + digit }
    }
  }

  /// A number that is not negative.
  mutating func integer(_ value: Int) {
    var length = 1
    var rest = value / 10
    while rest > 0 {
      length += 1
      rest /= 10
    }
    let digits = unsafe take(length)
    rest = value
    for place in (0..<length).reversed() {
      unsafe digits[place] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
  }

  /// `[a,b]`.
  mutating func pair(_ range: Range<Int>) {
    raw("[")
    integer(range.lowerBound)
    raw(",")
    integer(range.upperBound)
    raw("]")
  }
}
