internal import Base
internal import Index
internal import ScoringCore

/// One search over one snapshot: the plans of its segments and what came of running them.
struct SearchRun {
  private let request: SearchRequest
  private let root: QueryNode
  private let snapshot: Snapshot
  private let engine: SearchEngine
  private let clock: any TimeSource
  private let plan: QueryPlan
  private let plans: [MatchPlan]
  private var counters: ExecutionCounters
  /// Documents that match.
  private(set) var documentCount = 0
  private var groupCounter: GroupCounter?
  /// In the order of the answer; at least as many as are shown.
  private var ranked: [RankedDocument] = []

  init(
    _ request: SearchRequest, root: QueryNode, snapshot: Snapshot, engine: SearchEngine, clock: any TimeSource
  ) throws(SearchError) {
    self.request = request
    self.root = root
    self.snapshot = snapshot
    self.engine = engine
    self.clock = clock
    plan = try Self.planned(root, request, snapshot, engine)
    let tree = plan.root
    plans = try Self.plans(tree, snapshot)
    groupCounter = try Self.checked(request.group, request, snapshot)
    counters = ExecutionCounters(budget: PositionBudget(limit: engine.positionsMax))
  }

  /// One plan a segment, with what its phrase layer knows.
  private static func plans(_ tree: PlannedNode, _ snapshot: Snapshot) throws(SearchError) -> [MatchPlan] {
    var plans: [MatchPlan] = []
    for (ordinal, segment) in snapshot.segments.enumerated() {
      do throws(IndexError) {
        plans.append(try segment.withPairs(tree.plan(segment: ordinal)))
      } catch {
        throw .index(error)
      }
    }
    return plans
  }

  private static func planned(
    _ root: QueryNode, _ request: SearchRequest, _ snapshot: Snapshot, _ engine: SearchEngine
  ) throws(SearchError) -> QueryPlan {
    var planner = QueryPlanner(
      query: request.query, snapshot: snapshot, analyzer: engine.reader.analyzer, exactForms: request.exactForms)
    do {
      return try planner.plan(root)
    } catch {
      switch error {
      case .refused(let problem): throw .query([problem])
      case .index(let error): throw .index(error)
      case .execution(_, let segment): throw .index(damaged(segment))
      case .tooBroad: preconditionFailure("the planner explains wildcards that are too broad")
      }
    }
  }

  private static func checked(
    _ group: Grouping?, _ request: SearchRequest, _ snapshot: Snapshot
  ) throws(SearchError) -> GroupCounter? {
    guard let group else { return nil }
    if let refusal = GroupCounter.refusal(of: group, in: snapshot) {
      throw .query([
        QueryProblem(
          code: .unknownField, message: refusal, query: request.query, byteRange: 0..<request.query.utf8.count,
          hint: "Count by a keyword field, or by the year, month or day of a date: `date:year`.")
      ])
    }
    return GroupCounter(group)
  }

  private static func damaged(_ segment: SegmentID) -> IndexError {
    .corrupt(segment: segment.rawValue, structure: .postings, address: 0)
  }

  // MARK: Ranking

  /// Everything that matches is kept where all is shown, counted by hit or put in another order.
  private var keepsAll: Bool {
    request.limit == 0 || request.total == .hits || request.order != .score
  }

  mutating func execute() throws(SearchError) {
    let statistics = snapshot.statistics
    let average = statistics.documents == 0 ? 1 : Float(statistics.words) / Float(statistics.documents)
    let ranking = BM25(averageLength: average, k1: engine.k1, b: engine.b)
    let shown = request.offset.addingReportingOverflow(request.limit)
    var best = TopK(k: keepsAll || shown.overflow ? .max : shown.partialValue)
    let counting = request.total == .none || keepsAll ? ExecutionRequest.Counting.none : .documents
    for (ordinal, segment) in snapshot.segments.enumerated() {
      try checkDeadline()
      var matches: DocumentSet?
      do throws(ExecutionError) {
        if groupCounter == nil {
          documentCount += try Execution.execute(
            plans[ordinal], in: segment.view, segmentOrdinal: UInt32(ordinal), ranking: ranking,
            request: ExecutionRequest(counting: counting), into: &best, counters: &counters)
        } else {
          matches = try Execution.collect(
            plans[ordinal], in: segment.view, segmentOrdinal: UInt32(ordinal), ranking: ranking, into: &best,
            counters: &counters)
        }
      } catch {
        throw failure(error, in: segment)
      }
      if let matches { try count(matches, of: segment) }
    }
    ranked = best.sorted()
    guard keepsAll else { return }
    documentCount = ranked.count
    if request.order != .score { sortByDate() }
  }

  /// The counts by group; nil where none was asked for.
  var groups: GroupCounts? { groupCounter?.counts }

  private mutating func count(_ matches: DocumentSet, of segment: Segment) throws(SearchError) {
    documentCount += matches.count
    do throws(IndexError) { try groupCounter?.add(matches, of: segment) } catch { throw .index(error) }
  }

  private mutating func sortByDate() {
    let isNewest = request.order == .newest
    let dated = ranked.enumerated().map { place, found in
      (place: place, date: snapshot.segments[Int(found.segment)].date(found.document), found: found)
    }
    ranked = dated.sorted { a, b in
      guard a.date != b.date else { return a.place < b.place }
      guard let first = a.date, let second = b.date else { return a.date != nil }
      return isNewest ? first > second : first < second
    }.map(\.found)
  }

  private func checkDeadline() throws(SearchError) {
    if let deadline = request.deadlineNanoseconds, clock.monotonicNanoseconds() >= deadline { throw .deadline }
  }

  private func failure(_ error: ExecutionError, in segment: Segment) -> SearchError {
    guard case .budgetExhausted(let unit, let kind, _) = error else { return .index(Self.damaged(segment.id)) }
    let ranges = plan.root.unitRanges
    let range = (unit < ranges.count ? ranges[unit] : nil) ?? 0..<request.query.utf8.count
    return .query([
      QueryProblem(
        code: .budgetExhausted,
        message: "The search visited \(engine.positionsMax) positions and was ended at the operator \(kind.name).",
        query: request.query, byteRange: range,
        hint: "Ask for rarer words, a smaller distance, or fewer common words beside each other.",
        partialCount: documentCount)
    ])
  }

  // MARK: Hits

  private mutating func hits(_ found: RankedDocument) throws(SearchError) -> [Hit] {
    let segment = snapshot.segments[Int(found.segment)]
    do throws(ExecutionError) {
      return try Execution.hits(
        plans[Int(found.segment)], in: segment.view, document: found.document, counters: &counters)
    } catch {
      throw failure(error, in: segment)
    }
  }

  /// Hits of all documents that match.
  mutating func countHits() throws(SearchError) -> Int {
    var count = 0
    for (place, found) in ranked.enumerated() {
      if place % 256 == 0 { try checkDeadline() }
      count += try hits(found).count
    }
    return count
  }

  mutating func results() throws(SearchError) -> [DocumentResult] {
    let page = ranked.dropFirst(request.offset)
    var results: [DocumentResult] = []
    for found in request.limit == 0 ? page : page.prefix(request.limit) {
      try checkDeadline()
      let hits = try hits(found)
      let shown = request.showsAllHits ? hits[...] : hits.prefix(request.hitsPerDocument)
      do throws(IndexError) {
        var text = try DocumentText(
          found.document, in: snapshot.segments[Int(found.segment)], analyzer: engine.reader.analyzer)
        results.append(
          DocumentResult(
            id: text.stored.id, score: found.score, title: text.title, date: text.stored.date, hitCount: hits.count,
            hits: shown.compactMap { text.result($0, contextWords: request.contextWords) }))
      } catch {
        throw .index(error)
      }
    }
    return results
  }

  // MARK: Warnings

  /// What the snapshot says about the query's words and phrases.
  func warnings() throws(SearchError) -> [QueryWarning] {
    var warnings = plan.warnings
    guard ranked.isEmpty || root.offersChoice else { return warnings }
    for phrase in root.quotedPhrases where try count(phrase) == 0 {
      guard let stems = phrase.withStems else { continue }
      let found = try count(stems)
      guard found > 0 else { continue }
      warnings.append(
        QueryWarning(
          code: .stemsOnly,
          message:
            "No document has exactly \(phrase.text); \(found) \(found == 1 ? "has" : "have") other forms of its words.",
          byteRange: phrase.range, suggestions: [request.query.replacingBytes(phrase.range, with: stems.text)]))
    }
    return warnings
  }

  private func count(_ phrase: QueryNode) throws(SearchError) -> Int {
    var request = SearchRequest(query: request.query)
    request.limit = 1
    request.deadlineNanoseconds = self.request.deadlineNanoseconds
    var run = try SearchRun(request, root: phrase, snapshot: snapshot, engine: engine, clock: clock)
    try run.execute()
    return run.documentCount
  }
}

extension PositionalOperator {
  fileprivate var name: String {
    switch self {
    case .word: "word"
    case .alternatives: "|"
    case .near: "NEAR"
    case .precedes: "PRE or BEFORE"
    case .notNear: "NOT NEAR"
    case .within: "SENT or PARA"
    case .phrase: "phrase"
    case .loosePhrase: "loose phrase"
    case .window: "NEAR/N( )"
    }
  }
}

extension QueryNode {
  /// Some part may be empty although the whole is not.
  fileprivate var offersChoice: Bool {
    switch kind {
    case .or, .alternatives: true
    default: children.contains(where: \.offersChoice)
    }
  }

  /// Quoted phrases of exact words that are looked for.
  fileprivate var quotedPhrases: [QueryNode] {
    switch kind {
    case .phrase(let phrase): phrase.sense == .exact ? [self] : []
    case .not: []
    default: children.flatMap(\.quotedPhrases)
    }
  }

  /// The same phrase with every form of its words.
  fileprivate var withStems: QueryNode? {
    guard case .phrase(let phrase) = kind else { return nil }
    let items = phrase.items.map { item -> QueryPhrase.Item in
      guard case .oneOf(let terms) = item else { return item }
      return .oneOf(
        terms.map { term in
          guard case .word(let word) = term else { return term }
          return .word(QueryWordTerm(sense: .stem, form: word.form, stem: word.stem))
        })
    }
    return QueryNode(.phrase(QueryPhrase(sense: .stem, items: items, extraWords: phrase.extraWords)), range: range)
  }
}
