/// How the bytes of a text file become UTF-8: by their mark, else as UTF-8, else as Windows-1252.
///
/// The last is a guess, and said as such in the document (`"encoding": "windows-1252"`): it is what Western files that
/// are not UTF-8 nearly always are, and it has a character for all but five bytes, which become U+FFFD.
enum TextEncoding: String {
  case utf8 = "utf-8"
  case utf16LittleEndian = "utf-16le"
  case utf16BigEndian = "utf-16be"
  case windows1252 = "windows-1252"

  /// The text as UTF-8 without a mark, and what it was read as. Complexity: linear.
  static func decode(_ bytes: [UInt8]) throws(LineProblem) -> (text: [UInt8], encoding: TextEncoding) {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      // Who writes the mark means UTF-8: anything else is damage, not another encoding.
      try UTF8Check.require(bytes)
      return (Array(bytes[3...]), .utf8)
    }
    if bytes.starts(with: [0xFF, 0xFE]) { return (utf16(bytes, low: 0), .utf16LittleEndian) }
    if bytes.starts(with: [0xFE, 0xFF]) { return (utf16(bytes, low: 1), .utf16BigEndian) }
    do throws(LineProblem) {
      try UTF8Check.require(bytes)
      return (bytes, .utf8)
    } catch {
      // Bytes of a binary file are no text in any encoding of single bytes.
      guard !bytes.contains(0) else { throw error }
      return (windows1252(bytes), .windows1252)
    }
  }

  /// - Parameter low: place of the low byte in a unit. Halves of surrogate pairs alone become U+FFFD.
  private static func utf16(_ bytes: [UInt8], low: Int) -> [UInt8] {
    let units = stride(from: 2, to: bytes.count - 1, by: 2).lazy.map { place in
      UInt16(bytes[place + low]) | UInt16(bytes[place + 1 - low]) << 8
    }
    return [UInt8](String(decoding: Array(units), as: UTF16.self).utf8)
  }

  private static func windows1252(_ bytes: [UInt8]) -> [UInt8] {
    var text = String.UnicodeScalarView()
    for byte in bytes {
      let value = (0x80...0x9F).contains(byte) ? high[Int(byte) - 0x80] : UInt32(byte)
      text.append(Unicode.Scalar(value) ?? "\u{FFFD}")
    }
    return [UInt8](String(text).utf8)
  }

  /// What 80 to 9F stand for (WHATWG Encoding Standard, index-windows-1252, its five unassigned bytes left open).
  private static let high: [UInt32] = [
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD,
    0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
    0x0153, 0xFFFD, 0x017E, 0x0178,
  ]
}
