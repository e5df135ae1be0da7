import Analysis
import Query

/// What must hold of any bytes as a query.
enum ParserFuzz {
  struct Finding: Error, CustomStringConvertible { let description: String }

  private static let reader = QueryReader(
    schema: QuerySchema(textFields: ["title", "body"], keywordFields: ["lang"], numberFields: ["pages"]))

  /// Reads the bytes as a query and checks the answer.
  static func check(_ bytes: [UInt8]) throws(Finding) {
    let text = String(decoding: bytes, as: UTF8.self)
    let parsed = reader.parse(text)
    guard (parsed.root == nil) == !parsed.problems.isEmpty else { throw finding(text, "neither read nor refused") }
    for problem in parsed.problems {
      guard problem.byteRange.upperBound <= text.utf8.count else { throw finding(text, "a place outside") }
      guard problem.caretLine.utf8.count(where: { $0 == 0x0A }) == 1, problem.caretLine.contains("^") else {
        throw finding(text, "a caret line of other than two lines: \(problem.caretLine)")
      }
      for fix in problem.fixes where reader.parse(fix).root == nil { throw finding(text, "no correction: \(fix)") }
      guard isUTF8(problem.json()) else { throw finding(text, "an object that is not UTF-8") }
    }
    for warning in parsed.warnings where warning.byteRange.upperBound > text.utf8.count {
      throw finding(text, "a warning outside")
    }
    if let root = parsed.root, isPlain(text) {
      guard reader.parse(root.text).root == root else { throw finding(text, "prints as \(root.text)") }
      guard !root.sentence.isEmpty else { throw finding(text, "no sentence") }
    }
    let words = reader.parseWords(text)
    guard (words.root == nil) == !words.problems.isEmpty else { throw finding(text, "words: neither read nor refused") }
  }

  private static func finding(_ text: String, _ what: String) -> Finding {
    Finding(description: "\(text.debugDescription): \(what)")
  }

  private static func isUTF8(_ bytes: [UInt8]) -> Bool { String(validating: bytes, as: UTF8.self) != nil }

  /// Letters whose folded form is what it would be if it were typed: a few scalars beyond (U+0149) fold on.
  private static func isPlain(_ text: String) -> Bool { text.utf8.allSatisfy { $0 < 0x80 } }
}
