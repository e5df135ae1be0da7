/// What the fast path must know of a byte. The first three are part of a word wherever they stand.
enum ASCIIKind: UInt8 {
  case letter
  case digit
  case underscore
  /// Separates words, whatever stands around it.
  case separator
  /// `'` and `.`: join two letters or two digits.
  case midBoth
  /// `,` and `;`: join two digits.
  case midDigits
  /// Part of a longer scalar, or no UTF-8.
  case beyond

  /// Kinds of all bytes. The colon is a separator: see `WordSegmenter.Tailoring.standard`.
  static let table: [ASCIIKind] = (0...UInt8.max).map { byte in
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): .letter
    case UInt8(ascii: "0")...UInt8(ascii: "9"): .digit
    case UInt8(ascii: "_"): .underscore
    case UInt8(ascii: "'"), UInt8(ascii: "."): .midBoth
    case UInt8(ascii: ","), UInt8(ascii: ";"): .midDigits
    case 0x80...0xFF: .beyond
    default: .separator
    }
  }

  /// Whether the byte belongs to a word wherever it stands.
  @inline(__always)
  var isWordPart: Bool { rawValue <= ASCIIKind.underscore.rawValue }
}
