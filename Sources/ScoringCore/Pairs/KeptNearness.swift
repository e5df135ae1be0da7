internal import CKernels

/// What the kernel that drains the nearness of a document changes and compares with, by number of pair.
@safe
struct KeptNearness {
  /// Documents that have the pair.
  let totals: Slots<UInt32>
  /// The most quarters of a document of this length that was too light.
  let dropped: Slots<UInt32>
  /// What is not heavier is too light.
  let least: Slots<Float>
  /// What a quarter weighs.
  let factor: Float
}

extension Slots {
  /// Asks for the memory of an element that will be read or written soon; there need not be one.
  @inline(__always)
  func prefetch(_ i: Int) { unsafe kwic_prefetch(UnsafeRawPointer(pointer()) + i &* MemoryLayout<Element>.stride) }  // SAFETY: not read.
}

extension Slots where Element == TierCandidates.Entry {
  /// Keeps the `rank` heaviest of the first `count` entries, by their weights, of which `bound` is the `rank`-th largest, in
  /// order; the others go to `light`, in order. Answers how many are kept.
  func keepHeaviest(_ rank: Int, _ weights: Slots<Float>, count: Int, bound: Float, light: Slots) -> Int {
    assert(rank <= count && count <= self.count && count <= weights.count && count <= light.count)
    // SAFETY: as asserted; an entry is eight bytes, which the kernel moves as they are.
    return unsafe kwic_keep_heaviest(
      UnsafeMutableRawPointer(pointer()).assumingMemoryBound(to: UInt64.self), weights.pointer(), count, bound, rank,
      UnsafeMutableRawPointer(light.pointer()).assumingMemoryBound(to: UInt64.self))
  }
}

extension Slots where Element == Float {
  /// Takes the nearness of all pairs out, in quarters, rounded up, since the query adds up the same addends in another
  /// order. Answers how many are heavy, whose numbers and quarters it writes.
  func drain(into kept: KeptNearness, heavy: Slots<UInt32>, quarters: Slots<UInt32>) -> Int {
    assert(kept.totals.count == count && kept.dropped.count == count && kept.least.count == count)
    assert(heavy.count >= count && quarters.count >= count)
    // SAFETY: as asserted, and all are runs of their own.
    let nearness = unsafe kwic_nearness(
      sums: pointer(), totals: kept.totals.pointer(), dropped: kept.dropped.pointer(), least: kept.least.pointer(),
      factor: kept.factor, unit: NearTier.unit, slack: LeafCursor.slack)
    return unsafe kwic_drain_nearness(nearness, count, heavy.pointer(), quarters.pointer())
  }

  /// The `rank`-th largest of the first `count` values, which are 0 or more.
  func largest(_ rank: Int, count: Int) -> Float {
    assert(rank > 0 && rank <= count && count <= self.count)
    return unsafe kwic_largest(pointer(), count, rank)  // SAFETY: as asserted.
  }
}
