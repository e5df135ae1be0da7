/// How many columns of a terminal a text takes, and texts cut to a number of columns.
enum TextWidth {
  /// Wide characters (CJK, Hangul, kana, full forms, emoji) take two columns, all others one.
  static func columns(_ text: some StringProtocol) -> Int {
    // Most lines are ASCII: a byte a column.
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text.utf8.count }
    return text.reduce(0) { $0 + columns($1) }
  }

  private static func columns(_ character: Character) -> Int {
    guard let first = character.unicodeScalars.first else { return 0 }
    if character.isASCII { return 1 }
    switch first.properties.generalCategory {
    // Marks without a letter before them, joiners and other signs that show nothing.
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    if first.properties.isEmojiPresentation || character.unicodeScalars.contains("\u{FE0F}") { return 2 }
    // East Asian Width W and F, in ranges coarse enough for aligning (Unicode 15, EastAsianWidth.txt).
    switch first.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F1E6...0x1F1FF, 0x1F300...0x1F64F, 0x1F900...0x1F9FF,
      0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }

  /// At most `columns` columns from the start, with an ellipsis where something is left out.
  static func prefix(_ text: String, columns: Int) -> String {
    guard self.columns(text) > columns else { return text }
    return take(text, columns: columns) + "…"
  }

  /// At most `columns` columns from the end, with an ellipsis where something is left out.
  static func suffix(_ text: String, columns: Int) -> String {
    guard self.columns(text) > columns else { return text }
    return "…" + String(take(String(text.reversed()), columns: columns).reversed())
  }

  private static func take(_ text: String, columns: Int) -> String {
    var left = columns - 1
    return String(text.prefix { character in
      left -= self.columns(character)
      return left >= 0
    })
  }

  static func padded(_ text: String, to columns: Int) -> String {
    text + String(repeating: " ", count: max(0, columns - self.columns(text)))
  }

  static func rightAligned(_ text: String, to columns: Int) -> String {
    String(repeating: " ", count: max(0, columns - self.columns(text))) + text
  }
}
