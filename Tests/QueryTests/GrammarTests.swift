import Query
import Testing

/// What each spelling means, as canonical text.
struct GrammarTests {
  private let reader = QueryReader(
    schema: QuerySchema(textFields: ["title", "body"], keywordFields: ["lang"], numberFields: ["pages"]))

  @Test(arguments: [
    // Words and phrases.
    ("raqqa", "raqqa"),
    ("Raqqa", "raqqa"),
    ("\"Raqqa\"", "\"raqqa\""),
    ("=Raqqa", "\"raqqa\""),
    ("==Raqqa", "==\"Raqqa\""),
    ("\u{201C}air strike\u{201D}", "\"air strike\""),
    ("~\"air strike\"", "~\"air strike\""),
    ("\"air strike\"~3", "\"air strike\"~3"),
    ("\"a * b\"", "\"a * b\""),
    ("\"a (b|c) d\"", "\"a (b|c) d\""),
    ("\"World Health Organization (WHO)\"", "\"world health organization who\""),
    ("mid-October", "~\"mid october\""),
    ("=mid-October", "\"mid october\""),
    ("10:30", "~\"10 30\""),
    ("1,000", "~\"1,000\""),
    ("\"near\"", "\"near\""),
    // Wildcards and fuzzy words.
    ("Wor*", "wor*"),
    ("w?rd", "w?rd"),
    ("who?", "who"),
    ("word\\?", "word\\?"),
    ("*ation", "*ation"),
    ("raqa~", "raqa~2"),
    ("raqa~1", "raqa~1"),
    ("\"wor* peace\"", "\"wor* peace\""),
    ("\"raqa~1 city\"", "\"raqa~1 city\""),
    ("==Wor*", "==Wor*"),
    ("==Wor**\\?", "==Wor*\\?"),
    ("==\"Wor* Peace\"", "==\"Wor* Peace\""),
    ("\"the ==Wor* ==US army\"", "\"the ==Wor* ==US army\""),
    ("~\"the =US (==Army|armies)\"", "~\"the =us (==Army|armies)\""),
    // Choices of several words inside a phrase.
    ("\"the (united states|us) army\"", "\"the united states army\"|\"the us army\""),
    ("~\"in (mid-October|May)\"", "~\"in mid october\"|~\"in may\""),
    ("\"(united states|us)\"", "\"united states\"|\"us\""),
    ("\"(a b|c) (d|e)\"~2", "\"a b (d|e)\"~2|\"c (d|e)\"~2"),
    ("title:\"(a b|c) d\"^2", "title:\"a b d\"|\"c d\"^2"),
    ("x NEAR/3 \"(a b|c) d\"", "x NEAR/3 \"a b d\"|\"c d\""),
    // Precedence: |, proximity, NOT, AND, OR.
    ("a b OR c d", "(a AND b) OR (c AND d)"),
    ("a|b c", "a|b AND c"),
    ("a|b NEAR/5 c", "a|b NEAR/5 c"),
    ("a NEAR/5 b c", "(a NEAR/5 b) AND c"),
    ("a NOT b NEAR/5 c", "a AND NOT (b NEAR/5 c)"),
    ("a -b", "a AND NOT b"),
    ("a -\"b c\"", "a AND NOT \"b c\""),
    ("a AND (NOT b NOT c)", "a AND NOT b AND NOT c"),
    ("a OR (b OR c)", "a OR (b OR c)"),
    // Proximity.
    ("a near b", "a NEAR/50 b"),
    ("a Near b", "a NEAR/50 b"),
    ("near b", "~\"near\" AND b"),
    ("a near", "a AND ~\"near\""),
    ("a AND near b", "a AND ~\"near\" AND b"),
    ("a w/5 b", "a NEAR/5 b"),
    ("a near/2..5 b", "a NEAR/2..5 b"),
    ("a pre/3 b", "a PRE/3 b"),
    ("a BEFORE b", "a BEFORE b"),
    ("a SENT b", "a SENT b"),
    ("a PARA b", "a PARA b"),
    ("a NOT NEAR/5 b", "a NOT NEAR/5 b"),
    ("a not w/5 b", "a NOT NEAR/5 b"),
    ("a NEAR/3 b NEAR/3 c", "(a NEAR/3 b) NEAR/3 c"),
    ("a NEAR/3(b|c)", "a NEAR/3 b|c"),
    ("a NEAR/3(b,c)", "a AND NEAR/3(b, c)"),
    ("a NEAR/3 NEAR/2(b,c)", "a NEAR/3 NEAR/2(b, c)"),
    ("NEAR/3(a OR b, \"c d\")", "NEAR/3((a OR b), \"c d\")"),
    ("a NOT NEAR/3(b, c)", "a AND NOT NEAR/3(b, c)"),
    ("(a OR b) NEAR/5 c", "(a OR b) NEAR/5 c"),
    ("NEAR/3(1,2,3)", "NEAR/3(1, 2, 3)"),
    ("near/far", "~\"near far\""),
    ("LIFE SENTENCE", "life AND sentence"),
    ("w/o", "~\"w o\""),
    // Fields, weights, filters.
    ("title:raqqa", "title:raqqa"),
    ("title:(a b)", "title:(a AND b)"),
    ("title:a|b", "title:a|b"),
    ("title:NEAR/3(a, b)", "title:NEAR/3(a, b)"),
    ("title:\"a b\"~2^3", "title:\"a b\"~2^3"),
    ("raqqa^2.5", "raqqa^2.5"),
    ("a date:2016", "a AND date:2016"),
    ("a date:2016-10..2017-01-31", "a AND date:2016-10..2017-01-31"),
    ("date:..2016", "date:..2016"),
    ("lang:en a", "lang:\"en\" AND a"),
    ("pages:5..10 a", "pages:5..10 AND a"),
    ("http://example.org/a", "~\"http example.org a\""),
    // Punctuation and commas outside NEAR/N( ) are no operators.
    ("raqqa, mosul", "raqqa AND mosul"),
    ("a & b", "a AND b"),
    ("a - b", "a AND b"),
    // What must be there is there anyway: the plus is no part of the word, of its field or of its brackets.
    ("+a -b", "a AND NOT b"),
    ("+title:a +\"b c\" +(d OR e)", "title:a AND \"b c\" AND (d OR e)"),
    ("a NEAR/3(+b|c)", "a NEAR/3 b|c"),
    ("C++", "c"),
    ("\"xfirstword\"", "\"xfirstword\""),
    // Money, paths and company names are text.
    ("US$ A$", "us AND a"),
    ("\"costs 5 US$\"", "\"costs 5 us\""),
    ("/usr/bin/", "~\"usr bin\""),
    ("AT&T 50%", "~\"at t\" AND 50"),
    ("\"a b\"~5.", "\"a b\"~5"),
    ("title:(a body:b)", "title:(a AND body:b)"),
  ])
  func reads(_ query: String, as canonical: String) {
    let parsed = reader.parse(query)
    #expect(parsed.problems == [])
    #expect(parsed.root?.text == canonical)
    #expect(parsed.root.map { reader.parse($0.text).root } == parsed.root)
  }

  @Test(arguments: [
    ("raqqa or mosul", QueryWarning.Code.lowerCaseOperator, "or", ["raqqa OR mosul"]),
    ("a && b", .punctuation, "&&", []),
    ("weather:cold", .unknownField, "weather", []),
    ("constitut! law", .punctuation, "constitut!", ["constitut* law"]),
    ("#MeToo", .punctuation, "#MeToo", []),
    ("say 'air strike' now", .punctuation, "'air strike'", ["say \"air strike\" now"]),
    ("«air strike»", .punctuation, "«air strike»", ["\"air strike\""]),
  ])
  func warns(_ query: String, _ code: QueryWarning.Code, at part: String, suggestions: [String]) throws {
    let parsed = reader.parse(query)
    #expect(parsed.problems == [])
    let warning = try #require(parsed.warnings.first { $0.code == code })
    #expect(part == String(decoding: Array(query.utf8)[warning.byteRange], as: UTF8.self))
    #expect(warning.suggestions == suggestions)
  }

  @Test func operatorWordsInNaturalPlacesDoNotWarn() {
    for query in ["or", "\"to be or not to be\"", "or else"] { #expect(reader.parse(query).warnings == []) }
  }

  @Test(arguments: [
    (
      "\"raqqa\" NEAR/40 \"civilians\"",
      "documents where exactly \"raqqa\" is at most 40 words from exactly \"civilians\", in one field"
    ),
    ("raqqa", "documents with any form of \"raqqa\""),
    ("a b NOT c", "documents with any form of \"a\" and with any form of \"b\" and without any form of \"c\""),
    (
      "(a NEAR/3 b) OR \"c d\"",
      "documents where any form of \"a\" is at most 3 words from any form of \"b\" or with the phrase \"c d\""
    ),
    (
      "raqqa NOT NEAR/5 \"air strike\"",
      "documents where any form of \"raqqa\" stands somewhere more than 5 words from every place with the phrase \"air strike\", in one field"
    ),
    ("title:raqqa date:2016", "documents with any form of \"raqqa\" in title and dated 2016"),
  ])
  func says(_ query: String, _ sentence: String) {
    #expect(reader.parse(query).root?.sentence == sentence)
  }

  @Test func placesAreBytesOfTheQuery() throws {
    let query = "Łódź near (“air strike” | b)"
    let root = try #require(reader.parse(query).root)
    guard case .proximity(_, let left, let right) = root.kind else {
      Issue.record("not a proximity operator")
      return
    }
    let bytes = Array(query.utf8)
    #expect(String(decoding: bytes[root.range], as: UTF8.self) == query)
    #expect(String(decoding: bytes[left.range], as: UTF8.self) == "Łódź")
    #expect(String(decoding: bytes[right.range], as: UTF8.self) == "(“air strike” | b)")
    #expect(String(decoding: bytes[right.children[0].range], as: UTF8.self) == "“air strike”")
  }
}
