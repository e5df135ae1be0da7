internal import Base

/// Proximity of common words: the few documents of a tier first, and often nothing else (`NearTier`).
extension Executor {
  private struct TierCandidate {
    var bound: Float
    var document: DocID
  }

  /// Verifies the documents of the unit's tier while they can enter, best bound first, and those in which a word stands
  /// in a form that the tier does not know of. True where nothing else can enter any more; else `decided` lists these
  /// documents for the loop over all, which starts afresh. Nothing is counted here: where it is to be, the loop over all
  /// does that, with most documents known not to enter.
  mutating func runTier(_ loop: inout UnitLoop) throws(ExecutionError) -> Bool {
    let unit = units[loop.number]
    guard unit.tierList >= 0, floor < .infinity, topK.k <= NearTier.documentsMax / 4,
      leaves[loop.leaves[0]].cost >= 2 * UInt64(lists[unit.tierList].reference.documentFrequency)
    else { return false }
    let (counts, counted) = (isCounting, matchCount)
    isCounting = false
    defer { (isCounting, matchCount) = (counts, counted) }
    let candidates = tierCandidates(unit)
    let saved = arena.slots(copying: lists)
    // A document that comes later may have lost to none yet: ties are let through to the heap, which knows the order.
    isSeeded = true
    floor = min(floor, topK.threshold.nextDown)
    // Documents ascend inside a batch, as cursors do; the first batch is small, for it finds most of what enters.
    let firstCount = min(max(32, 3 * topK.k), candidates.count)
    var isMoved = false
    for batch in [candidates[..<firstCount], candidates[firstCount...]] {
      let open = batch.filter { $0.bound > floor }.sorted { $0.document < $1.document }
      if isMoved, !open.isEmpty { restore(saved) }
      isMoved = isMoved || !open.isEmpty
      for candidate in open where candidate.bound > floor {
        guard align(&loop, candidate.document, from: 0), !view.isDeleted(candidate.document) else { continue }
        if candidate.bound == .infinity || unit.knowsNeighbours {
          // A document of other forms, of which nothing is known yet, or an order that the tier does not regard.
          let leadFrequency = frequency(of: loop.leaves[0], in: candidate.document)
          guard documentBound(&loop, candidate.document, leadFrequency) > floor else { continue }
        }
        try evaluate(&loop, candidate.document, mayEnter: true)
      }
    }
    let isComplete = BM25.score(scale: loop.scale, ratio: unit.tierRest) <= floor
    if isMoved, counts || !isComplete { restore(saved) }
    if isComplete { return true }
    loop.decided = arena.slots(candidates.count, repeating: DocID.terminated)
    for (i, document) in candidates.map(\.document).sorted().enumerated() { loop.decided[i] = document }
    return false
  }

  /// The documents of the tier, best first, and behind them those of the other forms, about which nothing is known.
  private mutating func tierCandidates(_ unit: PlanUnit) -> [TierCandidate] {
    let others = documentsOfOtherForms(unit)
    var candidates: [TierCandidate] = []
    candidates.reserveCapacity(NearTier.documentsMax + others.count)
    var next = 0
    let list = unit.tierList
    lists[list].advance(to: 0)
    while lists[list].document != .terminated {
      let document = lists[list].document
      while next < others.count, others[next] < document { next += 1 }
      if next == others.count || others[next] != document {
        let ratio = Float(lists[list].frequency()) * unit.tierMultiplier * inverse[Int(view.norm(document))]
        candidates.append(TierCandidate(bound: BM25.score(scale: unit.scale, ratio: ratio), document: document))
      }
      lists[list].next()
    }
    candidates.sort { ($1.bound, $0.document) < ($0.bound, $1.document) }
    for document in others { candidates.append(TierCandidate(bound: .infinity, document: document)) }
    return candidates
  }

  /// Ascending, none twice.
  private mutating func documentsOfOtherForms(_ unit: PlanUnit) -> [DocID] {
    var documents: [DocID] = []
    for list in unit.firstOtherForm..<unit.firstOtherForm + unit.otherFormCount {
      lists[list].advance(to: 0)
      while lists[list].document != .terminated {
        documents.append(lists[list].document)
        lists[list].next()
      }
    }
    guard unit.otherFormCount > 1 else { return documents }
    documents.sort()
    var kept = 0
    for document in documents where kept == 0 || documents[kept - 1] != document {
      documents[kept] = document
      kept += 1
    }
    documents.removeSubrange(kept...)
    return documents
  }

  /// Puts the cursors back to where they were; what they did still counts.
  private mutating func restore(_ saved: Slots<ListCursor>) {
    for i in 0..<lists.count { lists[i].restore(saved[i]) }
  }
}
