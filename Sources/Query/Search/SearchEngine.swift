public import Analysis
public import Base
public import Index
internal import ScoringCore

/// Answers searches over snapshots: reads the query, plans it, runs it over every segment, and shows the hits.
///
/// A value without state of its own: use one from as many threads as wanted. Everything is synchronous; the caller
/// keeps the snapshot for the length of the call.
public struct SearchEngine: Sendable {
  public let reader: QueryReader
  /// Parameters of BM25.
  public var k1: Float = 1.2
  public var b: Float = 0.75
  /// Positions that one search may visit.
  public var positionsMax = Limits.positionsPerQueryMax
  private let clock: any TimeSource

  public init(
    analyzer: Analyzer = Analyzer(), schema: QuerySchema = QuerySchema(), clock: any TimeSource = SystemTime()
  ) {
    reader = QueryReader(analyzer: analyzer, schema: schema)
    self.clock = clock
  }

  /// Reads a query without running it: its tree, its problems and its warnings.
  public func lint(_ query: String) -> ParsedQuery { reader.parse(query) }

  /// - Throws: `.query` with the problems of a query that is refused, `.deadline`, `.index`.
  public func search(_ request: SearchRequest, in snapshot: Snapshot) throws(SearchError) -> SearchAnswer {
    let start = clock.monotonicNanoseconds()
    let parsed = request.words == .any ? reader.parseWords(request.query) : reader.parse(request.query)
    guard let root = parsed.root else { throw .query(parsed.problems) }
    var run = try SearchRun(request, root: request.filtered(root), snapshot: snapshot, engine: self, clock: clock)
    try run.execute()
    var answer = SearchAnswer(
      query: request.query, parsed: request.sentence(root),
      totalDocuments: request.total == .none ? nil : run.documentCount,
      totalHits: request.total == .hits ? try run.countHits() : nil, isPartial: false, tookMicroseconds: 0,
      snapshot: snapshot.generation, warnings: parsed.warnings, results: try run.results(), groups: run.groups)
    answer.warnings += try run.warnings()
    answer.tookMicroseconds = Int((clock.monotonicNanoseconds() - start) / 1_000)
    return answer
  }
}
