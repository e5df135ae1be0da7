import Base
import Index
import TestSupport
import Testing

@testable import Query

/// The whole engine beside the naive one: documents, hits, totals and scores of random queries over random documents.
struct NaiveSearchTests {
  /// Each case: documents in several segments, some deleted and put again, then merged, now and
  /// then with their documents in another order.
  @Test func answersEqualTheNaiveEngine() throws {
    try Property.check("answers equal the naive engine", seconds: 4) { random in
      let orders = Bool.random(using: &random)
      let fixture = try SearchFixture { $0.ordering = orders ? .always : .none }
      let documents = DocumentGenerator().documents(Int.random(in: 1...60, using: &random), using: &random)
      let segments = Int.random(in: 1...4, using: &random)
      for part in 0..<segments {
        try fixture.apply(
          documents.enumerated().filter { $0.offset % segments == part }.map { .put(Self.document($0.element)) })
      }
      let deleted = Set(documents.filter { _ in Int.random(in: 0..<6, using: &random) == 0 }.map(\.id))
      try fixture.apply(deleted.sorted().map { .delete(id: $0) })
      var queries: [NaiveQuery] = []
      for _ in 0..<20 { queries.append(QueryGenerator().query(using: &random)) }
      // A segment without a living document is gone at once; the others count their deleted ones until merged.
      let counted = documents.enumerated().filter { offset, _ in
        documents.enumerated().contains {
          $0.offset % segments == offset % segments && !deleted.contains($0.element.id)
        }
      }.map(\.element)
      try #require(fixture.index.snapshot().statistics.documents == UInt64(counted.count))
      let before = NaiveEngine(documents: counted.map(\.naive), deleted: deleted, vocabulary: .news)
      for query in queries { try compare(query, before, fixture) }
      try fixture.index.compact()
      let kept = documents.map(\.naive).filter { !deleted.contains($0.id) }
      let after = NaiveEngine(documents: kept, vocabulary: .news)
      for query in queries { try compare(query, after, fixture) }
    }
  }

  private static func document(_ generated: GeneratedDocument) -> Document {
    Document(
      id: generated.id,
      texts: generated.texts.map { Document.TextValue(field: $0.field, text: Array($0.text.utf8)) })
  }

  private func compare(_ query: NaiveQuery, _ naive: NaiveEngine, _ fixture: SearchFixture) throws {
    let expected = naive.search(query)
    let answer = try fixture.search(query.text) {
      $0.limit = 0
      $0.showsAllHits = true
      $0.total = .hits
    }
    try #require(answer.totalDocuments == expected.count, "\(query.text)")
    try #require(answer.totalHits == expected.reduce(0) { $0 + $1.hits.count }, "\(query.text)")
    let byID = Dictionary(uniqueKeysWithValues: expected.map { ($0.id, $0) })
    let fields = Dictionary(uniqueKeysWithValues: naive.documents.map { ($0.id, $0.values.map(\.field)) })
    for result in answer.results {
      let match = try #require(byID[result.id], "\(query.text): \(result.id) does not match")
      let hits = match.hits.map { "\(fields[result.id]?[$0.value] ?? "") \($0.lo) \($0.hi)" }
      try #require(result.hits.map { "\($0.field) \($0.lo) \($0.hi)" } == hits, "\(query.text): hits of \(result.id)")
      let difference = abs(Double(result.score) - match.score)
      try #require(difference <= 1e-4 * max(1, match.score), "\(query.text): score of \(result.id)")
    }
    try checkOrder(query, answer, fixture)
  }

  /// Best first, and the first page pruned equals the first page of all.
  private func checkOrder(_ query: NaiveQuery, _ all: SearchAnswer, _ fixture: SearchFixture) throws {
    let scores = all.results.map(\.score)
    try #require(zip(scores, scores.dropFirst()).allSatisfy { $0 >= $1 }, "\(query.text): order")
    for total in [SearchRequest.Total.documents, .none] {
      let page = try fixture.search(query.text) {
        $0.limit = 3
        $0.total = total
      }
      try #require(page.results.map(\.id) == all.results.prefix(3).map(\.id), "\(query.text): first page")
      try #require(page.results.map(\.score) == Array(scores.prefix(3)), "\(query.text): scores of the first page")
      try #require(total == .none || page.totalDocuments == all.results.count, "\(query.text): total of the first page")
      var sideBySide = fixture
      sideBySide.engine.cores = SpareCores(count: 4)
      sideBySide.engine.postingsPerCoreMin = 1
      let onCores = try sideBySide.search(query.text) {
        $0.limit = 3
        $0.total = total
      }
      try #require(onCores.results.map(\.id) == page.results.map(\.id), "\(query.text): on several cores")
      try #require(onCores.results.map(\.score) == page.results.map(\.score), "\(query.text): scores on several cores")
      try #require(total == .none || onCores.totalDocuments == page.totalDocuments, "\(query.text): total on several cores")
    }
  }
}
