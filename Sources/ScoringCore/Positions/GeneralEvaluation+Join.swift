/// The operators of two operands, and n-ary NEAR, on sets of matches.
extension GeneralEvaluation {
  /// Adds x ∪ y for every admissible pair. `second` is sorted by lo, so the pairs worth trying are one run of it.
  func join(
    _ first: borrowing MatchTable, _ second: borrowing MatchTable, _ node: PositionalPlan.Node,
    _ budget: inout PositionBudget, _ result: inout MatchTable
  ) throws(PositionalError) {
    if second.isEmpty { return }
    let longest = second.longest
    for match in 0..<first.count {
      let hull = first.hulls[match]
      guard let admissible = admissiblePairs(node, hull, longest) else { continue }
      var other = second.firstMatch(from: admissible.begin.lowerBound)
      while other < second.count, Int(second.hulls[other].lo) <= admissible.begin.upperBound {
        try spend(1, node, &budget)
        let otherHull = second.hulls[other]
        if admissible.distance.contains(hull.distance(to: otherHull)), Int(otherHull.hi) <= admissible.endMax,
          !node.comparesPositions || MatchTable.areDisjoint(match, first, other, second)
        {
          result.append(unionOf: match, first, with: other, second)
        }
        other += 1
      }
    }
  }

  /// For a match of the first operand: where a partner may begin, how far it may be, and where it must have ended;
  /// nil if there can be none.
  private func admissiblePairs(
    _ node: PositionalPlan.Node, _ hull: Hull, _ longest: Int
  ) -> (begin: ClosedRange<Int>, distance: ClosedRange<Int>, endMax: Int)? {
    let (lo, hi) = (Int(hull.lo), Int(hull.hi))
    switch node.kind {
    case .near(let min, let max):
      guard min <= max else { return nil }
      let reach = Swift.min(max, Classification.unbounded)
      return (lo - reach - longest + 1...hi + reach, min...max, .max)
    case .precedes(let min, let max):
      guard min <= max else { return nil }
      return (hi + min...hi + Swift.min(max, Classification.unbounded), min...max, .max)
    case .within(let scope):
      let end = min(layout.end(of: scope, at: hull.lo), value.end)
      let start = Swift.max(layout.start(of: scope, at: hull.lo), value.start)
      guard hull.hi < end else { return nil }
      // Operands that fill their hulls and may share positions are disjoint when they are 1 apart.
      let least = node.operandsOverlap && !node.comparesPositions ? 1 : 0
      return (Int(start)...Int(end) - 1, least...Int.max, Int(end) - 1)
    case .leaf, .phrase, .alternatives, .notNear, .window:
      return nil
    }
  }

  /// The matches of `first` that no disjoint match of `second` is near to.
  func clear(
    _ first: borrowing MatchTable, of second: borrowing MatchTable, distanceMax: Int, _ node: PositionalPlan.Node,
    _ detail: MatchTable.Detail, _ budget: inout PositionBudget
  ) throws(PositionalError) -> MatchTable {
    var result = MatchTable(detail, mergesByHull: node.hullsSuffice && detail != .positions)
    let longest = second.longest
    let reach = min(distanceMax, Classification.unbounded)
    // Operands that fill their hulls and may share positions are disjoint when they are 1 apart.
    let distances = (node.operandsOverlap && !node.comparesPositions ? 1 : 0)...max(distanceMax, 1)
    for match in 0..<first.count {
      let hull = first.hulls[match]
      var other = second.firstMatch(from: Int(hull.lo) - reach - longest + 1)
      var isClear = true
      while isClear, other < second.count, Int(second.hulls[other].lo) <= Int(hull.hi) + reach {
        try spend(1, node, &budget)
        let distance = hull.distance(to: second.hulls[other])
        isClear = !(distances.contains(distance) && distance <= distanceMax)
          || (node.comparesPositions && !MatchTable.areDisjoint(match, first, other, second))
        other += 1
      }
      if isClear { result.append(match, of: first) }
    }
    result.normalise()
    return result
  }

  /// n-ary NEAR: operands are joined one after the other; a partial match is dropped once no choice of the rest can
  /// bring it inside the limit.
  func windows(
    _ node: PositionalPlan.Node, limit: Int, _ detail: MatchTable.Detail, _ clip: Hull?,
    _ budget: inout PositionBudget
  ) throws(PositionalError) -> MatchTable {
    let mergesByHull = node.hullsSuffice && !node.comparesPositions && detail != .positions
    var operands: [MatchTable] = []
    for operand in node.operands {
      operands.append(try matches(of: operand, detail, clip: clip, budget: &budget))
      if operands[operands.count - 1].isEmpty { return MatchTable(detail, mergesByHull: mergesByHull) }
    }
    // Words are listed in query order; where none are carried the smallest operands go first.
    if detail != .words { operands.sort { $0.count < $1.count } }
    var partial = MatchTable(detail, mergesByHull: mergesByHull, hasSlack: true)
    for match in 0..<operands[0].count {
      partial.append(match, of: operands[0], slack: operands[0].hulls[match].length - 1)
    }
    for number in 1..<operands.count {
      let rest = operands[(number + 1)...].reduce(0) { $0 + $1.longest - 1 }
      partial = try extend(partial, by: operands[number], node, limit: limit, rest: rest, &budget)
    }
    var result = MatchTable(detail, mergesByHull: node.hullsSuffice && detail != .positions)
    for match in 0..<partial.count { result.append(match, of: partial) }
    return result
  }

  private func extend(
    _ partial: borrowing MatchTable, by operand: borrowing MatchTable, _ node: PositionalPlan.Node, limit: Int,
    rest: Int, _ budget: inout PositionBudget
  ) throws(PositionalError) -> MatchTable {
    var result = MatchTable(partial.detail, mergesByHull: partial.mergesByHull, hasSlack: true)
    let longest = operand.longest
    for match in 0..<partial.count {
      let hull = partial.hulls[match]
      let slack = partial.slack(of: match)
      let reach = min(limit, Classification.unbounded) + slack + longest - 1 + rest
      var other = operand.firstMatch(from: Int(hull.hi) - reach)
      while other < operand.count, Int(operand.hulls[other].lo) <= Int(hull.lo) + reach {
        try spend(1, node, &budget)
        let union = hull.union(operand.hulls[other])
        let slackOfUnion = slack + operand.hulls[other].length - 1
        if union.length - 1 - slackOfUnion - rest <= limit,
          !node.comparesPositions || MatchTable.areDisjoint(match, partial, other, operand)
        {
          result.append(unionOf: match, partial, with: other, operand, slack: slackOfUnion)
        }
        other += 1
      }
    }
    result.normalise()
    return result
  }
}
