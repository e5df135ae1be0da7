/// The loops over positions of single lists.
enum PositionLoops {
  /// Keeps, of the ascending `candidates[0..<count]`, those for which `candidate + place` is among `positions`.
  static func keepFollowed(
    _ candidates: Slots<UInt32>, count: Int, by positions: Slots<UInt32>, positionCount: Int, place: UInt32
  ) -> Int {
    var kept = 0
    var next = 0
    for i in 0..<count {
      let wanted = candidates[i] &+ place
      while next < positionCount, positions[next] < wanted { next &+= 1 }
      guard next < positionCount else { break }
      if positions[next] == wanted {
        candidates[kept] = candidates[i]
        kept &+= 1
      }
    }
    return kept
  }

  /// Which pairs of a rarer and a more frequent word count: all, or those in which the rarer stands first or last.
  enum PairOrder {
    case any, rarerFirst, rarerLast
  }

  /// Finds the minimal hulls of two words that are at most `max` positions wide: neighbours, in the merged order of
  /// positions, of different words.
  /// - Parameters:
  ///   - stopsAtFirst: Whether one hull is enough.
  ///   - hulls: Receives first and last position of each, ascending; room for four times `rarer` and two.
  /// - Returns: How many hulls were found.
  static func pairs(
    _ rarer: Slots<UInt32>, _ other: Slots<UInt32>, max: UInt32, order: PairOrder, stopsAtFirst: Bool,
    into hulls: Slots<UInt32>
  ) -> Int {
    other.count > skippingRatio * rarer.count
      ? pairsBySkipping(rarer, other, max: max, order: order, stopsAtFirst: stopsAtFirst, into: hulls)
      : pairsByMerging(rarer, other, max: max, order: order, stopsAtFirst: stopsAtFirst, into: hulls)
  }

  /// From this imbalance on positions of the frequent word are skipped over eight at a time.
  private static let skippingRatio = 16

  /// For one position of the rarer word after the other its neighbours in the other.
  private static func pairsBySkipping(
    _ rarer: Slots<UInt32>, _ other: Slots<UInt32>, max: UInt32, order: PairOrder, stopsAtFirst: Bool,
    into hulls: Slots<UInt32>
  ) -> Int {
    var found = 0
    var next = 0
    for i in 0..<rarer.count {
      let position = rarer[i]
      while next &+ 8 <= other.count, other[next &+ 7] < position { next &+= 8 }
      while next < other.count, other[next] < position { next &+= 1 }
      if order != .rarerFirst, next > 0 {
        let before = other[next &- 1]
        if position &- before <= max, i == 0 || before > rarer[i &- 1] {
          hulls[2 &* found] = before
          hulls[2 &* found &+ 1] = position
          found &+= 1
        }
      }
      if order != .rarerLast, next < other.count {
        let after = other[next]
        if after &- position <= max, i &+ 1 == rarer.count || after < rarer[i &+ 1] {
          hulls[2 &* found] = position
          hulls[2 &* found &+ 1] = after
          found &+= 1
        }
      }
      if stopsAtFirst, found > 0 { return found }
    }
    return found
  }

  /// Merges without a branch on the data: which word comes next is as good as random.
  private static func pairsByMerging(
    _ rarer: Slots<UInt32>, _ other: Slots<UInt32>, max: UInt32, order: PairOrder, stopsAtFirst: Bool,
    into hulls: Slots<UInt32>
  ) -> Int {
    guard rarer.count > 0, other.count > 0 else { return 0 }
    // What may end a hull: bit 0 the rarer word, bit 1 the other.
    let ends = order == .any ? 3 : order == .rarerLast ? 1 : 2
    var found = 0
    var i = 0
    var k = 0
    var last: UInt32 = 0
    var lastWord = -1  // none yet
    while true {
      let a = rarer[i]
      let b = other[k]
      let word = a < b ? 0 : 1
      let position = a < b ? a : b
      hulls[2 &* found] = last
      hulls[2 &* found &+ 1] = position
      let isHull = (lastWord == 1 &- word ? 1 : 0) & (ends &>> word) & (position &- last <= max ? 1 : 0)
      found &+= isHull
      last = position
      lastWord = word
      i &+= 1 &- word
      k &+= word
      if stopsAtFirst, found > 0 { return found }
      if i == rarer.count || k == other.count { break }
    }
    // One word is used up; the next position of the other may be a neighbour of its last.
    let rest = i == rarer.count ? 1 : 0
    let position = rest == 1 ? other[k] : rarer[i]
    if lastWord != rest, ends &>> rest & 1 == 1, position &- last <= max {
      hulls[2 &* found] = last
      hulls[2 &* found &+ 1] = position
      found &+= 1
    }
    return found
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
