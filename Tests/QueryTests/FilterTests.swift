import Base
import Index
import Query
import TestSupport
import Testing

/// Filters and counts by group, over an index with fields.
struct FilterTests {
  private let fixture: SearchFixture

  init() throws {
    let schema = IndexSchema(keywordFields: ["lang", "tags"], numberFields: ["pages"], dateFields: ["published"])
    var fixture = try SearchFixture { $0.schema = schema }
    fixture.engine = SearchEngine(
      analyzer: fixture.index.analyzer, schema: QuerySchema(textFields: ["title", "body"], index: schema))
    self.fixture = fixture
    try put("a", "aleppo raqqa", "2016-10-28", [("lang", "\"en\""), ("tags", "[\"war\", \"city\"]"), ("pages", "-1.5")])
    try put("b", "aleppo mosul", "2016-11-01", [("lang", "\"de\""), ("tags", "\"war\""), ("pages", "[3, 12]")])
    try put("c", "raqqa", "2017-01-05", [("lang", "\"en\""), ("published", "\"2018-02\"")])
    try put("d", "aleppo aleppo", nil, [("pages", "7")])
    // A second segment.
    try put("e", "mosul", "2016-10-02", [("lang", "\"en\""), ("tags", "[\"two words\"]")])
  }

  private func put(_ id: String, _ body: String, _ date: String?, _ members: [(String, String)]) throws {
    var document = Document(id: id, body: body, date: date)
    document.extras = members.map { Document.Extra(name: $0.0, json: Array($0.1.utf8)) }
    try fixture.apply([.put(document)])
  }

  @Test(arguments: [
    ("aleppo lang:en", "a"), ("aleppo -lang:en", "b d"), ("aleppo OR lang:en", "a b c d e"),
    ("(aleppo OR lang:en) tags:war", "a b"), ("lang:en", "a c e"), ("lang:en NOT raqqa", "e"),
    ("lang:en -date:2016", "c"), ("date:2016-10", "a e"), ("date:2016-11..", "b c"), ("date:..2016-10-02", "e"),
    ("tags:\"two words\"", "e"), ("tags:city", "a"), ("lang:EN aleppo", ""), ("pages:7", "d"),
    ("pages:-2..-1", "a"), ("pages:..3", "a b"), ("pages:7.5..", "b"), ("pages:4..11", "d"),
    ("published:2018", "c"), ("published:2016.. OR pages:12", "b c"), ("title:(x OR lang:de)", "b"),
    ("(lang:en OR lang:de) (aleppo NEAR/1 raqqa)", "a"), ("aleppo OR (mosul -lang:de)", "a b d e"),
  ])
  func filtersAreBoolean(_ query: String, _ ids: String) throws {
    for total in SearchRequest.Total.allCases {
      for limit in [0, 10] {
        let answer = try fixture.search(query) {
          $0.total = total
          $0.limit = limit
        }
        #expect(answer.results.map(\.id).sorted() == ids.split(separator: " ").map(String.init), "\(query)")
        #expect(answer.totalDocuments == nil || answer.totalDocuments == answer.results.count, "\(query)")
      }
    }
  }

  @Test func filtersDoNotScore() throws {
    let scores = try fixture.search("aleppo").results.map { "\($0.id) \($0.score)" }
    #expect(try fixture.search("aleppo -lang:xx").results.map { "\($0.id) \($0.score)" } == scores)
    let alone = try fixture.search("lang:en")
    #expect(alone.results.map(\.id) == ["a", "c", "e"])
    #expect(alone.results.allSatisfy { $0.score == 0 && $0.hitCount == 0 })
  }

  @Test func aRequestFiltersWhateverItsWords() throws {
    let dates = DateRange(from: QueryDate(year: 2016), to: QueryDate(year: 2016))
    #expect(try fixture.ids("aleppo mosul") { ($0.words, $0.dates) = (.any, dates) }.sorted() == ["a", "b", "e"])
    #expect(try fixture.ids("mosul OR raqqa") { ($0.lang, $0.dates) = ("en", dates) }.sorted() == ["a", "e"])
    let any = try fixture.search("mosul") { ($0.words, $0.lang, $0.dates) = (.any, "en", dates) }
    #expect(any.parsed == "documents with any form of mosul, dated 2016, whose lang is \"en\"")
    let all = try fixture.search("mosul OR raqqa") { $0.lang = "en" }
    #expect(
      all.parsed
        == "documents (with any form of \"mosul\" or with any form of \"raqqa\") and whose lang is \"en\"")
  }

  @Test func aValueThatNobodyHasComesWithTheNearest() throws {
    let warning = try #require(try fixture.search("lang:EN aleppo").warnings.first)
    #expect(warning.code == .valueNotInIndex && warning.suggestions == ["en"])
    #expect(warning.byteRange == 0..<7)
    #expect(try fixture.search("tags:wars").warnings.first?.suggestions == ["war"])
    #expect(try fixture.search("tags:war").warnings == [])
  }

  @Test func onlyNamesOfTheSchemaAreFilters() throws {
    var fixture = fixture
    fixture.engine = SearchEngine(schema: QuerySchema(keywordFields: ["colour"]))
    #expect(try fixture.problem("aleppo colour:red")?.code == .unknownField)
    #expect(try fixture.problem("aleppo") { $0.group = .keyword("colour") }?.code == .unknownField)
    #expect(try fixture.problem("-lang:en")?.code == .onlyNegative)
  }

  // MARK: Groups

  private func groups(_ query: String, _ group: String) throws -> String {
    let answer = try fixture.search(query) {
      $0.group = Grouping(group)
      $0.limit = 1
    }
    let counts = try #require(answer.groups)
    return counts.groups.map { "\($0.value) \($0.documents)" }.joined(separator: ", ") + " | \(counts.missing)"
  }

  @Test(arguments: [
    ("aleppo", "lang", "de 1, en 1 | 1"), ("aleppo OR raqqa OR mosul", "lang", "en 3, de 1 | 1"),
    ("aleppo", "tags", "war 2, city 1 | 1"), ("date:2016", "tags", "war 2, city 1, two words 1 | 0"),
    ("aleppo OR mosul", "date:month", "2016-10 2, 2016-11 1 | 1"), ("lang:en", "date:year", "2016 2, 2017 1 | 0"),
    ("raqqa", "date:day", "2016-10-28 1, 2017-01-05 1 | 0"), ("aleppo NEAR/1 raqqa", "published:year", " | 1"),
    ("raqqa", "published:month", "2018-02 1 | 1"), ("absent", "lang", " | 0"),
  ])
  func matchesAreCountedByGroup(_ query: String, _ group: String, _ expected: String) throws {
    #expect(try groups(query, group) == expected)
  }

  @Test func groupsStandInTheAnswersJSON() throws {
    let answer = try fixture.search("aleppo") {
      $0.group = .keyword("lang")
      $0.total = .none
    }
    let json = String(decoding: answer.json(), as: UTF8.self)
    let expected = #""groups":[{"value":"de","documents":1},{"value":"en","documents":1}],"groups_missing":1"#
    #expect(json.contains(expected))
    #expect(Grouping("date:week") == nil && Grouping("") == nil && Grouping(":year") == nil)
  }
}
