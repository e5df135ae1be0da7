/// How the bytes of a text become UTF-8: by their mark, else by what is declared, else by what they look like.
///
/// 1. A byte order mark decides.
/// 2. Every second byte NUL: UTF-16 without a mark.
/// 3. What is valid UTF-8 and not all ASCII is UTF-8, whatever a head declares: by chance that is met by nobody.
/// 4. A declared encoding decides, if the C library has it.
/// 5. `EncodingGuess`, by statistics; a document that was read so says what it was taken for.
enum TextEncoding {
  /// The text as UTF-8 without a mark, and what it was read as. What has no character becomes U+FFFD.
  ///
  /// - Parameter declared: what a head, a header or a `meta` element says.
  /// - Complexity: linear.
  static func decode(
    _ bytes: [UInt8], declared: Charset? = nil
  ) throws(LineProblem) -> (text: [UInt8], charset: Charset) {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      // Who writes the mark means UTF-8: anything else is damage, not another encoding.
      try UTF8Check.require(bytes)
      return (Array(bytes[3...]), .utf8)
    }
    if bytes.starts(with: [0xFF, 0xFE, 0, 0]), bytes.count % 4 == 0, let text = convert(bytes.dropFirst(4), .utf32LittleEndian) {
      return (text, .utf32LittleEndian)
    }
    if bytes.starts(with: [0xFF, 0xFE]) { return (utf16(bytes.dropFirst(2), low: 0), .utf16LittleEndian) }
    if bytes.starts(with: [0xFE, 0xFF]) { return (utf16(bytes.dropFirst(2), low: 1), .utf16BigEndian) }
    if let charset = unmarkedUTF16(bytes) {
      return (utf16(bytes[...], low: charset == .utf16LittleEndian ? 0 : 1), charset)
    }
    return try decodeBytes(bytes, declared: declared)
  }

  /// The same for texts that are never refused: what is damaged is repaired.
  static func decodeLeniently(_ bytes: [UInt8], declared: Charset? = nil) -> (text: [UInt8], charset: Charset) {
    do throws(LineProblem) {
      return try decode(bytes, declared: declared)
    } catch {
      return ([UInt8](String(decoding: bytes, as: UTF8.self).utf8), .utf8)
    }
  }

  private static func decodeBytes(
    _ bytes: [UInt8], declared: Charset?
  ) throws(LineProblem) -> (text: [UInt8], charset: Charset) {
    let isStateful = declared.map { !$0.isASCIISuperset && $0 != .utf8 } ?? false
    if !isStateful {
      do throws(LineProblem) {
        try UTF8Check.require(bytes)
        guard hasISO2022Escape(bytes), let text = convert(bytes[...], .iso2022JP) else { return (bytes, .utf8) }
        return (text, .iso2022JP)
      } catch {
        // Bytes of a binary file are no text in any encoding of single bytes.
        guard !bytes.contains(0), !isBinary(bytes) else { throw error }
      }
    }
    if let declared, declared != .utf8, !declared.name.hasPrefix("utf-16"), let text = convert(bytes[...], declared) {
      return (text, declared)
    }
    let charset = EncodingGuess.charset(of: bytes)
    guard charset != .windows1252, let text = convert(bytes[...], charset) else { return (windows1252(bytes), .windows1252) }
    return (text, charset)
  }

  private static func convert(_ bytes: ArraySlice<UInt8>, _ charset: Charset) -> [UInt8]? {
    if charset == .windows1252 { return windows1252(Array(bytes)) }
    return CharacterConverter(from: charset.converterName)?.convert(Array(bytes)).text
  }

  /// - Parameter low: place of the low byte in a unit. Halves of surrogate pairs alone become U+FFFD.
  private static func utf16(_ bytes: ArraySlice<UInt8>, low: Int) -> [UInt8] {
    let start = bytes.startIndex
    let units = stride(from: start, to: bytes.endIndex - 1, by: 2).lazy.map { place in
      UInt16(bytes[place + low]) | UInt16(bytes[place + 1 - low]) << 8
    }
    return [UInt8](String(decoding: Array(units), as: UTF16.self).utf8)
  }

  /// UTF-16 whose mark is missing: of texts with blanks and line ends, a good part of the units are below 256, so that
  /// one of the two places in a unit is often 0 and the other never.
  private static func unmarkedUTF16(_ bytes: [UInt8]) -> Charset? {
    let head = bytes.prefix(4_096)
    guard bytes.count >= 8, bytes.count % 2 == 0 else { return nil }
    var zeros = (even: 0, odd: 0)
    for place in head.indices where head[place] == 0 {
      if place % 2 == 0 { zeros.even += 1 } else { zeros.odd += 1 }
    }
    let enough = max(2, head.count / 12)
    if zeros.odd >= enough, zeros.even == 0 { return .utf16LittleEndian }
    if zeros.even >= enough, zeros.odd == 0 { return .utf16BigEndian }
    return nil
  }

  /// `ESC $ B`, `ESC $ @` or `ESC ( J`: ISO-2022-JP, which is ASCII otherwise.
  private static func hasISO2022Escape(_ bytes: [UInt8]) -> Bool {
    var place = bytes.startIndex
    while let escape = bytes[place...].firstIndex(of: 0x1B) {
      let next = bytes[(escape + 1)...].prefix(2)
      if next.elementsEqual("$B".utf8) || next.elementsEqual("$@".utf8) || next.elementsEqual("(J".utf8) { return true }
      place = escape + 1
    }
    return false
  }

  /// More than one byte in fifty is a control character that no text has.
  private static func isBinary(_ bytes: [UInt8]) -> Bool {
    let head = bytes.prefix(65_536)
    let controls = head.count { $0 < 0x20 && !(0x09...0x0D).contains($0) && $0 != 0x1B && $0 != 0x1A }
    return controls * 50 > head.count
  }

  private static func windows1252(_ bytes: [UInt8]) -> [UInt8] {
    var text = String.UnicodeScalarView()
    for byte in bytes { text.append(scalar(windows1252: byte)) }
    return [UInt8](String(text).utf8)
  }

  /// One byte of Windows-1252.
  static func scalar(windows1252 byte: UInt8) -> Unicode.Scalar {
    let value = (0x80...0x9F).contains(byte) ? high[Int(byte) - 0x80] : UInt32(byte)
    return Unicode.Scalar(value) ?? "\u{FFFD}"
  }

  /// What 80 to 9F stand for (WHATWG Encoding Standard, index-windows-1252, its five unassigned bytes left open).
  private static let high: [UInt32] = [
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD,
    0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
    0x0153, 0xFFFD, 0x017E, 0x0178,
  ]
}
