internal import Base

/// Proximity of common words: the few documents of a tier first, and often nothing else (`NearTier`).
///
/// A stem has several forms. Let some of each word's forms be common, so that each choice of one common form for each
/// word has a tier. A hit of the whole in a document either has a common form of every word: then it is a hit of one of
/// the choices, and as short as it is there, so the nearness of all choices together bounds what such hits add; or it
/// holds an occurrence of another form, of which at most k hits of k words hold each (`FrequencyBound`, windows).
extension Executor {
  private struct TierCandidate {
    /// Of f / K, then of the score.
    var bound: Float
    var document: DocID
  }

  /// Verifies the documents of the unit's tiers while they can enter, best bound first, and those in which a word stands
  /// in a form that no tier knows of. True where nothing else can enter any more; else `decided` lists these
  /// documents for the loop over all, which starts afresh. Nothing is counted here: where it is to be, the loop over all
  /// does that, with most documents known not to enter.
  mutating func runTier(_ loop: inout UnitLoop) throws(ExecutionError) -> Bool {
    let unit = units[loop.number]
    let listed = (unit.firstTier..<unit.firstTier + unit.tierCount).reduce(UInt64(0)) {
      $0 + UInt64(lists[tiers[$1].list].reference.documentFrequency)
    }
    guard listed > 0, floor < .infinity, topK.k <= NearTier.documentsMax / 4, leaves[loop.leaves[0]].cost >= 2 * listed
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
        if unit.otherFormCount > 0 || unit.knowsNeighbours {
          // A document of other forms, of which little is known yet, or an order that the tier does not regard.
          let leadFrequency = frequency(of: loop.leaves[0], in: candidate.document)
          guard documentBound(&loop, candidate.document, leadFrequency) > floor else { continue }
        }
        try evaluate(&loop, candidate.document, mayEnter: true)
      }
    }
    let isComplete = BM25.score(scale: loop.scale, ratio: tierRest(unit)) <= floor
    if isMoved, counts || !isComplete { restore(saved) }
    if isComplete { return true }
    loop.decided = arena.slots(candidates.count, repeating: DocID.terminated)
    for (i, document) in candidates.map(\.document).sorted().enumerated() { loop.decided[i] = document }
    return false
  }

  /// What bounds f / K of a document that no tier lists and that holds no other form.
  private func tierRest(_ unit: PlanUnit) -> Float {
    (unit.firstTier..<unit.firstTier + unit.tierCount).reduce(0) { $0 + tiers[$1].rest }
  }

  /// The documents of the tiers and those of the other forms, best first.
  private mutating func tierCandidates(_ unit: PlanUnit) -> [TierCandidate] {
    var candidates = documentsOfOtherForms(unit)
    candidates.reserveCapacity(candidates.count + unit.tierCount * NearTier.documentsMax)
    for number in unit.firstTier..<unit.firstTier + unit.tierCount {
      let (list, rest) = (tiers[number].list, tiers[number].rest)
      lists[list].advance(to: 0)
      while lists[list].document != .terminated {
        let document = lists[list].document
        let ratio = Float(lists[list].frequency()) * unit.tierMultiplier * inverse[Int(view.norm(document))]
        // In place of the bound for what this tier does not list. Not so small that rounding shows.
        candidates.append(TierCandidate(bound: max(ratio, rest / 64) - rest, document: document))
        lists[list].next()
      }
    }
    if unit.tierCount > 1 || unit.otherFormCount > 0 { unite(&candidates) }
    let rest = tierRest(unit)
    for i in candidates.indices {
      candidates[i].bound = BM25.score(scale: unit.scale, ratio: (candidates[i].bound + rest) * LeafCursor.slack)
    }
    candidates.sort { ($1.bound, $0.document) < ($0.bound, $1.document) }
    return candidates
  }

  /// The documents of each other form with a bound for what hits that hold it add to f / K.
  private mutating func documentsOfOtherForms(_ unit: PlanUnit) -> [TierCandidate] {
    var candidates: [TierCandidate] = []
    for list in unit.firstOtherForm..<unit.firstOtherForm + unit.otherFormCount {
      lists[list].advance(to: 0)
      while lists[list].document != .terminated {
        let document = lists[list].document
        let hits = Float(lists[list].frequency()) * Float(unit.path.wordCount)
        candidates.append(TierCandidate(bound: hits * inverse[Int(view.norm(document))], document: document))
        lists[list].next()
      }
    }
    return candidates
  }

  /// One candidate for each document: the bounds of all that are about it add up.
  private func unite(_ candidates: inout [TierCandidate]) {
    guard !candidates.isEmpty else { return }
    candidates.sort { $0.document < $1.document }
    var kept = 0
    for i in 1..<candidates.count {
      if candidates[i].document == candidates[kept].document {
        candidates[kept].bound += candidates[i].bound
      } else {
        kept += 1
        candidates[kept] = candidates[i]
      }
    }
    candidates.removeSubrange((kept + 1)...)
  }

  /// Puts the cursors back to where they were; what they did still counts.
  private mutating func restore(_ saved: Slots<ListCursor>) {
    for i in 0..<lists.count { lists[i].restore(saved[i]) }
  }
}
