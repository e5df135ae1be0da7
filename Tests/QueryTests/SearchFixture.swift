import Base
@testable import Index
import Query
import TestSupport

/// An index that goes with the test, and an engine to search it with.
struct SearchFixture {
  let directory: TemporaryDirectory
  let index: Index
  var engine: SearchEngine

  init(_ change: (inout IndexOptions) -> Void = { _ in }) throws {
    directory = try TemporaryDirectory("kwic-query")
    var options = IndexOptions()
    options.mergesInBackground = false
    change(&options)
    index = try Index.open(directory: directory.path("index"), options: options)
    engine = SearchEngine(analyzer: index.analyzer)
  }

  func apply(_ operations: [IndexOperation]) throws { _ = try index.apply(operations) }

  func put(_ id: String, _ body: String, title: String? = nil, date: String? = nil) throws {
    try apply([.put(Document(id: id, title: title, body: body, date: date))])
  }

  func search(_ request: SearchRequest) throws -> SearchAnswer { try engine.search(request, in: index.snapshot()) }

  func search(_ query: String, _ change: (inout SearchRequest) -> Void = { _ in }) throws -> SearchAnswer {
    var request = SearchRequest(query: query)
    change(&request)
    return try search(request)
  }

  /// Ids in the order of the answer.
  func ids(_ query: String, _ change: (inout SearchRequest) -> Void = { _ in }) throws -> [String] {
    try search(query, change).results.map(\.id)
  }

  /// The problem that a search is refused for.
  func problem(_ query: String, _ change: (inout SearchRequest) -> Void = { _ in }) throws -> QueryProblem? {
    do {
      _ = try search(query, change)
      return nil
    } catch SearchError.query(let problems) {
      return problems.first
    }
  }
}

extension DocumentOrdering {
  /// Orders whatever is merged, down to single documents.
  static let always = {
    var ordering = DocumentOrdering(batchDocumentsMin: 1, documentsMin: 1)
    ordering.rangeMin = 1
    ordering.wordDocumentsMin = 1
    ordering.takesLoneSegments = true
    return ordering
  }()
}
