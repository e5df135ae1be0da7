/// A replacement in the text of a query; an empty range inserts.
struct TextEdit: Equatable {
  let range: Range<Int>
  let replacement: String

  static func insert(_ text: String, at offset: Int) -> TextEdit { TextEdit(range: offset..<offset, replacement: text) }
  static func replace(_ range: Range<Int>, by text: String) -> TextEdit { TextEdit(range: range, replacement: text) }
  static func bracket(_ range: Range<Int>) -> [TextEdit] {
    [insert("(", at: range.lowerBound), insert(")", at: range.upperBound)]
  }
}
