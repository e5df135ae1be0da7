internal import Base

/// The entry to the scoring core: called once for each query and segment.
///
/// The answer never depends on what was pruned: the k best documents, their scores to the last bit and their order are
/// those of exhaustive scoring. Everything is synchronous and single-threaded; several calls may run in parallel.
public enum Execution {
  /// Finds the matches of `plan` and offers them to `topK`.
  ///
  /// - Parameters:
  ///   - segmentOrdinal: Place of the segment in its snapshot; ties are broken by it.
  ///   - topK: Carries the threshold from segment to segment; left unchanged by an error.
  ///   - counters: Added to. The budget in it is the query's.
  /// - Returns: The number of matching documents that are not deleted, exact if `request` counts; else a lower bound.
  /// - Throws: `ExecutionError`.
  public static func execute(
    _ plan: MatchPlan, in segment: SegmentView, segmentOrdinal: UInt32, ranking: BM25,
    request: ExecutionRequest = ExecutionRequest(), into topK: inout TopK, counters: inout ExecutionCounters
  ) throws(ExecutionError) -> Int {
    if let count = knownCount(of: plan, in: segment, request, topK) { return count }
    let halves: PhraseHalves?
    do { halves = try PhraseHalves(plan, in: segment, request) } catch { throw .corruptPostings(error) }
    if let halves {
      return try execute(
        halves, in: segment, segmentOrdinal: segmentOrdinal, ranking: ranking, request: request, into: &topK,
        counters: &counters)
    }
    return try run(
      plan, segment, request, open: { (plan, view) throws(ExecutionError) in
        try open(plan, view, segmentOrdinal, ranking, request, topK, counters)
      }
    ) { executor in
      topK = executor.topK
      counters = executor.counters
      return executor.matchCount
    }
  }

  /// The number of a word's documents, where nothing else is wanted and its list says it: no cursor is opened.
  private static func knownCount(
    of plan: MatchPlan, in segment: SegmentView, _ request: ExecutionRequest, _ topK: borrowing TopK
  ) -> Int? {
    guard topK.k == 0, request.counting == .documents, request.optimisations.contains(.counting),
      !segment.hasDeletions, case .words(let word) = plan
    else { return nil }
    return listedFrequency(of: word, request.optimisations).map { Int($0) }
  }

  /// The document frequency that one list says; nil where documents have to be looked at.
  private static func listedFrequency(of word: WordLeaf, _ optimisations: Optimisations) -> UInt32? {
    guard !word.needsPositions else { return nil }
    if word.lists.count <= 1 { return word.lists.first?.documentFrequency ?? 0 }
    if optimisations.contains(.classLists), let classList = word.classList { return classList.documentFrequency }
    return optimisations.contains(.mergedLists) ? word.merged?.documentFrequency : nil
  }

  /// The same, and the set of all matching documents that are not deleted.
  public static func collect(
    _ plan: MatchPlan, in segment: SegmentView, segmentOrdinal: UInt32, ranking: BM25,
    optimisations: Optimisations = .all, into topK: inout TopK, counters: inout ExecutionCounters
  ) throws(ExecutionError) -> DocumentSet {
    let request = ExecutionRequest(counting: .collected, optimisations: optimisations)
    return try run(
      plan, segment, request, open: { (plan, view) throws(ExecutionError) in
        try open(plan, view, segmentOrdinal, ranking, request, topK, counters)
      }
    ) { executor in
      topK = executor.topK
      counters = executor.counters
      let bits = (0..<executor.matched.count).map { executor.matched[$0] }
      return DocumentSet(documentCount: segment.documentCount, bits: bits)
    }
  }

  /// Runs a plan, or what is left of it when its filter passes for deletions.
  private static func run<Result>(
    _ plan: MatchPlan, _ segment: SegmentView, _ request: ExecutionRequest,
    open: (MatchPlan, SegmentView) throws(ExecutionError) -> Executor,
    answer: (borrowing Executor) -> Result
  ) throws(ExecutionError) -> Result {
    let masked = request.optimisations.contains(.filters) ? plan.masked : nil
    let rejected = masked.map { $0.filter.rejections(in: segment) }
    var executor = try open(masked?.rest ?? plan, rejected.map { segment.deleting($0) } ?? segment)
    // The executor borrows the sets.
    return try withExtendedLifetime((plan, rejected)) { () throws(ExecutionError) in
      try executor.run()
      try executor.finish()
      return answer(executor)
    }
  }

  /// The twin that skips nothing: every matching document is found document at a time and scored.
  public static func scoreExhaustively(
    _ plan: MatchPlan, in segment: SegmentView, segmentOrdinal: UInt32, ranking: BM25, into topK: inout TopK,
    counters: inout ExecutionCounters
  ) throws(ExecutionError) -> Int {
    try execute(
      plan, in: segment, segmentOrdinal: segmentOrdinal, ranking: ranking,
      request: ExecutionRequest(counting: .documents, optimisations: .none), into: &topK, counters: &counters)
  }

  /// The number of documents, deleted ones included, that hold a form of `word`: the document frequency of a set of forms.
  public static func documentFrequency(of word: WordLeaf, in segment: SegmentView) throws(ExecutionError) -> UInt64 {
    if let known = listedFrequency(of: word, .all) { return UInt64(known) }
    var unscored = word
    unscored.scored = false
    var none = TopK(k: 0)
    var counters = ExecutionCounters()
    return UInt64(
      try execute(
        .words(unscored), in: segment.withoutDeletions, segmentOrdinal: 0, ranking: .unranked,
        request: ExecutionRequest(counting: .documents), into: &none, counters: &counters))
  }

  private static func open(
    _ plan: MatchPlan, _ segment: SegmentView, _ ordinal: UInt32, _ ranking: BM25, _ request: ExecutionRequest,
    _ topK: TopK, _ counters: ExecutionCounters
  ) throws(ExecutionError) -> Executor {
    do {
      return try Executor(
        plan, segment, segmentOrdinal: ordinal, ranking, request, topK: topK, counters: counters)
    } catch {
      throw .corruptPostings(error)
    }
  }
}

extension Executor {
  /// Counts first where counting alone is cheap, then ranks with the loop for the shape of the plan.
  mutating func run() throws(ExecutionError) {
    var exactCount: Int?
    var flat: FlatWords?
    if isCounting, optimisations.contains(.counting) {
      if let words = unionUnits() {
        countUnion(words)
        exactCount = matchCount
      } else if let words = flatWords() {
        flat = words
        if countConjunction(words.required) { exactCount = matchCount }
      } else if nodes[root].kind == .documents {
        countSet(sets[nodes[root].leaf])
        exactCount = matchCount
      }
      isCounting = exactCount == nil
    }
    let isRanked = exactCount != nil && flat.map { rankFound($0) } == true
    if !isRanked, floor < .infinity || isCounting { try rank(flat) }
    if let exactCount { matchCount = exactCount }
  }

  /// - Parameter flat: `flatWords`, if somebody asked before.
  private mutating func rank(_ flat: FlatWords?) throws(ExecutionError) {
    let node = nodes[root]
    if optimisations.contains(.singleWord), node.kind == .words, units[node.unit].scored, isRunnable(node.leaf)
    {
      runSingleWord()
    } else if optimisations.contains(.unitLoop), let unit = loneUnit() {
      try runUnit(unit)
    } else if optimisations.contains(.wordLoop), let words = flat ?? flatWords() {
      try runWords(words)
    } else if optimisations.contains(.conjunction), node.kind != .words, let flat = conjunctionLeaves() {
      try runConjunction(flat.leaves, filteredBy: flat.sets)
    } else if optimisations.contains(.maxScore), !isCounting, let words = unionUnits(), words.count > 1,
      words.allSatisfy({ units[$0].scale >= DisjunctionState.leastScale })
    {
      runDisjunction(words)
    } else {
      try runTree()
    }
  }

  /// The units of a word or of a flat disjunction of words, in query order; nil where the plan is something else.
  private func unionUnits() -> [Int]? {
    let this = nodes[root]
    if this.kind == .words { return [this.unit] }
    guard this.kind == .or else { return nil }
    var found: [Int] = []
    for i in 0..<this.childCount {
      let child = nodes[children[this.firstChild + i]]
      guard child.kind == .words else { return nil }
      found.append(child.unit)
    }
    return found
  }
}
