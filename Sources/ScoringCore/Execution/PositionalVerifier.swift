internal import Base

/// Decides by positions whether a document matches a unit, and how often.
///
/// Phrases and two-word NEAR and PRE over single lists have loops of their own here, on raw positions; everything else
/// is the `PositionalMatcher`'s. Both add up a frequency hit by hit in ascending order, so they agree bit for bit.
struct PositionalVerifier {
  /// The expressions with loops of their own.
  enum FastPath {
    case none
    /// Leaf and place of each word.
    case phrase([(leaf: Int, place: UInt32)])
    /// Words within `max` positions of each other; `isOrdered`: the first before the second.
    case pair(first: Int, second: Int, max: UInt32, isOrdered: Bool)
  }

  let fastPath: FastPath
  let needsLayout: Bool
  let needsSentences: Bool
  let isFiltered: Bool
  var matcher: PositionalMatcher
  var positions = DocumentPositions()

  init(_ unit: PositionalUnit, fastPaths: Bool) {
    matcher = PositionalMatcher(unit.expression, leafCount: unit.leaves.count, overlaps: unit.overlaps)
    isFiltered = unit.leaves.contains { $0.fieldFilter != nil }
    needsSentences = unit.expression.needsSentences
    needsLayout = unit.expression.needsLayout || isFiltered
    fastPath = fastPaths ? Self.fastPath(unit) : .none
  }

  private static func fastPath(_ unit: PositionalUnit) -> FastPath {
    switch unit.expression {
    case .phrase(let places) where places.count <= 64:
      var words: [(leaf: Int, place: UInt32)] = []
      for (place, leaf) in places.enumerated() {
        guard let leaf else { return .none }
        words.append((leaf, UInt32(place)))
      }
      return .phrase(words)
    case .near(let least, let most, .leaf(let first), .leaf(let second)):
      guard least <= 1, most >= 1, !unit.overlaps.contains(first, second) else { return .none }
      return .pair(first: first, second: second, max: UInt32(clamping: most), isOrdered: false)
    case .window(let most, let operands) where operands.count == 2:
      guard case .leaf(let first) = operands[0], case .leaf(let second) = operands[1] else { return .none }
      guard most >= 1, !unit.overlaps.contains(first, second) else { return .none }
      return .pair(first: first, second: second, max: UInt32(clamping: most), isOrdered: false)
    case .precedes(let least, let most, .leaf(let first), .leaf(let second)):
      guard least <= 1, most >= 1, !unit.overlaps.contains(first, second) else { return .none }
      return .pair(first: first, second: second, max: UInt32(clamping: most), isOrdered: true)
    default: return .none
    }
  }
}

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

  /// Visits the minimal hulls of a pair of words: neighbours, in the merged order of positions, of different words.
  /// `body` gets first and last position, ascending, and answers whether to go on.
  @inline(__always)
  static func forEachPair(
    _ first: Slots<UInt32>, _ firstCount: Int, _ second: Slots<UInt32>, _ secondCount: Int, max: UInt32,
    isOrdered: Bool, _ body: (UInt32, UInt32) -> Bool
  ) {
    var i = 0
    var j = 0
    while i < firstCount, j < secondCount {
      let a = first[i]
      let b = second[j]
      if a < b {
        // The last of the run of `first` before b is b's neighbour.
        while i &+ 1 < firstCount, first[i &+ 1] < b { i &+= 1 }
        if b &- first[i] <= max, !body(first[i], b) { return }
        i &+= 1
      } else {
        while j &+ 1 < secondCount, second[j &+ 1] < a { j &+= 1 }
        if !isOrdered, a &- second[j] <= max, !body(second[j], a) { return }
        j &+= 1
      }
    }
  }
}
