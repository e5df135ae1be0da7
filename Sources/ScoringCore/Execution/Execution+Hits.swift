public import Base

extension Execution {
  /// The hits of `plan` in `document`, ascending by (lo, hi), duplicates removed: of a positional unit its minimal
  /// hulls, of a word its positions, of AND and OR those of each positive operand that matches; none of what stands
  /// under NOT.
  ///
  /// Leaf numbers in the hits count the `WordLeaf`s of the whole plan in query order, those under NOT included.
  ///
  /// - Returns: Nothing where the document does not match or is deleted.
  /// - Throws: `ExecutionError`.
  public static func hits(
    _ plan: MatchPlan, in segment: SegmentView, document: DocID, optimisations: Optimisations = .all,
    counters: inout ExecutionCounters
  ) throws(ExecutionError) -> [Hit] {
    guard document < segment.documentCount, !segment.isDeleted(document) else { return [] }
    var executor = try openForHits(plan, segment, counters, optimisations)
    // The executor borrows the plan's sets.
    return try withExtendedLifetime(plan) { () throws(ExecutionError) in
      let hits = try executor.hits(document)
      try executor.finish()
      counters = executor.counters
      return hits
    }
  }

  /// Calls `visit` with the hits (see `hits`) of each of `documents`, until it answers false. The first `wordsMax` hits
  /// of a document have their words, the others are there to be counted. The plan is compiled once.
  ///
  /// - Parameters:
  ///   - documents: Ascending.
  ///   - visit: The place in `documents`, and the hits; none where the document does not match or is deleted.
  /// - Throws: `ExecutionError`. The budget in `counters` is that of all documents.
  public static func hits(
    _ plan: MatchPlan, in segment: SegmentView, documents: [DocID], wordsMax: Int, optimisations: Optimisations = .all,
    counters: inout ExecutionCounters, _ visit: (_ place: Int, _ hits: [Hit]) -> Bool
  ) throws(ExecutionError) {
    guard !documents.isEmpty else { return }
    var executor = try openForHits(plan, segment, counters, optimisations)
    // The executor borrows the plan's sets.
    try withExtendedLifetime(plan) { () throws(ExecutionError) in
      try executor.hits(documents, wordsMax, visit)
      try executor.finish()
      counters = executor.counters
    }
  }

  /// An executor of a plan without plain words: every unit can tell its hits.
  static func openForHits(
    _ plan: MatchPlan, _ segment: SegmentView, _ counters: ExecutionCounters, _ optimisations: Optimisations = .all
  ) throws(ExecutionError) -> Executor {
    do {
      return try Executor(
        plan.asUnits, segment, segmentOrdinal: 0, .unranked,
        ExecutionRequest(optimisations: optimisations.subtracting([.pairs, .unitLoop])), topK: TopK(k: 0),
        counters: counters)
    } catch {
      throw .corruptPostings(error)
    }
  }
}

extension Executor {
  fileprivate mutating func hits(_ document: DocID) throws(ExecutionError) -> [Hit] {
    start(root)
    if nodes[root].document < document { advance(root, to: document) }
    return try matchedHits(document)
  }

  fileprivate mutating func hits(
    _ documents: [DocID], _ wordsMax: Int, _ visit: (Int, [Hit]) -> Bool
  ) throws(ExecutionError) {
    start(root)
    for (place, document) in documents.enumerated() {
      precondition(place == 0 || documents[place - 1] < document, "documents ascend")
      var hits: [Hit] = []
      if document < view.documentCount, !view.isDeleted(document) {
        if nodes[root].document < document { advance(root, to: document) }
        hits = try matchedHits(document, wordsMax: wordsMax)
      }
      guard visit(place, hits) else { return }
    }
  }

  /// The hits of a document that the root stands on, none where it does not match; the first `wordsMax` with their words.
  mutating func matchedHits(_ document: DocID, wordsMax: Int = .max) throws(ExecutionError) -> [Hit] {
    var hits: [Hit] = []
    _ = try addHits(root, document, wordsMax, &hits)
    // A unit's hits ascend and have no repeats.
    if nodes[root].kind == .positional { return hits }
    // Sorting is stable: of equal hulls the one written first in the query stays.
    hits.sort { $0.lo != $1.lo ? $0.lo < $1.lo : $0.hi < $1.hi }
    var kept = 0
    for place in hits.indices {
      if kept > 0, hits[kept - 1].lo == hits[place].lo, hits[kept - 1].hi == hits[place].hi { continue }
      if kept < place { hits.swapAt(kept, place) }
      kept += 1
    }
    hits.removeLast(hits.count - kept)
    return hits
  }

  /// Adds the hits of a node; false, and none, where it does not match. A unit matches where it has hits, so nothing is
  /// verified before.
  ///
  /// Of all hits in order the first n are among the first n of each unit, so each unit gives so many their words.
  private mutating func addHits(
    _ node: Int, _ document: DocID, _ wordsMax: Int, _ hits: inout [Hit]
  ) throws(ExecutionError) -> Bool {
    let this = nodes[node]
    guard this.document == document else { return false }
    let first = hits.count
    switch this.kind {
    case .nothing: return false
    case .all, .documents, .words: return true
    case .positional:
      try addUnitHits(this.unit, document, wordsMax, &hits)
      return hits.count > first
    case .and:
      for i in 0..<this.childCount where try !addHits(children[this.firstChild + i], document, wordsMax, &hits) {
        hits.removeLast(hits.count - first)
        return false
      }
      return true
    case .or:
      var matches = false
      for i in 0..<this.childCount where try addHits(children[this.firstChild + i], document, wordsMax, &hits) {
        matches = true
      }
      return matches
    case .andNot:
      guard try isMatch(node, document, wantsFrequency: false) else { return false }
      return try addHits(children[this.firstChild], document, wordsMax, &hits)
    case .andMaybe:
      guard try addHits(children[this.firstChild], document, wordsMax, &hits) else { return false }
      _ = try addHits(children[this.firstChild + 1], document, wordsMax, &hits)
      return true
    }
  }

  private mutating func addUnitHits(
    _ number: Int, _ document: DocID, _ wordsMax: Int, _ hits: inout [Hit]
  ) throws(ExecutionError) {
    let unit = units[number]
    let verifier = unit.verifier
    if verifiers[verifier].isWord { return try addWordHits(number, document, wordsMax, &hits) }
    try loadPositions(number, document)
    let first = hits.count
    let positions = verifiers[verifier].positions
    do {
      try verifiers[verifier].matcher?.hits(
        positions, layout: unit.needsLayout ? layout : .unbounded, wordsMax: wordsMax,
        budget: &counters.budget, into: &hits)
    } catch {
      throw Self.exhausted(number, error)
    }
    for i in first..<hits.count {
      for k in hits[i].words.indices { hits[i].words[k].leaf += unit.firstLeaf }
    }
  }
}

extension Executor {
  /// As `addUnitHits` of a unit that is a word: each position is a hit of one word.
  private mutating func addWordHits(
    _ number: Int, _ document: DocID, _ wordsMax: Int, _ hits: inout [Hit]
  ) throws(ExecutionError) {
    let unit = units[number]
    try fillPositions(number, document)
    let count = verifiers[unit.verifier].positions.positions.count
    try spend(count, number)
    hits.reserveCapacity(hits.count + count)
    for place in 0..<count {
      let position = verifiers[unit.verifier].positions.positions[place]
      let words = place < wordsMax ? [HitWord(leaf: unit.firstLeaf, position: position)] : []
      hits.append(Hit(lo: position, hi: position, words: words))
    }
  }
}

extension MatchPlan {
  /// The same plan with every word as a unit of one leaf.
  fileprivate var asUnits: MatchPlan {
    switch self {
    case .nothing, .all, .documents, .positional: self
    case .words(let leaf):
      .positional(
        PositionalUnit(
          expression: .leaf(0), leaves: [leaf], overlaps: .none(leafCount: 1), weight: leaf.weight, scored: leaf.scored))
    case .and(let plans): .and(plans.map(\.asUnits))
    case .or(let plans): .or(plans.map(\.asUnits))
    case .andNot(let positive, let negative): .andNot(positive.asUnits, negative.asUnits)
    case .andMaybe(let required, let optional): .andMaybe(required.asUnits, optional.asUnits)
    }
  }
}
