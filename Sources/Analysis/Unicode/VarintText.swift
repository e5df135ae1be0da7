/// Reads the varints of a generated table, which is text in base64 and part of the program: a cut one traps.
struct VarintText {
  private let bytes: [UInt8]
  private var offset = 0

  init(_ base64: String) {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(base64.utf8.count / 4 * 3)
    var bits: UInt32 = 0
    var bitCount: UInt32 = 0
    for character in base64.utf8 {
      let six: UInt8
      switch character {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): six = character - UInt8(ascii: "A")
      case UInt8(ascii: "a")...UInt8(ascii: "z"): six = character - UInt8(ascii: "a") + 26
      case UInt8(ascii: "0")...UInt8(ascii: "9"): six = character - UInt8(ascii: "0") + 52
      case UInt8(ascii: "+"): six = 62
      case UInt8(ascii: "/"): six = 63
      default: continue
      }
      bits = bits << 6 | UInt32(six)
      bitCount += 6
      if bitCount >= 8 {
        bitCount -= 8
        decoded.append(UInt8(truncatingIfNeeded: bits >> bitCount))
      }
    }
    bytes = decoded
  }

  /// The next number, nil at the end.
  mutating func next() -> UInt64? {
    guard offset < bytes.count else { return nil }
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let byte = bytes[offset]
      offset += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
  }
}
