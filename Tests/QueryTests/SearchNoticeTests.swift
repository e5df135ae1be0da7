import Base
import Index
import Query
import TestSupport
import Testing

/// What an answer warns of, and what is refused only once the index is known.
struct SearchNoticeTests {
  private let fixture: SearchFixture

  init() throws {
    fixture = try SearchFixture()
    try fixture.put("a", "The attacks on Aleppo; attackers attacked Aleppo.")
    try fixture.put("b", "Alepo is misspelt, aleppo is not.")
  }

  private func warning(_ query: String, _ code: QueryWarning.Code) throws -> QueryWarning? {
    try fixture.search(query).warnings.first { $0.code == code }
  }

  @Test func unknownWordsComeWithTheirNearestForms() throws {
    let warning = try #require(try warning("alepp", .wordNotInIndex))
    #expect(warning.suggestions == ["aleppo", "alepo"])
    #expect(warning.byteRange == 0..<5)
    #expect(try self.warning("aleppo", .wordNotInIndex) == nil)
  }

  @Test func wildcardsSayHowManyFormsTheyTook() throws {
    #expect(try warning("attack*", .expansion)?.message == "`attack*` stands for 3 forms.")
    #expect(try warning("alepo~1", .expansion)?.message == "`alepo~1` stands for 2 forms.")
  }

  @Test func phrasesWithoutExactMatchesSayHowManyTheirStemsHave() throws {
    let warning = try #require(try warning("\"attack on aleppo\"", .stemsOnly))
    #expect(warning.suggestions == ["~\"attack on aleppo\""])
    #expect(warning.message.contains("1 has other forms"))
    #expect(try self.warning("\"attacks on aleppo\"", .stemsOnly) == nil)
    #expect(try self.warning("\"aleppo on attacks\"", .stemsOnly) == nil)
    #expect(try self.warning("aleppo OR \"attack on aleppo\"", .stemsOnly) != nil)
  }

  @Test func wildcardsWithTooManyFormsAreRefusedWithALongerBeginning() throws {
    let words = (0..<1_500).map { "xy\($0 % 3 == 0 ? "a" : "b")\($0)" }
    try fixture.put("many", words.joined(separator: " "))
    let problem = try #require(try fixture.problem("aleppo NEAR/5 xy*"))
    #expect(problem.code == .wildcardTooBroad)
    #expect(problem.byteRange == 14..<17)
    #expect(problem.message == "`xy*` stands for 1500 forms; the limit is \(Limits.expansionFormsMax).")
    #expect(problem.fixes == ["aleppo NEAR/5 xyb*"])
    #expect(try fixture.problem("aleppo NEAR/5 xyb*") == nil)
    #expect(try fixture.problem("\"aleppo xy*\"")?.byteRange == 8..<11)
  }

  @Test func aBudgetThatEndsNamesItsOperator() throws {
    var fixture = fixture
    fixture.engine.positionsMax = 3
    let problem = try #require(try fixture.problem("the AND (aleppo NEAR/9 attacked)"))
    #expect(problem.code == .budgetExhausted)
    #expect(problem.message.contains("NEAR"))
    #expect(problem.byteRange == 8..<32)
    #expect(problem.partialCount != nil)
    #expect(String(decoding: problem.json(), as: UTF8.self).contains("\"partial_documents\":"))
  }

  @Test func aDeadlineThatPassedEndsTheSearch() throws {
    #expect(throws: SearchError.deadline) { try fixture.search("aleppo") { $0.deadlineNanoseconds = 0 } }
  }

  @Test func anEmptyIndexAnswersNothing() throws {
    let empty = try SearchFixture()
    let answer = try empty.search("raqqa near civilians") { $0.total = .hits }
    #expect(answer.totalDocuments == 0 && answer.totalHits == 0 && answer.results == [])
    #expect(answer.warnings.map(\.code) == [.wordNotInIndex, .wordNotInIndex])
  }
}
