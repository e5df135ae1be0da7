internal import CKernels

/// The loops over the positions of words.
enum PositionLoops {
  /// Merges the first `first` of ascending positions with the rest, which ascend too. Answers how many are left: of
  /// equal ones one.
  /// - Parameter scratch: Room for all of them.
  @inline(__always)
  static func merge(_ positions: Slots<UInt32>, first: Int, scratch: Slots<UInt32>) -> Int {
    assert(first <= positions.count && scratch.count >= positions.count)
    // SAFETY: both runs and the room are there.
    return unsafe kwic_merge_positions(positions.pointer(), first, positions.count, scratch.pointer())
  }

  /// Keeps, of the ascending `candidates[0..<count]`, those for which `candidate + place` is among `positions`.
  @inline(__always)
  static func keepFollowed(
    _ candidates: Slots<UInt32>, count: Int, by positions: Slots<UInt32>, place: UInt32
  ) -> Int {
    assert(count <= candidates.count)
    // SAFETY: both runs are there, and candidates are only written in front of where they are read.
    return unsafe kwic_keep_followed(candidates.pointer(), count, positions.pointer(), positions.count, place)
  }

  /// Which pairs of a rarer and a more frequent word count: all, or those in which the rarer stands first or last.
  enum PairOrder {
    case any, rarerFirst, rarerLast
  }

  /// Finds the minimal hulls of two words that are at most `max` positions wide: neighbours, in the merged order of
  /// positions, of different words.
  /// - Parameter hulls: Receives first and last position of each, ascending; room for four times `rarer` and two.
  /// - Returns: How many hulls were found.
  @inline(__always)
  static func pairs(
    _ rarer: Slots<UInt32>, _ other: Slots<UInt32>, max: UInt32, order: PairOrder, into hulls: Slots<UInt32>
  ) -> Int {
    assert(hulls.count >= 4 * rarer.count + 2)
    // SAFETY: both runs are there; a position of the rarer word ends one hull and begins one, and one more is tried.
    return unsafe kwic_pairs(
      rarer.pointer(), rarer.count, other.pointer(), other.count, max, order == .rarerFirst ? 0 : 1,
      order == .rarerLast ? 0 : 1, hulls.pointer())
  }

  /// Whether `pairs` would find some; if so, two positions that stand as asked are written to the first places of `pair`.
  @inline(__always)
  static func firstPair(
    _ rarer: Slots<UInt32>, _ other: Slots<UInt32>, max: UInt32, order: PairOrder, into pair: Slots<UInt32>
  ) -> Bool {
    assert(pair.count >= 2)
    // SAFETY: both runs are there, and room for the pair.
    return unsafe kwic_first_pair(
      rarer.pointer(), rarer.count, other.pointer(), other.count, max, order == .rarerFirst ? 0 : 1,
      order == .rarerLast ? 0 : 1, pair.pointer()) != 0
  }

  /// The same for three words, the rarest first.
  /// - Parameters:
  ///   - onlyOne: It is enough to know that there are some.
  ///   - hulls: Room for twice all positions and two.
  @inline(__always)
  static func triples(
    _ first: Slots<UInt32>, _ second: Slots<UInt32>, _ third: Slots<UInt32>, max: UInt32, onlyOne: Bool,
    into hulls: Slots<UInt32>
  ) -> Int {
    assert(hulls.count >= 2 * (first.count + second.count + third.count) + 2)
    // SAFETY: all three runs are there; each position ends one hull, and one more is tried.
    return unsafe kwic_triples(
      first.pointer(), first.count, second.pointer(), second.count, third.pointer(), third.count, max,
      onlyOne ? 1 : 0, hulls.pointer())
  }

  /// Visits the minimal hulls of several distinct words: the lazy algorithm for AND of Boldi and Vigna (2016) on arrays.
  ///
  /// Every head is its word's first position from the current beginning on, so the last head is the nearest end. The
  /// hull is minimal unless the word at its beginning stands once more inside it.
  /// - Parameter heads: For each word, place of its next position and end of its positions; used up.
  @inline(__always)
  static func forEachWindow(
    _ positions: Slots<UInt32>, _ heads: Slots<PositionRange>, max: UInt32, _ body: (UInt32, UInt32) -> Bool
  ) {
    while true {
      var first = 0
      var lo = UInt32.max
      var hi: UInt32 = 0
      for i in 0..<heads.count {
        let position = positions[heads[i].next]
        if position < lo { (first, lo) = (i, position) }
        if position > hi { hi = position }
      }
      heads[first].next &+= 1
      let isLast = heads[first].next == heads[first].end
      if hi &- lo <= max, isLast || positions[heads[first].next] > hi, !body(lo, hi) { return }
      if isLast { return }
    }
  }
}

/// The positions of one word in a buffer that are still to be visited.
struct PositionRange: BitwiseCopyable {
  var next: Int
  var end: Int
}
