internal import Analysis
internal import Base
internal import Index
internal import Query
internal import ScoringCore

/// An index opened for measuring: parsed queries in, ranked documents and counts out, on the calling thread.
struct EngineSession {
  private let index: Index
  private let planner: CorePlanner
  private let engine: SearchEngine
  let analyzer: Analyzer

  /// - Parameters:
  ///   - readsAhead: Leaves reading ahead to the kernel.
  ///   - remembersStems: What was asked of a stem is kept, as in the product.
  init(directory: String, readsAhead: Bool = false, remembersStems: Bool = true) throws {
    index = try Index.openReadOnly(
      directory: directory, readsAhead: readsAhead,
      stemCacheBytes: remembersStems ? IndexOptions().stemCacheBytes : 0)
    analyzer = index.analyzer
    planner = CorePlanner(index.snapshot())
    engine = SearchEngine(analyzer: index.analyzer)
  }

  /// Lets the file go, once the session is not used any more.
  func close() { index.close() }

  /// Memory of the stems that were asked for.
  var stemCacheBytes: Int { index.status().stemCacheBytes }

  var snapshot: Snapshot { planner.snapshot }
  var segmentCount: Int { planner.snapshot.segments.count }
  var documentCount: Int { planner.snapshot.documentCount }

  /// The query as the core takes it; its words are analysed here, before any clock runs.
  func prepare(_ query: BenchQuery) -> CoreQuery {
    func unit(_ shape: CoreQuery.Unit.Shape, _ words: [String]) -> CoreQuery {
      let forms = words.map { word in
        query.usesStems ? analyzer.stem(Array(word.utf8)) : Array(word.utf8)
      }
      return .unit(CoreQuery.Unit(shape: shape, words: forms, usesStems: query.usesStems))
    }
    switch query.shape {
    case .word: return unit(.word, query.words)
    case .and: return .and(query.words.map { unit(.word, [$0]) })
    case .or: return .or(query.words.map { unit(.word, [$0]) })
    case .phrase: return unit(.phrase, query.words)
    case .near(let distance): return unit(.window(distance), query.words)
    case .orderedNear(let distance): return unit(.ordered(distance), query.words)
    case .loose(let extra): return unit(.loose(extra), query.words)
    }
  }

  // MARK: The core

  /// The best documents without a total, so that ranking may skip what cannot be among them.
  func top(_ limit: Int, _ query: CoreQuery) throws -> [RankedDocument] {
    try execute(query, limit: limit, counting: .none).documents
  }

  func count(_ query: CoreQuery) throws -> Int {
    try execute(query, limit: 0, counting: .documents).count
  }

  func topAndCount(_ limit: Int, _ query: CoreQuery) throws -> (documents: [RankedDocument], count: Int) {
    let answer = try execute(query, limit: limit, counting: .documents)
    return (answer.documents, answer.count)
  }

  /// The same by the engine's twin that prunes nothing.
  func topExhaustively(_ limit: Int, _ query: CoreQuery) throws -> [RankedDocument] {
    try execute(query, limit: limit, counting: .documents, optimisations: .none).documents
  }

  func identifier(_ document: RankedDocument) throws -> String {
    try planner.snapshot.segments[Int(document.segment)].identifier(document.document)
  }

  // MARK: The product

  /// The answer that a user gets: the text parsed, planned, run, and each document shown with its hits in context.
  func answer(_ request: SearchRequest) throws -> SearchAnswer { try engine.search(request, in: planner.snapshot) }

  /// The same as JSON, made as the daemon makes it: as a quick search where it is one.
  func answerJSON(_ request: SearchRequest) throws -> [UInt8] {
    let tried = engine.quick(request, in: planner.snapshot) { (results) throws(SearchError) in try Self.json(&results) }
    switch tried {
    case .shown(let json): return json
    case .planned(let planned):
      var results = try engine.results(of: planned)
      return try Self.json(&results)
    case .unknown:
      var results = try engine.results(of: request, in: planner.snapshot)
      return try Self.json(&results)
    }
  }

  private static func json(_ results: inout SearchResults) throws(SearchError) -> [UInt8] {
    var json = JSONWriter(after: results.answer.jsonHead(), reserving: 12 << 10)
    try results.writeNext(hitsMax: .max, to: &json)
    return json.bytes + results.answer.jsonTail()
  }

  /// The same on so many cores, if it is worth them.
  func answer(_ request: SearchRequest, cores: Int) throws -> SearchAnswer {
    var engine = engine
    engine.cores = SpareCores(count: cores)
    return try engine.search(request, in: planner.snapshot)
  }

  func coresWanted(for request: SearchRequest) throws -> Int {
    try engine.coresWanted(for: request, in: planner.snapshot)
  }

  /// Whether the index holds the text that answers are shown from.
  var storesText: Bool { planner.snapshot.segments.allSatisfy(\.storesText) }

  /// What answering a query took: postings, positions and bytes. The same work as `top` or, without a limit, `count`.
  func counters(_ query: CoreQuery, limit: Int) throws -> ExecutionCounters {
    try execute(query, limit: limit, counting: limit > 0 ? .none : .documents).counters
  }

  private func execute(
    _ query: CoreQuery, limit: Int, counting: ExecutionRequest.Counting, optimisations: Optimisations = .all
  ) throws -> (documents: [RankedDocument], count: Int, counters: ExecutionCounters) {
    var best = TopK(k: limit)
    var counters = ExecutionCounters()
    var count = 0
    for (number, plan) in try planner.plans(query).enumerated() {
      let segment = planner.snapshot.segments[number]
      count += try Execution.execute(
        try segment.withPairs(plan), in: planner.snapshot.segments[number].view, segmentOrdinal: UInt32(number), ranking: planner.ranking,
        request: ExecutionRequest(counting: counting, optimisations: optimisations), into: &best,
        counters: &counters)
    }
    return (best.sorted(), count, counters)
  }
}
