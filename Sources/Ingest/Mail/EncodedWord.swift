/// Text in the heads of mails: raw bytes, and words like `=?iso-8859-1?Q?caf=E9?=` (RFC 2047).
enum EncodedWord {
  /// The text, blanks collapsed.
  static func decode(_ value: [UInt8]) -> String {
    var text = ""
    /// Bytes of words in one encoding that stand side by side: a character may be split between two of them.
    var pending: (charset: Charset, bytes: [UInt8])?
    func flush() {
      if let word = pending { text += String(decoding: TextEncoding.decodeLeniently(word.bytes, declared: word.charset).text, as: UTF8.self) }
      pending = nil
    }
    var rest = value[...]
    while let start = firstMark(rest) {
      let before = rest[..<start]
      guard let (charset, bytes, end) = word(rest[start...]) else {
        flush()
        text += raw(rest[...(start + 1)])
        rest = rest[(start + 2)...]
        continue
      }
      // Blanks between two words are not part of the text.
      if pending == nil || !before.allSatisfy(MarkupTokenizer.isBlank) {
        flush()
        text += raw(before)
      }
      if let word = pending, word.charset == charset {
        pending = (charset, word.bytes + bytes)
      } else {
        flush()
        pending = (charset, bytes)
      }
      rest = rest[end...]
    }
    flush()
    text += raw(rest)
    return HTMLMetadata.line(text)
  }

  private static func raw(_ bytes: ArraySlice<UInt8>) -> String {
    bytes.isEmpty ? "" : String(decoding: TextEncoding.decodeLeniently(Array(bytes)).text, as: UTF8.self)
  }

  /// Where `=?` stands.
  private static func firstMark(_ bytes: ArraySlice<UInt8>) -> Int? {
    var place = bytes.startIndex
    while let equals = bytes[place...].firstIndex(of: UInt8(ascii: "=")), equals + 1 < bytes.endIndex {
      if bytes[equals + 1] == UInt8(ascii: "?") { return equals }
      place = equals + 1
    }
    return nil
  }

  private static func word(_ text: ArraySlice<UInt8>) -> (Charset, [UInt8], Int)? {
    let question = UInt8(ascii: "?")
    let label = text.dropFirst(2).prefix(64).prefix { $0 != question }
    let kindPlace = label.endIndex + 1
    guard kindPlace + 1 < text.endIndex, text[label.endIndex] == question, text[kindPlace + 1] == question else { return nil }
    let content = text[(kindPlace + 2)...].prefix { $0 != question }
    let close = content.endIndex
    guard close + 1 < text.endIndex, text[close + 1] == UInt8(ascii: "=") else { return nil }
    // RFC 2231 adds a language behind an asterisk.
    let name = String(decoding: label.prefix { $0 != UInt8(ascii: "*") }, as: UTF8.self)
    let charset = Charset(label: name) ?? .utf8
    switch text[kindPlace] | 0x20 {
    case UInt8(ascii: "b"): return (charset, TransferEncoding.base64(content), close + 2)
    case UInt8(ascii: "q"): return (charset, TransferEncoding.quotedPrintable(content, isHeader: true), close + 2)
    default: return nil
    }
  }
}
