internal import Base

/// Proximity of common words: the few documents of a tier first, and often nothing else (`NearTier`).
extension Executor {
  private struct TierCandidate {
    var bound: Float
    var document: DocID
  }

  /// Verifies the documents of the unit's tier while they can enter, best bound first. True where nothing outside of the
  /// tier can enter any more; else `decided` lists its documents for the loop over all, which starts afresh.
  mutating func runTier(_ loop: inout UnitLoop) throws(ExecutionError) -> Bool {
    let unit = units[loop.number]
    guard unit.tierList >= 0, topK.k <= NearTier.documentsMax / 4,
      lists[loop.lists[0]].reference.documentFrequency >= 2 * lists[unit.tierList].reference.documentFrequency
    else { return false }
    let candidates = tierCandidates(unit)
    let saved = arena.slots(loop.lists.count, repeating: lists[loop.lists[0]])
    for i in 0..<loop.lists.count { saved[i] = lists[loop.lists[i]] }
    // A document that comes later may have lost to none yet: ties are let through to the heap, which knows the order.
    isSeeded = true
    floor = min(floor, topK.threshold.nextDown)
    var first = 0
    while first < candidates.count {
      // Documents ascend inside a batch, as cursors do; the first batch is small, for it finds most of what enters.
      let end = first == 0 ? min(max(32, 3 * topK.k), candidates.count) : candidates.count
      let batch = candidates[first..<end].filter { $0.bound > floor }.sorted { $0.document < $1.document }
      if batch.isEmpty { break }
      if first > 0 { restore(saved, loop) }
      for candidate in batch where candidate.bound > floor {
        guard align(loop, candidate.document, from: 0), !view.isDeleted(candidate.document) else { continue }
        try evaluate(loop, candidate.document, mayEnter: true)
      }
      first = end
    }
    if BM25.score(scale: loop.scale, ratio: unit.tierRest) <= floor { return true }
    restore(saved, loop)
    loop.decided = arena.slots(candidates.count, repeating: DocID.terminated)
    for (i, document) in candidates.map(\.document).sorted().enumerated() { loop.decided[i] = document }
    return false
  }

  private mutating func tierCandidates(_ unit: PlanUnit) -> [TierCandidate] {
    let list = unit.tierList
    var candidates: [TierCandidate] = []
    candidates.reserveCapacity(NearTier.documentsMax)
    lists[list].advance(to: 0)
    while lists[list].document != .terminated {
      let document = lists[list].document
      let ratio = Float(lists[list].frequency()) * unit.tierMultiplier * inverse[Int(view.norm(document))]
      candidates.append(TierCandidate(bound: BM25.score(scale: unit.scale, ratio: ratio), document: document))
      lists[list].next()
    }
    candidates.sort { ($1.bound, $0.document) < ($0.bound, $1.document) }
    return candidates
  }

  /// Puts the words' cursors back to where they were; what they did still counts.
  private mutating func restore(_ saved: Slots<ListCursor>, _ loop: UnitLoop) {
    for i in 0..<loop.lists.count { lists[loop.lists[i]].restore(saved[i]) }
  }
}
