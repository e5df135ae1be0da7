internal import Base
internal import Index
internal import ScoringCore

/// One search over one snapshot: the plans of its segments and what came of running them.
struct SearchRun: Sendable {
  let request: SearchRequest
  let query: PreparedQuery
  let snapshot: Snapshot
  private(set) var engine: SearchEngine
  /// Monotonic time at which the search gives up; nil for never.
  var deadlineNanoseconds: UInt64?
  private var counters: ExecutionCounters
  /// Documents that match.
  private(set) var documentCount = 0
  private var groupCounter: GroupCounter?
  /// In the order of the answer; at least as many as are shown.
  private(set) var ranked: [RankedDocument] = []
  /// Where near-duplicates are collapsed, what is shown of `ranked`, and how many of these have no fingerprint.
  private(set) var stories: [Story]?
  private(set) var unknownStories = 0
  /// Of an order by context, the hits in its order, at least as many as are shown; and how many there are.
  private(set) var lines: [ContextOrder.Line] = []
  private(set) var lineCount = 0
  /// A budget ended the count of hits.
  private(set) var isPartial = false
  /// The records of the documents shown, where somebody has read them before; else none.
  var shownRecords: [StoredRecord] = []

  init(_ request: SearchRequest, root: QueryNode, snapshot: Snapshot, engine: SearchEngine) throws(SearchError) {
    var planner = QueryPlanner(
      query: request.query, snapshot: snapshot, analyzer: engine.reader.analyzer, exactForms: request.exactForms)
    let query = try PreparedQuery(root, in: snapshot, planner: &planner)
    try self.init(request, query, snapshot: snapshot, engine: engine)
  }

  /// - Parameter query: of the request, for this snapshot.
  init(
    _ request: SearchRequest, _ query: PreparedQuery, snapshot: Snapshot, engine: SearchEngine
  ) throws(SearchError) {
    self.request = request
    self.query = query
    self.snapshot = snapshot
    self.engine = engine
    deadlineNanoseconds = request.deadlineNanoseconds
    groupCounter = try Self.checked(request.group, request, snapshot)
    counters = ExecutionCounters(budget: PositionBudget(limit: engine.positionsMax))
  }

  var root: QueryNode { query.root }
  var plan: QueryPlan { query.plan }
  var plans: [MatchPlan] { query.plans }

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

  // MARK: Ranking

  /// Everything that matches is kept where all is shown, counted by hit or put in another order.
  var keepsAll: Bool {
    request.limit == 0 || request.total == .hits || request.order != .score || request.collapses
  }

  /// Documents (hits) up to the last one shown.
  private var wanted: Int {
    let shown = request.offset.addingReportingOverflow(request.limit)
    return request.limit == 0 || shown.overflow ? .max : shown.partialValue
  }

  /// From here on this engine's bounds hold. Before `execute`.
  mutating func use(_ engine: SearchEngine) {
    self.engine = engine
    counters = ExecutionCounters(budget: PositionBudget(limit: engine.positionsMax))
  }

  /// Finds and ranks; on several cores where that pays and some are spare.
  mutating func execute() throws(SearchError) {
    let cores = engine.cores
    cores.enter()
    let others = groupCounter == nil && !keepsAll ? cores.take(coresWanted) : 0
    defer { cores.give(others + 1) }
    try execute(others: others)
  }

  private mutating func execute(others: Int) throws(SearchError) {
    let ranking = engine.ranking(of: snapshot)
    var best = TopK(k: keepsAll ? .max : wanted)
    let counting = request.total == .none || keepsAll ? ExecutionRequest.Counting.none : .documents
    if others > 0, let found = executeSideBySide(others, ranking, k: wanted, counting, counters) {
      (ranked, documentCount, counters) = (found.best.sorted(), found.count, found.counters)
      return
    }
    for (ordinal, segment) in snapshot.segments.enumerated() {
      try checkDeadline()
      var matches: DocumentSet?
      do throws(ExecutionError) {
        if groupCounter == nil {
          documentCount += try Execution.execute(
            plans[ordinal], in: segment.view, segmentOrdinal: UInt32(ordinal), ranking: ranking,
            request: ExecutionRequest(counting: counting, optimisations: engine.optimisations), into: &best,
            counters: &counters)
        } else {
          matches = try Execution.collect(
            plans[ordinal], in: segment.view, segmentOrdinal: UInt32(ordinal), ranking: ranking,
            optimisations: engine.optimisations, into: &best, counters: &counters)
        }
      } catch {
        throw failure(error, in: segment)
      }
      if let matches { try count(matches, of: segment) }
    }
    ranked = best.sorted()
    guard keepsAll else { return }
    documentCount = ranked.count
    switch request.order {
    case .score: break
    case .date, .newest: sortByDate()
    case .left, .right: try sortByContext()
    }
    guard request.collapses, !request.order.isByContext else { return }
    let collapsed = try Story.collapse(ranked, in: snapshot) { () throws(SearchError) in try checkDeadline() }
    (stories, unknownStories) = (collapsed.stories, collapsed.unknown)
  }

  /// Positions visited so far.
  var positionsVisited: Int { counters.budget.visited }

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

  private mutating func sortByContext() throws(SearchError) {
    var order = ContextOrder(wanted: wanted)
    for found in ranked {
      try checkDeadline()
      let hits = try hits(found, &counters)
      var text = try text(found)
      for (place, hit) in hits.enumerated() {
        let key = text.contextKey(hit, isLeft: request.order == .left, words: ContextOrder.wordsMax)
        try order.insert(ContextOrder.Line(key: key, document: found, hit: place, hitCount: hits.count))
      }
    }
    lineCount = order.count
    lines = order.sorted()
  }

  // MARK: What is shown

  /// Documents shown, in the order of the answer; for an order by context see `shownLines`.
  var shownDocuments: Range<Int> { shown(of: listed.count) }
  /// The documents of which those shown are a part.
  var listed: [RankedDocument] { stories.map { $0.map(\.document) } ?? ranked }
  var shownLines: Range<Int> { shown(of: lines.count) }

  private func shown(of count: Int) -> Range<Int> {
    let first = min(request.offset, count)
    return first..<min(wanted, count)
  }

  /// What is skipped to go on behind what is shown; nil where nothing follows.
  var nextOffset: Int? {
    let isByContext = request.order.isByContext
    let shown = isByContext ? shownLines : shownDocuments
    guard !shown.isEmpty else { return nil }
    let follows: Bool
    if isByContext {
      follows = shown.upperBound < lineCount
    } else if let stories {
      follows = shown.upperBound < stories.count
    } else if keepsAll || request.total != .none || request.group != nil {
      follows = shown.upperBound < documentCount
    } else {
      // Not counted: a full page may have a successor.
      follows = shown.count == request.limit
    }
    return follows ? shown.upperBound : nil
  }

  // MARK: Hits

  func hits(_ found: RankedDocument, _ counters: inout ExecutionCounters) throws(SearchError) -> [Hit] {
    let segment = snapshot.segments[Int(found.segment)]
    do throws(ExecutionError) {
      return try Execution.hits(
        plans[Int(found.segment)], in: segment.view, document: found.document, optimisations: engine.optimisations,
        counters: &counters)
    } catch {
      throw failure(error, in: segment)
    }
  }

  /// - Parameters:
  ///   - record: The document's record, if it has been read.
  ///   - room: What the text of another document has used, if there is one.
  func text(
    _ found: RankedDocument, record: StoredRecord? = nil, room: consuming DocumentText.Room = DocumentText.Room()
  ) throws(SearchError) -> DocumentText {
    do throws(IndexError) {
      let segment = snapshot.segments[Int(found.segment)]
      let stored = if let record { record } else { try segment.storedRecord(found.document) }
      return try DocumentText(
        found.document, stored, in: segment, analyzer: engine.reader.analyzer, sentences: request.context == .sentence,
        room: consume room)
    } catch {
      throw .index(error)
    }
  }

  /// Hits of all documents that match. Where the budget ends before them, those of the documents until then, and
  /// `isPartial`.
  mutating func countHits() throws(SearchError) -> Int {
    if request.order.isByContext { return lineCount }
    var count = 0
    do throws(SearchError) {
      try forEachHits(of: ranked[...], wordsMax: 0, &counters) { _, hits in count += hits.count }
    } catch {
      guard case .query = error else { throw error }
      isPartial = true
    }
    return count
  }

  /// Calls `visit` with the hits of each of `documents`, the first `wordsMax` of a document with their words: segment
  /// by segment and ascending, which is how lists are read, with the place of each among `documents`.
  func forEachHits(
    of documents: ArraySlice<RankedDocument>, wordsMax: Int, _ counters: inout ExecutionCounters,
    _ visit: (_ place: Int, _ hits: [Hit]) -> Void
  ) throws(SearchError) {
    let order = documents.indices.sorted {
      (documents[$0].segment, documents[$0].document) < (documents[$1].segment, documents[$1].document)
    }
    var first = 0
    while first < order.count {
      let number = documents[order[first]].segment
      let end = order[first...].firstIndex { documents[$0].segment != number } ?? order.count
      let places = order[first..<end]
      let segment = snapshot.segments[Int(number)]
      var isLate = false
      do throws(ExecutionError) {
        try Execution.hits(
          plans[Int(number)], in: segment.view, documents: places.map { documents[$0].document }, wordsMax: wordsMax,
          optimisations: engine.optimisations, counters: &counters
        ) { place, hits in
          visit(places[first + place] - documents.startIndex, hits)
          isLate = place % 256 == 255 && isPastDeadline
          return !isLate
        }
      } catch {
        throw failure(error, in: segment)
      }
      if isLate { throw .deadline }
      first = end
    }
  }

  // MARK: Ends

  func checkDeadline() throws(SearchError) {
    if isPastDeadline { throw .deadline }
  }

  private var isPastDeadline: Bool { deadlineNanoseconds.map { engine.clock.monotonicNanoseconds() >= $0 } ?? false }

  /// A fresh budget for a piece of what is shown: so many documents, each with as many positions as a search has.
  func freshCounters(documents: Int = 1) -> ExecutionCounters {
    let (limit, overflow) = engine.positionsMax.multipliedReportingOverflow(by: documents)
    return ExecutionCounters(budget: PositionBudget(limit: min(overflow ? .max : limit, engine.positionsShownMax)))
  }

  func failure(_ error: ExecutionError, in segment: Segment) -> SearchError {
    SearchError(
      error, segment: segment.id, query: request.query, ranges: plan.root.unitRanges, limit: engine.positionsMax,
      partialCount: documentCount)
  }
}
