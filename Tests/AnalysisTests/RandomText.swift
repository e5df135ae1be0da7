import Base

/// Random text that meets the rules often: pieces from a short list, some of them not UTF-8.
enum RandomText {
  static let pieces: [[UInt8]] =
    [
      "a", "b", "S", "s", "Word", "states", "12", "3", "_", " ", " ", "  ", "\n", "\r\n", "\n\n", "\t", ".", ".", ",",
      ";",
      ":", "'", "'", "’", "\"", "“", "”", "!", "?", "-", "—", "U.S.", "Gen.", "'s", "’s", "é", "ß", "Й", "и", "\u{306}",
      "\u{301}", "\u{200D}", "\u{AD}", "א", "״", "カ", "ﾞ", "か", "漢", "한", "\u{1112}\u{1161}\u{11AB}", "ก", "ि", "क",
      "\u{94D}", "\u{93C}", "🅰", "🇸", "🇾", "😀", "。", "\u{2028}", "\u{2029}", "\u{85}", "\u{3000}", "１", "．", "\u{0}",
      "(", ")",
    ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xE2, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80]]

  static func bytes(pieces count: ClosedRange<Int>, using random: inout SplitMix64) -> [UInt8] {
    // Half of the texts draw from few pieces, so that their combinations come often.
    let choice = Bool.random(using: &random) ? pieces : (0..<6).map { _ in pieces.randomElement(using: &random) ?? [] }
    return (0..<Int.random(in: count, using: &random)).flatMap { _ in choice.randomElement(using: &random) ?? [] }
  }

  /// Bytes of any value.
  static func noise(_ count: ClosedRange<Int>, using random: inout SplitMix64) -> [UInt8] {
    (0..<Int.random(in: count, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
  }

  /// Mostly pieces, now and then noise.
  static func any(_ random: inout SplitMix64) -> [UInt8] {
    Int.random(in: 0..<8, using: &random) == 0
      ? noise(0...200, using: &random) : bytes(pieces: 0...40, using: &random)
  }
}
