internal import Base

/// A phrase of common words, each of which has rarer forms beside its commonest one. What the phrase layer knows is about
/// the commonest forms, so the documents are looked at in two halves: those without any of the rarer forms, by the lists
/// of pairs; and the others, which are few, by all forms.
struct PhraseHalves {
  /// The phrase of the commonest forms, where the layer has them.
  let common: MatchPlan
  /// The documents that hold a rarer form.
  let others: DocumentSet
  /// The whole phrase in these.
  let rest: MatchPlan

  /// The other forms' postings are so many times fewer than the rarest word's: each of their documents is looked up.
  private static let advantage: UInt64 = 2
  /// A second execution takes as long as so many documents of the rarest word.
  private static let fixedCost: UInt64 = 64

  /// - Returns: Nil where the plan is something else, or there is nothing to gain.
  init?(_ plan: MatchPlan, in view: SegmentView, _ request: ExecutionRequest) throws(PostingError) {
    guard case .positional(let given) = plan, !given.pairs.commonForms.isEmpty, request.counting != .collected,
      request.optimisations.isSuperset(of: [.pairs, .positionalFastPaths])
    else { return nil }
    var unit = given
    let otherForms = unit.pairs.otherForms
    let otherPostings = otherForms.reduce(0) { $0 + UInt64($1.documentFrequency) }
    let rarest = unit.leaves.map { $0.lists.reduce(0) { $0 + UInt64($1.documentFrequency) } }.min() ?? 0
    guard otherPostings * Self.advantage + Self.fixedCost <= rarest else { return nil }
    others = try Self.documents(of: otherForms, in: view)
    var whole = unit
    whole.pairs = UnitPairs()
    rest = .and([.positional(whole), .documents(others)])
    for form in unit.pairs.commonForms {
      unit.leaves[form.leaf].lists = [unit.leaves[form.leaf].lists[form.list]]
      unit.leaves[form.leaf].classList = nil
      unit.leaves[form.leaf].merged = nil
    }
    unit.pairs.commonForms = []
    common = .positional(unit)
  }

  private static func documents(
    of lists: [PostingListReference], in view: SegmentView
  ) throws(PostingError) -> DocumentSet {
    var bits = [UInt64](repeating: 0, count: Int(view.documentCount) / 64 + 1)
    for list in lists {
      var walk = try PostingWalk(list, in: view)
      while try walk.next() != .terminated { bits[Int(walk.document / 64)] |= 1 << UInt64(walk.document % 64) }
    }
    return DocumentSet(documentCount: view.documentCount, bits: bits)
  }
}

extension Execution {
  /// Both halves, one after the other: no document is in both.
  static func execute(
    _ halves: PhraseHalves, in segment: SegmentView, segmentOrdinal: UInt32, ranking: BM25, request: ExecutionRequest,
    into topK: inout TopK, counters: inout ExecutionCounters
  ) throws(ExecutionError) -> Int {
    var best = topK
    let rejected = halves.others.complement.rejections(in: segment)
    // The view borrows the set.
    var count = try withExtendedLifetime(rejected) { () throws(ExecutionError) in
      try execute(
        halves.common, in: segment.deleting(rejected), segmentOrdinal: segmentOrdinal, ranking: ranking,
        request: request, into: &best, counters: &counters)
    }
    var request = request
    request.comesLater = true
    count += try execute(
      halves.rest, in: segment, segmentOrdinal: segmentOrdinal, ranking: ranking, request: request, into: &best,
      counters: &counters)
    topK = best
    return count
  }
}
