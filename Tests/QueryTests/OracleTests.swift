import Index
import Query
import TestSupport
import Testing

/// The reference semantics, from the text of a query to its hits.
@Suite(.enabled(if: Environment.sharedFolder != nil, "KWIC_SHARED names no folder with oracle/cases.jsonl"))
struct OracleTests {
  private let cases: OracleCaseFile

  init() throws { cases = try OracleCaseFile(folder: try #require(Environment.sharedFolder)) }

  @Test func everyQueryGivesItsTree() {
    #expect(cases.rows.count == 2_000)
    let reader = QueryReader()
    for row in cases.rows {
      let parsed = reader.parse(row.query)
      #expect(parsed.problems == [] && parsed.root == row.tree, "\(row.query): \(parsed.root?.text ?? "refused")")
    }
  }

  /// One segment, then many with a third of the documents deleted and put again, then merged and put in another order.
  @Test(arguments: [1, 7])
  func everyQueryGivesItsHits(segments: Int) throws {
    let fixture = try SearchFixture { $0.ordering = .always }
    let documents = cases.documents.enumerated().map { Document(id: String($0), body: $1) }
    for part in 0..<segments {
      try fixture.apply(documents.enumerated().filter { $0.offset % segments == part }.map { .put($0.element) })
    }
    if segments > 1 {
      let moved = documents.enumerated().filter { $0.offset % 3 == 0 }.map(\.element)
      try fixture.apply(moved.map { .delete(id: $0.id) })
      try fixture.apply(moved.map { .put($0) })
    }
    try check(fixture)
    try fixture.index.compact()
    try check(fixture)
  }

  private func check(_ fixture: SearchFixture) throws {
    var wrong = 0
    for row in cases.rows {
      var request = SearchRequest(query: row.query)
      request.limit = 0
      request.showsAllHits = true
      request.total = .hits
      let answer = try fixture.search(request)
      var found: [Int: [[Int]]] = [:]
      for result in answer.results { found[Int(result.id) ?? -1] = result.hits.map { [$0.lo, $0.hi] } }
      let total = row.hits.values.reduce(0) { $0 + $1.count }
      if found != row.hits || answer.totalDocuments != row.hits.count || answer.totalHits != total {
        wrong += 1
        if wrong < 5 { Issue.record("\(row.query): \(row.hits.count) documents, \(found.count) found") }
      }
    }
    #expect(wrong == 0)
  }
}
