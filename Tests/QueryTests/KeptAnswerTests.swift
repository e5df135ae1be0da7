import Base
import Index
@testable import Query
import TestSupport
import Testing

/// Answers that are kept for those who ask again: what they say is what a search says, as long as the snapshot is the same.
struct KeptAnswerTests {
  private let fixture: SearchFixture
  private var snapshot: Snapshot { fixture.index.snapshot() }

  init() throws {
    fixture = try SearchFixture()
    for number in 0..<40 { try fixture.put("d\(number)", "word w\(number % 7) raqqa \(number) civilians") }
  }

  /// The answer as whoever serves it makes it: kept from before, or searched for and noted.
  private func ask(
    _ request: SearchRequest, in snapshot: Snapshot, _ engine: SearchEngine? = nil
  ) throws -> (json: [UInt8], isKept: Bool) {
    let engine = engine ?? fixture.engine
    if var kept = engine.keptAnswer(to: request, in: snapshot) {
      kept.answer.tookMicroseconds = 0
      return (kept.json(), true)
    }
    var results = try engine.results(of: request, in: snapshot)
    results.answer.tookMicroseconds = 0
    let head = results.answer.jsonHead()
    var json = JSONWriter()
    try results.writeNext(hitsMax: .max, to: &json)
    engine.note(request, in: snapshot) { KeptAnswer(results.answer, results: json.bytes) }
    return (head + json.bytes + results.answer.jsonTail(), false)
  }

  private func ask(_ query: String, _ change: (inout SearchRequest) -> Void = { _ in }) throws -> (json: [UInt8], isKept: Bool) {
    var request = SearchRequest(query: query)
    change(&request)
    return try ask(request, in: snapshot)
  }

  @Test func theThirdQuestionIsAnsweredFromTheSecond() throws {
    for query in ["word", "raqqa NEAR/2 civilians", "w1 OR w2", "absent", "\"w3 raqqa\""] {
      let answers = try (0..<4).map { _ in try ask(query) }
      #expect(answers.map(\.isKept) == [false, false, true, true])
      #expect(answers.allSatisfy { $0.json == answers[0].json }, "\(query)")
    }
  }

  @Test func everyOptionThatAnAnswerDependsOnTellsQuestionsApart() throws {
    let changes: [(inout SearchRequest) -> Void] = [
      { _ in }, { $0.limit = 3 }, { $0.offset = 2 }, { $0.hitsPerDocument = 1 }, { $0.showsAllHits = true },
      { $0.total = .hits }, { $0.total = .none }, { $0.order = .date }, { $0.context = .words(1) }, { $0.context = .sentence },
      { $0.exactForms = true }, { $0.words = .any }, { $0.group = .date(field: "date", .day) }, { $0.collapses = true },
      { $0.explaining = .tree }, { $0.dates = DateRange(from: QueryDate("2016".utf8), to: nil) }, { $0.query = "word  " },
    ]
    for change in changes {
      let answers = try (0..<3).map { _ in try ask("word", change) }
      #expect(answers.map(\.isKept) == [false, false, true])
      #expect(answers.allSatisfy { $0.json == answers[0].json })
    }
  }

  @Test func whatIsOfItsTimeIsNotKept() throws {
    for _ in 0..<4 {
      #expect(try !ask("word", { $0.givesReceipt = true }).isKept)
      #expect(try !ask("word" + String(repeating: " ", count: KeptAnswers.queryBytesMax)).isKept)
    }
    // A deadline tells no questions apart, but one that has passed is told by who searches.
    for _ in 0..<3 { _ = try ask("word") }
    var request = SearchRequest(query: "word")
    request.deadlineNanoseconds = .max
    #expect(try ask(request, in: snapshot).isKept)
    request.deadlineNanoseconds = 1
    #expect(fixture.engine.keptAnswer(to: request, in: snapshot) == nil)
  }

  @Test func theyEndWithTheSnapshot() throws {
    for _ in 0..<3 { _ = try ask("word") }
    let before = snapshot
    let request = SearchRequest(query: "word")
    let old = try ask(request, in: before)
    #expect(old.isKept)
    try fixture.put("later", "word")
    let new = try ask(request, in: snapshot)
    #expect(!new.isKept && new.json != old.json)
    // The old snapshot answers as before, as long as somebody holds it.
    #expect(try ask(request, in: before) == old)
    // Another engine may read the query in another way.
    #expect(SearchEngine().keptAnswer(to: request, in: before) == nil)
  }

  @Test func theOldestGoesWhenTheirBytesAreUsedUp() throws {
    var engine = fixture.engine
    let one = try self.ask("word").json.count + 1_024
    engine.keptAnswersBytesMax = 12 * one
    let snapshot = snapshot
    func ask(_ number: Int) throws -> Bool {
      try self.ask(SearchRequest(query: "word" + String(repeating: " ", count: number)), in: snapshot, engine).isKept
    }
    for number in 1..<21 { for _ in 0..<2 { #expect(try !ask(number)) } }
    #expect(engine.keptAnswers(in: snapshot).byteCount <= 12 * one)
    #expect(try ask(20))
    #expect(try !ask(1))
    // One that takes more than its share is not kept.
    engine.keptAnswersBytesMax = 7 * one
    for _ in 0..<3 { #expect(try !ask(30)) }
    engine.keptAnswersBytesMax = 0
    #expect(try !ask(20))
  }
}
