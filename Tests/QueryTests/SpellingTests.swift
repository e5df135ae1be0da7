import Index
import Query
import TestSupport
import Testing

/// `==word`: case and diacritics of the text itself.
struct SpellingTests {
  private let fixture: SearchFixture

  init() throws {
    fixture = try SearchFixture()
    try fixture.put("upper", "The US said so to us; Us too. Iraq’s oil, the U.S. army.", title: "US")
    try fixture.put("lower", "They told us about iraq's oil.", title: "us")
    try fixture.put("accents", "R\u{E9}sum\u{E9} and re\u{301}sume\u{301}, resume and Resume.")
    try fixture.put("dots", "Forces of the U.S. here, u.s. there.")
  }

  private func hits(_ query: String) throws -> [String] {
    let answer = try fixture.search(query) {
      $0.showsAllHits = true
      $0.limit = 0
      $0.total = .hits
    }
    let hits = answer.results.flatMap { result in result.hits.map { "\(result.id) \($0.field) \($0.lo)-\($0.hi)" } }
    #expect(answer.totalHits == hits.count && answer.totalDocuments == answer.results.count)
    for result in answer.results { #expect(result.hitCount == result.hits.count && result.score > 0) }
    return hits.sorted()
  }

  @Test(arguments: [
    ("==US", ["dots body 3-3", "upper body 1-1", "upper body 11-11", "upper title 0-0"]),
    ("==us", ["dots body 5-5", "lower body 2-2", "lower title 0-0", "upper body 5-5"]),
    ("==Us", ["upper body 6-6"]),
    ("==U.S.", ["dots body 3-3", "upper body 11-11"]),
    ("==uS", []),
    ("title:==US", ["upper title 0-0"]),
    ("==Iraq", ["upper body 8-8"]),
    ("==Iraq's", ["upper body 8-8"]),
    ("==Iraq’s", ["upper body 8-8"]),
    ("==r\u{E9}sum\u{E9}", ["accents body 2-2"]),
    ("==R\u{E9}sum\u{E9}", ["accents body 0-0"]),
    ("==resume", ["accents body 3-3"]),
    ("==Re*", ["accents body 5-5"]),
    ("==R*e", ["accents body 5-5"]),
    ("==s?id NEAR/2 ==US", ["upper body 1-2"]),
    // Inside proximity, phrases, choices; negation; ranking by what is left.
    ("==US NEAR/3 said", ["upper body 1-2"]),
    ("==us NEAR/3 said", ["upper body 2-5"]),
    ("==US NEAR/9 =us", ["dots body 3-5", "upper body 1-5", "upper body 6-11"]),
    ("(==US|iraq) NEAR/2 (army|said)", ["upper body 1-2", "upper body 11-12"]),
    ("=\"the ==US said\"", ["upper body 0-2"]),
    ("\"the (==us|==Us)\"", []),
    ("\"to (==us|==US)\"", ["upper body 4-5"]),
    ("==\"The US\"", ["upper body 0-1"]),
    ("\"(==us|==Us) too\"", ["upper body 6-7"]),
    ("us -==US", ["lower body 2-2", "lower title 0-0"]),
    ("==US OR ==Resume", [
      "accents body 5-5", "dots body 3-3", "upper body 1-1", "upper body 11-11", "upper title 0-0",
    ]),
    ("==US NOT NEAR/2 army", ["dots body 3-3", "upper body 1-1", "upper title 0-0"]),
  ])
  func onlyWhatIsSpelledSoMatches(_ query: String, _ expected: [String]) throws {
    #expect(try hits(query) == expected.sorted())
    try fixture.apply([.delete(id: "none")])
    try fixture.index.compact()
    #expect(try hits(query) == expected.sorted())
  }

  /// Candidates behind the first checkpoint, in a value that is not the first.
  @Test func longTextsAreReadFromTheirCheckpoints() throws {
    var words = (0..<1_000).map { "w\($0)" }
    for place in [0, 127, 128, 129, 500, 640, 999] { words[place] = place % 2 == 0 ? "Apple" : "apple" }
    try fixture.put("long", words.joined(separator: " "), title: "Apple of a title")
    #expect(
      try hits("==Apple") == [
        "long body 0-0", "long body 128-128", "long body 500-500", "long body 640-640", "long title 0-0",
      ])
    #expect(try hits("==apple") == ["long body 127-127", "long body 129-129", "long body 999-999"])
    #expect(try hits("==apple NEAR/2 ==Apple") == ["long body 127-128", "long body 128-129"])
  }

  @Test func theBudgetCountsOccurrencesThatAreLookedAt() throws {
    var fixture = fixture
    fixture.engine.positionsMax = 2
    #expect(try fixture.problem("==Us")?.code == .budgetExhausted)
  }
}
