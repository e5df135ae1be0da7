/// Which encoding a text has that declares none and is not UTF-8.
///
/// Encodings of several bytes a character are tried first: their structure is hard to meet by chance, and what comes out
/// must look like Japanese, Chinese or Korean by its commonest characters. Then every encoding of single bytes is scored by
/// the letters that it makes of the high bytes, as each language it is used for writes them: the mean log-likelihood of
/// a letter, less something for what no text has (a capital inside a word, a Cyrillic letter alone among Latin ones).
/// It is the method of Mozilla's universal detector (Li and Momoi, "A composite approach to language/encoding
/// detection", 2001) with letters in the place of pairs.
enum EncodingGuess {
  /// Bytes that are looked at.
  private static let sampleBytes = 64 << 10
  /// What speaks for Windows-1252 before anything is read: a word or two prove little.
  private static let westernBonus = 2.0
  private static let multibyte: [Charset] = ["shift_jis", "euc-jp", "gb18030", "big5", "euc-kr"].compactMap { Charset(label: $0) }

  /// The likeliest encoding; Windows-1252 where nothing tells. Complexity: linear in the first 64 KiB of interest.
  static func charset(of bytes: [UInt8]) -> Charset {
    let sample = sample(of: bytes)
    let highCount = sample.count { $0 >= 0x80 }
    guard highCount > 0 else { return .windows1252 }
    var best: (charset: Charset, score: Double)?
    for charset in multibyte {
      guard let (text, damaged) = CharacterConverter(from: charset.converterName)?.convert(sample),
        damaged * 100 <= highCount,
        let score = EastAsianText.plausibility(String(decoding: text, as: UTF8.self), of: charset.name)
      else { continue }
      if score > best?.score ?? 0 { best = (charset, score) }
    }
    if let best { return best.charset }
    return singleByte(sample, highCount)
  }

  /// From the first line with a high byte on, whole lines if there are any.
  private static func sample(of bytes: [UInt8]) -> [UInt8] {
    guard let high = bytes.firstIndex(where: { $0 >= 0x80 }) else { return [] }
    let start = bytes[..<high].suffix(4_096).lastIndex(of: 0x0A).map { $0 + 1 } ?? max(0, high - 4_096)
    let end = min(bytes.count, start + sampleBytes)
    guard end < bytes.count, let last = bytes[high..<end].lastIndex(of: 0x0A) else { return Array(bytes[start..<end]) }
    return Array(bytes[start..<last])
  }

  private static func singleByte(_ sample: [UInt8], _ highCount: Int) -> Charset {
    var best = (charset: Charset.windows1252, score: -Double.infinity)
    for (charset, table) in tables {
      let scalars = sample.map { table[Int($0)] }
      for language in LetterProfile.all where language.charsets.contains(charset.name) {
        let score = language.score(scalars) + (charset == .windows1252 ? westernBonus / Double(highCount) : 0)
        if score > best.score { best = (charset, score) }
      }
    }
    return best.charset
  }

  /// What each byte is in the encodings of single bytes that this machine has; Windows-1252, which wins a draw, first.
  private static let tables: [(Charset, [Unicode.Scalar])] = {
    let names = [
      "windows-1252", "windows-1250", "iso-8859-2", "windows-1251", "koi8-r", "ibm866", "iso-8859-5", "windows-1253",
      "windows-1254", "windows-1255", "windows-1256", "windows-874",
    ]
    return names.compactMap { Charset(label: $0) }.compactMap { charset in
      if charset == .windows1252 { return (charset, (0...255).map { TextEncoding.scalar(windows1252: UInt8($0)) }) }
      guard let converter = CharacterConverter(from: charset.converterName) else { return nil }
      let table = (0...255).map { byte in
        String(decoding: converter.convert([UInt8(byte)]).text, as: UTF8.self).unicodeScalars.first ?? "\u{FFFD}"
      }
      return (charset, table)
    }
  }()
}
