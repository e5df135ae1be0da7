import Base
import Query
import TestSupport
import Testing

/// Properties of the parser on inputs that nobody would type.
struct ParserPropertyTests {
  private let reader = QueryReader(
    schema: QuerySchema(textFields: ["title", "body"], keywordFields: ["lang"], numberFields: ["pages"], dateFields: ["published"]))

  @Test func canonicalTextReadsBackAsTheSameTree() throws {
    try Property.check("canonical text reads back") { random in
      var queries = RandomQueries(random: random)
      let tree = queries.query(depth: 4)
      random = queries.random
      let text = tree.text
      let parsed = reader.parse(text)
      let allowed: Set<QueryProblem.Code> = [.tooLong, .fieldsInProximity]
      try #require(
        parsed.problems.allSatisfy { allowed.contains($0.code) }, "\(text)\n\(parsed.problems.first?.text() ?? "")")
      guard let root = parsed.root else { return }
      try #require(root == tree, "\(text)\nread as \(root.text)")
    }
  }

  /// Bytes of every kind and pieces of the language in any order: no trap, an end, and offers that parse.
  @Test func anyTextIsReadOrRefused() throws {
    let pieces = [
      "a", "near", "NEAR/3", "NEAR/3(", "NOT", "OR", "AND", "(", ")", "\"", "“", "~", "^2", "^", "|", ",", "-", "=",
      "==",
      "title:", "body:x", "date:", "lang:", "2016", "..", "*", "al*", "?", "\\?", "SENT", "PARA", "BEFORE", "PRE/1..2",
      "NOT NEAR/2", "word~", "~1", "'", "’s", "NEAR(", "@title", "!x", "/5", "<<", "%", "\u{0}", "\u{300}", "日本", " ",
      " ", " ", "1,000", "NEAR/", "W/", "w/99999999999", "pages:1..", "x y",
      "XOR", "MAYBE", "BUT NOT", "AROUND(5)", "ALLCAPS(", "ATLEAST5(", "ATLEAST(5,", "fn:ordered(", "3n(", "xfirstword",
      "w/s", "/seg", "N5", "ADJ3", "PRE", "ba%nana", "a$", "/re/", "##", "~5", "~0.8", "!(", "!\"", "=(", "+", "+title:",
      "||", "{title}:", "-{title}:", "@(title,body)", "@!title", "@*", "lang:(", ">5", ":*", "<->", "a<2>b", "a&&b",
      "[]", "[word=", "2016..2017", "ZONE:", "#a", "'", "«", "»", "\"^a", "REGEX(", "/", "{", "}", ":",
    ]
    try Property.check("any text is read or refused") { random in
      var text = ""
      let isNoise = Int.random(in: 0..<4, using: &random) == 0
      for _ in 0..<Int.random(in: 0..<14, using: &random) {
        let bytes = (0..<3).map { _ in UInt8.random(in: 0 ... .max, using: &random) }
        text +=
          isNoise ? String(decoding: bytes, as: UTF8.self) : pieces[Int.random(in: 0..<pieces.count, using: &random)]
      }
      let parsed = reader.parse(text)
      try #require(
        (parsed.root == nil) == !parsed.problems.isEmpty, "neither read nor refused: \(text.debugDescription)")
      for problem in parsed.problems {
        try #require(problem.byteRange.upperBound <= text.utf8.count, "\(text.debugDescription): \(problem)")
        try #require(problem.fixes.allSatisfy { reader.parse($0).root != nil }, "\(text.debugDescription): \(problem)")
      }
      // A few scalars (U+0149) fold to forms that would fold on if they were typed.
      guard !isNoise, let root = parsed.root else { return }
      try #require(reader.parse(root.text).root == root, "\(text.debugDescription) prints as \(root.text)")
    }
  }

  /// Spellings that look ahead do so over little: no query takes long.
  @Test(.serialized, arguments: [
    "{a ", "{a}: ", "@title ", "@(title ", "'a ", "xfirstword ", "* ", "a XOR ", "ATLEAST5(", "CAPS(a) ", "!", "=(", "NEAR(",
    "a| ", "\"a|", "a&&", "[] ", "+", "~5 ", "\"\"~5 ", "lang:(", "lang:a|", "AND(", "a AROUND(5) ", "/ ", "a% ", "#a ",
  ])
  func longQueriesOfOnePieceEndSoon(_ piece: String) {
    let text = String(repeating: piece, count: 16_000 / piece.utf8.count)
    let start = ContinuousClock.now
    _ = reader.parse(text)
    // Half a second of a processor; other tests run beside it.
    #expect(ContinuousClock.now - start < .seconds(60), "\(piece)")
  }

  @Test(arguments: ["(", "NEAR/2(a,", "title:(", "(a OR ", "-(", "\"", "a NEAR/1 (", "|", "^", "a|(", "NOT (", ")"])
  func deepNestingIsRefused(_ piece: String) {
    for count in [63, 64, 65, 1_000, 16_000 / piece.utf8.count] {
      #expect(!reader.parse(String(repeating: piece, count: count)).problems.isEmpty)
    }
  }
}
