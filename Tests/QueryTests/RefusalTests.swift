import Query
import Testing

/// What is refused, where it points and what is offered instead.
struct RefusalTests {
  private let reader = QueryReader(
    schema: QuerySchema(textFields: ["title", "body"], keywordFields: ["lang"], numberFields: ["pages"]))

  struct Example: Sendable, CustomTestStringConvertible {
    let query: String
    let code: QueryProblem.Code
    /// The part of the query that the carets stand under.
    let part: String
    let fixes: [String]
    var testDescription: String { query }

    init(_ query: String, _ code: QueryProblem.Code, at part: String, _ fixes: [String]) {
      self.query = query
      self.code = code
      self.part = part
      self.fixes = fixes
    }
  }

  static let examples: [Example] = [
    Example(
      "a NEAR/3 b NEAR/20 c", .mixedDistance, at: "NEAR/20", ["(a NEAR/3 b) NEAR/20 c", "a NEAR/3 (b NEAR/20 c)"]),
    Example("a NEAR/3 b PRE/3 c", .mixedOperators, at: "PRE/3", ["(a NEAR/3 b) PRE/3 c", "a NEAR/3 (b PRE/3 c)"]),
    Example("a OR b NEAR/5 c", .mixedOr, at: "b NEAR/5 c", ["(a OR b) NEAR/5 c", "a OR (b NEAR/5 c)"]),
    Example(
      "a NEAR/5 b OR c NEAR/5 d", .mixedOr, at: "a NEAR/5 b",
      ["a NEAR/5 (b OR c) NEAR/5 d", "(a NEAR/5 b) OR (c NEAR/5 d)"]),
    Example(
      "(a AND b) NEAR/5 c", .booleanInProximity, at: "(a AND b)",
      ["NEAR/5(a, b, c)", "(a NEAR/5 c) AND (b NEAR/5 c)"]),
    Example(
      "(a NOT b) NEAR/5 c", .booleanInProximity, at: "(a NOT b)",
      ["(a NEAR/5 c) NOT NEAR/5 b", "(a NEAR/5 c) AND NOT b"]),
    Example("NEAR/5(a b, c)", .booleanInProximity, at: "a b", ["NEAR/5(a, b, c)", "NEAR/5(\"a b\", c)"]),
    Example(
      "title:a NEAR/5 body:b", .fieldsInProximity, at: "body:b",
      ["title:(a NEAR/5 b)", "body:(a NEAR/5 b)", "title:a AND body:b"]),
    Example("say \"a b", .unclosedQuote, at: "\"", ["say \"a b\"", "say a b"]),
    Example("\"a b OR c", .unclosedQuote, at: "\"", ["\"a b\" OR c", "\"a b OR c\"", "a b OR c"]),
    Example("(a OR b", .unbalancedParenthesis, at: "(", ["(a OR b)", "a OR b"]),
    Example("a OR b) c", .unbalancedParenthesis, at: ")", ["a OR b c", "(a OR b) c"]),
    Example("titel:raqqa", .unknownField, at: "titel", ["title:raqqa"]),
    Example("a NEAR/5", .missingOperand, at: "NEAR/5", ["a", "a \"near/5\""]),
    Example("NEAR/5 a", .missingOperand, at: "NEAR/5", ["a", "\"near/5\" a"]),
    Example("NEAR/5(a)", .missingOperand, at: "NEAR/5", ["(a)", "\"near/5\"(a)"]),
    Example("a AND", .missingOperand, at: "AND", ["a", "a \"and\""]),
    Example("OR a", .missingOperand, at: "OR", ["a", "\"or\" a"]),
    Example("a || b", .missingOperand, at: "||", ["a OR b"]),
    Example("a ()", .missingOperand, at: "()", ["a"]),
    Example("NEAR/5(a,,b)", .missingOperand, at: ",", ["NEAR/5(a,b)"]),
    Example("", .missingOperand, at: "", []),
    Example("NOT a", .onlyNegative, at: "NOT a", ["a"]),
    Example("a OR NOT b", .onlyNegative, at: "NOT b", ["a OR b"]),
    Example("a NEAR/0 b", .distanceOutOfRange, at: "NEAR/0", ["a NEAR/1 b"]),
    Example("a NEAR/5000 b", .distanceOutOfRange, at: "NEAR/5000", ["a NEAR/1000 b"]),
    Example("a NEAR/9..3 b", .distanceOutOfRange, at: "NEAR/9..3", ["a NEAR/3..9 b"]),
    Example("a NEAR/ b", .distanceOutOfRange, at: "NEAR/", ["a NEAR/50 b"]),
    Example("a NOT NEAR/2..4 b", .distanceOutOfRange, at: "NOT NEAR/2..4", ["a NOT NEAR/4 b"]),
    Example("a NOT near b", .distanceOutOfRange, at: "NOT near", ["a NOT NEAR/50 b", "a NOT \"near\" b"]),
    Example("\"a b\"~", .distanceOutOfRange, at: "~", ["\"a b\"~1", "\"a b\""]),
    Example("raqa~3", .distanceOutOfRange, at: "~3", ["raqa~2", "raqa~1"]),
    Example("a*", .wildcardTooShort, at: "a*", ["a"]),
    Example("raqqa *", .wildcardTooShort, at: "*", ["raqqa"]),
    Example("lang:en NEAR/5 a", .noPositions, at: "lang:en", ["a lang:en"]),
    Example("a date:28.10.2016", .badDate, at: "28.10.2016", ["a date:2016-10-28"]),
    Example("a date:2016-02-30", .badDate, at: "2016-02-30", ["a date:2016-02"]),
    Example("a date:2017..2016", .badDate, at: "2017..2016", ["a date:2016..2017"]),
    Example("a date:yesterday", .badDate, at: "yesterday", []),
    Example(String(repeating: "(", count: 65) + "a" + String(repeating: ")", count: 65), .tooDeep, at: "(", []),
    // Spellings of other engines that would otherwise be words.
    Example("a /5 b", .unsupported, at: "/5", ["a NEAR/5 b"]),
    Example("a +5 b", .unsupported, at: "+5", ["a PRE/5 b"]),
    Example("a /s b", .unsupported, at: "/s", ["a SENT b"]),
    Example("a w/p b", .unsupported, at: "w/p", ["a PARA b"]),
    Example("a << b", .unsupported, at: "<<", ["a BEFORE b"]),
    Example("a <-> b", .unsupported, at: "<->", ["a PRE/1 b"]),
    Example("a SENTENCE b", .unsupported, at: "SENTENCE", ["a SENT b", "a \"sentence\" b"]),
    Example("\"a b\"/2", .unsupported, at: "/2", ["\"a b\""]),
    Example("a % b", .unsupported, at: "%", ["a NOT b"]),
    Example("a !b", .unsupported, at: "!b", ["a -b"]),
    Example("@title a", .unsupported, at: "@title", ["title:a"]),
    Example("NEAR(a \"b c\", 5)", .unsupported, at: "NEAR(a \"b c\", 5)", ["NEAR/6(a, \"b c\")"]),
    Example("a NOT SENT b", .unsupported, at: "NOT SENT", ["a NOT NEAR/50 b"]),
    Example("\"a * b\"~3", .unsupported, at: "\"a * b\"~3", ["\"a b\"~4", "\"a * b\""]),
    Example("\"a (b|) c\"", .missingOperand, at: "(b|)", ["\"a b c\""]),
    Example("==raqa~1", .unsupported, at: "~1", ["==raqa"]),
    Example("/colou?r/", .unsupported, at: "/colou?r/", []),
    Example("a !\"b c\"", .unsupported, at: "!", ["a -\"b c\""]),
    Example("a !(b OR c)", .unsupported, at: "!", ["a -(b OR c)"]),
    Example("a|-b", .unsupported, at: "|", ["a -b"]),
    Example("a|NOT b", .unsupported, at: "|", ["a NOT b"]),
    Example("a|||b", .missingOperand, at: "|||", ["a OR b"]),
    Example("==(a OR \"b c\")", .unsupported, at: "==", ["(==a OR ==\"b c\")", "(a OR \"b c\")"]),
    Example("=title:a", .unsupported, at: "=title:a", ["title:=a"]),
    Example("x a XOR \"b c\" y", .unsupported, at: "XOR", [
      "x ((a NOT \"b c\") OR (\"b c\" NOT a)) y", "x a \"xor\" \"b c\" y",
    ]),
    Example("a MAYBE (b c) d", .unsupported, at: "MAYBE", ["a d", "a \"maybe\" (b c) d"]),
    Example("a BUT NOT b", .unsupported, at: "BUT", ["a NOT b", "a \"but\" NOT b"]),
    Example("a not w/s b", .unsupported, at: "not w/s", ["a NOT NEAR/50 b"]),
    Example("a PRE b", .unsupported, at: "PRE", ["a PRE/50 b", "a \"pre\" b"]),
    Example("a AROUND(5) b", .unsupported, at: "AROUND(5)", ["a NEAR/5 b"]),
    Example("ba%nana", .unsupported, at: "ba%nana", ["banana~1", "banana"]),
    Example("%raqq%", .unsupported, at: "%raqq%", ["*raqq*", "raqq"]),
    Example("a^2 b$", .unsupported, at: "b$", ["a^2 b"]),
    Example("\"^a b\"", .unsupported, at: "^", ["\"a b\""]),
    Example("\"a b|c d\"", .unsupported, at: "|", ["\"a (b|c) d\"", "\"a b c d\""]),
    Example("@title a b @body c", .unsupported, at: "@title", ["title:(a b) body:c"]),
    Example("{title}: \"a b\" c", .unsupported, at: "{title}:", ["title:\"a b\" c"]),
    Example("- {title}: a", .unsupported, at: "- {title}:", ["body:a"]),
    Example("{title}:a b", .unsupported, at: "{title}:", ["title:a b"]),
    Example("-{title}:a", .unsupported, at: "-{title}:", ["body:a"]),
    Example("{nothing}: a", .unsupported, at: "{nothing}:", []),
    Example("title : a", .unsupported, at: "title :", ["title:a"]),
    Example("b NEAR/9 xfirstword", .unsupported, at: "xfirstword", ["b"]),
    Example("ALLCAPS(us army)", .unsupported, at: "ALLCAPS(us army)", ["(us army)"]),
    Example("ATLEAST(5, a b)", .unsupported, at: "ATLEAST(5, a b)", ["(a b)"]),
    Example("a NEAR(\"b c\" d)", .booleanInProximity, at: "(\"b c\" d)", [
      "NEAR/50(a, \"b c\", d)", "(a NEAR \"b c\") AND (a NEAR d)",
    ]),
    Example("\"one tw\" *", .wildcardTooShort, at: "*", ["\"one tw*\"", "\"one tw\""]),
    Example("a * b", .wildcardTooShort, at: "*", ["\"a * b\"", "a b"]),
    Example("\"a b\" ~5", .unsupported, at: "~5", ["\"a b\"~5", "\"a b\""]),
    Example("\"a b\"~0.8", .distanceOutOfRange, at: "~0.8", ["\"a b\"~1", "\"a b\""]),
    Example("a NEAR/..5 b", .distanceOutOfRange, at: "NEAR/..5", ["a NEAR/5 b"]),
    Example("NEAR/5 (a, b)", .missingOperand, at: "NEAR/5", ["NEAR/5(a, b)", "(a, b)", "\"near/5\" (a, b)"]),
    Example("PRE/5(a, b)", .missingOperand, at: "PRE/5", ["(a PRE/5 b)", "(a, b)", "\"pre/5\"(a, b)"]),
    Example("(a b) NEAR/5 (c d)", .booleanInProximity, at: "(a b)", ["NEAR/5(a, b, c, d)"]),
    Example("a NEAR/5 (NOT b)", .booleanInProximity, at: "(NOT b)", ["a NOT NEAR/5 b"]),
    Example("title:(a NEAR/5 body:b)", .fieldsInProximity, at: "body:b", ["title:(a NEAR/5 b)", "body:(a NEAR/5 b)"]),
    Example("lang:en|de", .unsupported, at: "lang:en|de", ["(lang:en OR lang:de)"]),
    Example("lang:(en OR \"de\") a", .unsupported, at: "lang:(en OR \"de\")", ["(lang:en OR lang:\"de\") a"]),
    Example("pages:>=5", .missingOperand, at: ">=5", ["pages:5.."]),
    Example("a date:2016-2017", .badDate, at: "2016-2017", ["a date:2016..2017"]),
    Example("2016..2017", .unsupported, at: "2016..2017", ["date:2016..2017", "pages:2016..2017"]),
  ]

  @Test(arguments: examples)
  func refuses(_ example: Example) throws {
    let parsed = reader.parse(example.query)
    #expect(parsed.root == nil)
    let problem = try #require(parsed.problems.first)
    #expect(problem.code == example.code)
    #expect(String(decoding: Array(example.query.utf8)[problem.byteRange], as: UTF8.self) == example.part)
    #expect(problem.fixes == example.fixes)
    for fix in problem.fixes { #expect(reader.parse(fix).root != nil) }
    #expect(!problem.message.isEmpty && !problem.hint.isEmpty)
  }

  /// The codes that need an index are met in SearchTests.
  @Test func everyCodeOfTheGrammarHasAnExample() {
    let met = Set(Self.examples.map(\.code))
    let others: Set<QueryProblem.Code> = [.wildcardTooBroad, .budgetExhausted, .tooLong]
    #expect(met.union(others) == Set(QueryProblem.Code.allCases))
  }

  @Test func severalProblemsAreReportedAtOnceAndFixedTogether() {
    let parsed = reader.parse("titel:a NEAR/0 b (c AND")
    #expect(
      parsed.problems.map(\.code) == [.unknownField, .distanceOutOfRange, .missingOperand, .unbalancedParenthesis])
    #expect(parsed.problems[0].fixes == ["title:a NEAR/1 b (c)"])
    #expect(parsed.problems[3].fixes == ["title:a NEAR/1 b (c)", "title:a NEAR/1 b c"])
  }

  @Test func longQueriesAreRefused() {
    let bytes = reader.parse(String(repeating: "word ", count: 4_000))
    #expect(bytes.problems.map(\.code) == [.tooLong])
    let words = reader.parse((0..<300).map { "w\($0)" }.joined(separator: " "))
    #expect(words.problems.map(\.code) == [.tooLong])
  }

  @Test func caretsStandUnderTheProblem() throws {
    let problem = try #require(reader.parse("“Łódź” NEAR/3 b NEAR/20 c").problems.first)
    #expect(problem.caretLine == "“Łódź” NEAR/3 b NEAR/20 c\n                ^^^^^^^")
    let long = String(repeating: "word ", count: 60) + "NEAR/0 x " + String(repeating: "word ", count: 60)
    let lines = try #require(reader.parse(long).problems.first).caretLine.split(separator: "\n")
    let column = lines[1].prefix { $0 == " " }.count
    #expect(lines[0].count <= 102)
    #expect(lines[0].dropFirst(column).hasPrefix("NEAR/0"))
    #expect(lines[1].filter { $0 == "^" }.count == 6)
  }

  @Test func problemsAreWrittenAsTextAndJSON() throws {
    let problem = try #require(reader.parse("a NEAR/3 b\tNEAR/20 \"c\"").problems.first)
    #expect(
      problem.text() == """
        mixed-distance: Two different distances stand in one chain.
        a NEAR/3 b NEAR/20 "c"
                   ^^^^^^^
        Say with brackets which pair is measured first.
          try: (a NEAR/3 b)\tNEAR/20 "c"
          try: a NEAR/3 (b\tNEAR/20 "c")

        """)
    #expect(
      String(decoding: problem.json(), as: UTF8.self)
        == #"{"code":"mixed-distance","message":"Two different distances stand in one chain.","bytes":[11,18],"#
        + #""caret":"a NEAR/3 b NEAR/20 \"c\"\n           ^^^^^^^","#
        + #""hint":"Say with brackets which pair is measured first.","#
        + #""fixes":["(a NEAR/3 b)\tNEAR/20 \"c\"","a NEAR/3 (b\tNEAR/20 \"c\")"]}"#)
  }
}
