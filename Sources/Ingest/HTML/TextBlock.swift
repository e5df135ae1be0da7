/// A piece of a page between two breaks: a paragraph, a heading, an entry of a list, a row of a table.
struct TextBlock: Equatable {
  /// UTF-8, blanks collapsed, no breaks at its ends.
  var text: [UInt8] = []
  var wordCount = 0
  /// Words inside links.
  var linkedWordCount = 0
  /// Level of a heading, 1 to 6; 0 for what is none.
  var heading = 0
  /// Inside `nav`, `aside`, `footer` or what a role calls so.
  var isFurniture = false
  /// Inside something that a class or an id calls by a name of such things.
  var isNamedFurniture = false
  /// Inside `article` or what says that it is the body of one; inside `main`.
  var isInArticle = false
  var isInMain = false

  var linkDensity: Double { wordCount == 0 ? 0 : Double(linkedWordCount) / Double(wordCount) }

  /// Words of a text as the classifier counts them: two characters of a script without blanks are one.
  ///
  /// Complexity: linear, bytes only.
  static func countWords(_ text: [UInt8]) -> Int {
    var words = 0
    var dense = 0
    var isInside = false
    for byte in text {
      if byte <= 0x20 {
        isInside = false
      } else if byte >= 0xE3, byte <= 0xED {
        // Lead byte of U+3000 to U+DFFF: kana, Han, Hangul.
        dense += 1
      } else if byte < 0x80 || byte >= 0xC0, !isInside {
        words += 1
        isInside = true
      }
    }
    return words + dense / 2
  }
}
