/// Loops for the commonest whole expressions, and for parts of none: two neighbouring places of a phrase, and two
/// words near each other or one before the other.
///
/// Both loops merge two lists without a branch on which comes next. A minimal hull of two words is a pair of
/// neighbours in the merged order: a word between them would make a smaller pair with one of the two.
enum HullKernel: Sendable {
  /// The second leaf stands `distance` behind the first.
  case consecutive(first: Int, second: Int, distance: UInt32)
  /// Two leaves at most `max` apart; they may share positions and may be one leaf.
  case pair(first: Int, second: Int, max: Int, isOrdered: Bool)

  /// The loop for the plan's root, if there is one for it.
  init?(_ plan: PositionalPlan) {
    let root = plan.nodes[plan.root]
    switch root.kind {
    case .phrase(let places, let span) where places.count == 2 && span == places[1].offset + 1 && places[0].offset == 0:
      self = .consecutive(first: places[0].leaf, second: places[1].leaf, distance: places[1].offset)
    case .near(min: 1, let max), .precedes(min: 1, let max):
      guard case .leaf(let first) = plan.nodes[root.operands[0]].kind,
        case .leaf(let second) = plan.nodes[root.operands[1]].kind
      else { return nil }
      let isOrdered = if case .precedes = root.kind { true } else { false }
      self = .pair(first: first, second: second, max: max, isOrdered: isOrdered)
    default: return nil
    }
  }

  /// Calls `body` with each minimal hull in ascending order until it returns false, then returns false.
  @inline(__always)
  func forEachHull<Failure: Error>(
    _ positions: Span<UInt32>, _ ranges: [Range<Int>], _ body: (Hull) throws(Failure) -> Bool
  ) throws(Failure) -> Bool {
    switch self {
    case .consecutive(let first, let second, let distance):
      try Self.consecutive(
        positions.extracting(ranges[first]), positions.extracting(ranges[second]), distance, body)
    case .pair(let first, let second, let max, let isOrdered):
      try Self.neighbours(
        positions.extracting(ranges[first]), positions.extracting(ranges[second]), max, isOrdered, body)
    }
  }

  @inline(__always)
  private static func consecutive<Failure: Error>(
    _ first: Span<UInt32>, _ second: Span<UInt32>, _ distance: UInt32, _ body: (Hull) throws(Failure) -> Bool
  ) throws(Failure) -> Bool {
    var i = 0
    var j = 0
    while i < first.count, j < second.count {
      let wanted = first[i] &+ distance
      let found = second[j]
      i &+= wanted <= found ? 1 : 0
      j &+= found <= wanted ? 1 : 0
      if wanted == found, !(try body(Hull(wanted &- distance, found))) { return false }
    }
    return true
  }

  @inline(__always)
  private static func neighbours<Failure: Error>(
    _ first: Span<UInt32>, _ second: Span<UInt32>, _ max: Int, _ isOrdered: Bool,
    _ body: (Hull) throws(Failure) -> Bool
  ) throws(Failure) -> Bool {
    if first.isEmpty || second.isEmpty { return true }
    var i = 0
    var j = 0
    var last: UInt32 = 0
    // Bit 0: the next position may be the first word's, to make a pair with the last; bit 1: the second's.
    var completes = 0
    while i < first.count || j < second.count {
      let one = i < first.count ? first[i] : .max
      let other = j < second.count ? second[j] : .max
      let position = min(one, other)
      let stands = (one <= other ? 1 : 0) | (other <= one ? 2 : 0)
      i &+= stands & 1
      j &+= stands &>> 1
      if stands & completes != 0, Int(position &- last) <= max, !(try body(Hull(last, position))) { return false }
      last = position
      completes = (stands & 1) &<< 1 | (isOrdered ? 0 : stands &>> 1)
    }
    return true
  }
}
