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
  /// Positions that showing the hits of a piece of an answer may visit, however many documents it has.
  var positionsShownMax = Int.max
  /// Bytes of answers that are kept with each snapshot for those who ask again; 0 keeps none.
  public var keptAnswersBytesMax = 512 << 10
  /// What execution may leave out; answers do not depend on it.
  var optimisations = Optimisations.all
  /// Cores for expensive searches; all engines of a process share them.
  public var cores: SpareCores
  /// Below so many postings a core waking another thread costs more than it saves.
  var postingsPerCoreMin = 200_000
  let clock: any TimeSource
  /// Under which this engine and its copies, which read queries alike, keep what they have answered.
  private let notes = SnapshotNotes.Reader()

  public init(
    analyzer: Analyzer = Analyzer(), schema: QuerySchema = QuerySchema(), clock: any TimeSource = SystemTime(),
    cores: SpareCores = SpareCores()
  ) {
    reader = QueryReader(analyzer: analyzer, schema: schema)
    self.clock = clock
    self.cores = cores
  }

  /// Words of a document of the snapshot on average, deleted ones included.
  func averageLength(of snapshot: Snapshot) -> Float {
    let statistics = snapshot.statistics
    return statistics.documents == 0 ? 1 : Float(statistics.words) / Float(statistics.documents)
  }

  func ranking(of snapshot: Snapshot) -> BM25 {
    keptAnswers(in: snapshot).ranking(k1: k1, b: b) {
      BM25(averageLength: averageLength(of: snapshot), k1: k1, b: b)
    }
  }

  func keptAnswers(in snapshot: Snapshot) -> KeptAnswers {
    snapshot.notes.note(of: notes) { KeptAnswers() }
  }

  /// Reads a query without running it: its tree, its problems and its warnings.
  public func lint(_ query: String) -> ParsedQuery { reader.parse(query) }

  /// The whole answer at once.
  ///
  /// - Throws: `.query` with the problems of a query that is refused, `.deadline`, `.tooManyLines`, `.index`.
  public func search(_ request: SearchRequest, in snapshot: Snapshot) throws(SearchError) -> SearchAnswer {
    let start = clock.monotonicNanoseconds()
    var results = try results(of: request, in: snapshot)
    var answer = results.answer
    answer.results = try results.next(hitsMax: .max)
    answer.tookMicroseconds = microseconds(since: start)
    return answer
  }

  /// The answer without its results, and these piece by piece.
  ///
  /// - Throws: as `search`.
  public func results(of request: SearchRequest, in snapshot: Snapshot) throws(SearchError) -> SearchResults {
    let start = clock.monotonicNanoseconds()
    let (root, parsed) = try read(request)
    var request = request
    // What a receipt vouches for is a number of documents.
    if request.givesReceipt, request.total == .none { request.total = .documents }
    var run = try SearchRun(request, root: request.filtered(root), snapshot: snapshot, engine: self)
    try run.execute()
    return try results(run, parsed, sentence: parsed.root.map(request.sentence) ?? "", start: start)
  }

  /// As `results(of:in:)` of a search that was found to be no quick one.
  public func results(of planned: PlannedSearch) throws(SearchError) -> SearchResults {
    var run = planned.run
    run.use(self)
    try run.execute()
    return try results(run, planned.parsed, sentence: planned.sentence, start: planned.start)
  }

  /// What came of a search that has been executed.
  func results(
    _ run: consuming SearchRun, _ parsed: ParsedQuery, sentence: String, start: UInt64
  ) throws(SearchError) -> SearchResults {
    var run = run
    let (request, snapshot) = (run.request, run.snapshot)
    let hits = request.total == .hits ? try run.countHits() : nil
    let warnings = try parsed.warnings + run.warnings()
    var answer = SearchAnswer(
      query: request.query, parsed: sentence,
      totalDocuments: request.total == .none ? nil : run.documentCount, totalHits: hits, isPartial: run.isPartial,
      tookMicroseconds: microseconds(since: start), snapshot: snapshot.generation, warnings: warnings, results: [],
      groups: run.groups, nextOffset: run.nextOffset)
    answer.totalStories = run.stories?.count
    answer.queryClass = run.query.queryClass
    if request.givesReceipt {
      answer.receipt = try run.receipt(parsed: answer.parsed, hits: hits)
      answer.tookMicroseconds = microseconds(since: start)
    }
    return SearchResults(answer, run)
  }

  /// Cores that a search takes if so many are spare: one, but for expensive ones. Throws as `search`.
  public func coresWanted(for request: SearchRequest, in snapshot: Snapshot) throws(SearchError) -> Int {
    let (root, _) = try read(request)
    return 1 + (try SearchRun(request, root: request.filtered(root), snapshot: snapshot, engine: self)).coresWanted
  }

  /// Every hit in the order of the index. Of the request count the query, its words, filters, context and deadline.
  ///
  /// - Throws: `.query` with the problems of a query that is refused, `.index`.
  public func hits(of request: SearchRequest, in snapshot: Snapshot) throws(SearchError) -> HitStream {
    let (root, parsed) = try read(request)
    let run = try SearchRun(request, root: request.filtered(root), snapshot: snapshot, engine: self)
    return HitStream(run, parsed: request.sentence(root), warnings: parsed.warnings + run.plan.warnings)
  }

  /// Where in one document the words of the hits stand; nil where no document has this id.
  ///
  /// - Throws: as `search`.
  public func highlight(
    _ request: SearchRequest, documentID: String, in snapshot: Snapshot
  ) throws(SearchError) -> Highlights? {
    let (root, _) = try read(request)
    let run = try SearchRun(request, root: request.filtered(root), snapshot: snapshot, engine: self)
    let place: (segment: Segment, document: DocID)?
    do throws(IndexError) { place = try snapshot.locate(id: documentID) } catch { throw .index(error) }
    guard let place, let segment = snapshot.segments.firstIndex(where: { $0.id == place.segment.id })
    else { return nil }
    let found = RankedDocument(score: 0, segment: UInt32(segment), document: place.document)
    return try highlights(found, run, parsed: request.sentence(root))
  }

  private func read(_ request: SearchRequest) throws(SearchError) -> (root: QueryNode, parsed: ParsedQuery) {
    let parsed = request.words == .any ? reader.parseWords(request.query) : reader.parse(request.query)
    guard let root = parsed.root else { throw .query(parsed.problems) }
    return (root, parsed)
  }

  private func microseconds(since start: UInt64) -> Int { Int((clock.monotonicNanoseconds() - start) / 1_000) }
}
