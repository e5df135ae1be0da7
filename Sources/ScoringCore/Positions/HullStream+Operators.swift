/// One step of each operator.
extension HullStream {
  @inline(__always)
  private func operand(_ number: Int, of node: Int) -> Int { operandNodes[nodes[node].operands.lowerBound &+ number] }

  private mutating func startOperands(
    _ node: Int, _ positions: Span<UInt32>, _ layout: borrowing DocumentLayout
  ) {
    guard nodes[node].isFresh else { return }
    nodes[node].isFresh = false
    for number in nodes[node].operands { advance(operandNodes[number], positions, layout) }
  }

  /// OR: of the hulls that the operands stand on, the one that ends first, and of those the shortest. Nothing that is
  /// still to come ends earlier, so it can contain only what was yielded before: then it begins no later.
  mutating func nextAlternative(
    _ node: Int, _ positions: Span<UInt32>, _ layout: borrowing DocumentLayout
  ) -> Hull {
    startOperands(node, positions, layout)
    let last = nodes[node].pending
    while true {
      var best = Hull.none
      var bestOperand = -1
      for number in nodes[node].operands {
        let operand = operandNodes[number]
        let hull = nodes[operand].current
        if hull.isNone { continue }
        if bestOperand < 0 || hull.hi < best.hi || (hull.hi == best.hi && hull.lo > best.lo) {
          best = hull
          bestOperand = operand
        }
      }
      if bestOperand < 0 { return .none }
      advance(bestOperand, positions, layout)
      if last.isNone || best.lo > last.lo {
        nodes[node].pending = best
        return best
      }
    }
  }

  /// AND: the hull around the operands' hulls; move the one that begins first; what was there is minimal unless the
  /// end stays where it is.
  mutating func nextBoth(
    _ node: Int, _ lengthMax: Int, _ positions: Span<UInt32>, _ layout: borrowing DocumentLayout
  ) -> Hull {
    startOperands(node, positions, layout)
    var around = hullAround(node)
    while !around.hull.isNone {
      advance(around.first, positions, layout)
      let following = hullAround(node)
      if (following.hull.isNone || following.hull.hi > around.hull.hi) && around.hull.length <= lengthMax {
        return around.hull
      }
      around = following
    }
    return .none
  }

  /// The hull around the hulls of all operands (none where one is at its end), and the operand that begins it.
  @inline(__always)
  private func hullAround(_ node: Int) -> (hull: Hull, first: Int) {
    var lo = UInt32.max
    var hi: UInt32 = 0
    var first = -1
    for number in nodes[node].operands {
      let operand = operandNodes[number]
      let hull = nodes[operand].current
      if hull.isNone { return (.none, -1) }
      if hull.lo < lo {
        lo = hull.lo
        first = operand
      }
      hi = max(hi, hull.hi)
    }
    return (Hull(lo, hi), first)
  }

  /// Order: for each match of the second operand the last of the first that ends early enough. It is the nearest, so
  /// if it is too far all are; and with the same first a later second only makes a larger hull.
  mutating func nextPrecedes(
    _ node: Int, _ min: Int, _ max: Int, _ positions: Span<UInt32>, _ layout: borrowing DocumentLayout
  ) -> Hull {
    let first = operand(0, of: node)
    let second = operand(1, of: node)
    if nodes[node].isFresh {
      nodes[node].isFresh = false
      advance(first, positions, layout)
    }
    while true {
      let later = advance(second, positions, layout)
      if later.isNone { return .none }
      var earlier = Hull.none
      while !nodes[first].current.isNone, Int(nodes[first].current.hi) &+ min <= Int(later.lo) {
        earlier = nodes[first].current
        advance(first, positions, layout)
      }
      if earlier.isNone {
        if nodes[first].current.isNone { return .none }
        continue
      }
      if Int(later.lo) &- Int(earlier.hi) <= max { return Hull(earlier.lo, later.hi) }
    }
  }

  /// NOT NEAR: the first match of the second operand that reaches the hull from the left or lies further right has the
  /// least beginning of all that do; it decides.
  mutating func nextClear(
    _ node: Int, _ max: Int, _ positions: Span<UInt32>, _ layout: borrowing DocumentLayout
  ) -> Hull {
    let first = operand(0, of: node)
    let second = operand(1, of: node)
    if nodes[node].isFresh {
      nodes[node].isFresh = false
      advance(second, positions, layout)
    }
    let reach = Swift.min(max, Classification.unbounded)
    while true {
      let hull = advance(first, positions, layout)
      if hull.isNone { return .none }
      while !nodes[second].current.isNone, Int(nodes[second].current.hi) &+ reach < Int(hull.lo) {
        advance(second, positions, layout)
      }
      let near = nodes[second].current
      if near.isNone || Int(near.lo) > Int(hull.hi) &+ reach { return hull }
    }
  }

  mutating func nextClearOfDisjoint(
    _ node: Int, _ max: Int, _ positions: Span<UInt32>, _ layout: borrowing DocumentLayout
  ) -> Hull {
    let first = operand(0, of: node)
    let left = operand(1, of: node)
    let right = operand(2, of: node)
    if nodes[node].isFresh {
      nodes[node].isFresh = false
      advance(left, positions, layout)
      advance(right, positions, layout)
    }
    let reach = Swift.min(max, Classification.unbounded)
    while true {
      let hull = advance(first, positions, layout)
      if hull.isNone { return .none }
      while !nodes[left].current.isNone, nodes[left].current.hi < hull.lo {
        nodes[node].pending = nodes[left].current
        advance(left, positions, layout)
      }
      while !nodes[right].current.isNone, nodes[right].current.lo <= hull.hi { advance(right, positions, layout) }
      let before = nodes[node].pending
      let after = nodes[right].current
      let isNearBefore = !before.isNone && Int(before.hi) &+ reach >= Int(hull.lo)
      let isNearAfter = !after.isNone && Int(after.lo) <= Int(hull.hi) &+ reach
      if !isNearBefore && !isNearAfter { return hull }
    }
  }

  /// The hulls that lie in one sentence or paragraph.
  mutating func nextScoped(
    _ node: Int, _ scope: Scope, _ positions: Span<UInt32>, _ layout: borrowing DocumentLayout
  ) -> Hull {
    while true {
      let hull = advance(operand(0, of: node), positions, layout)
      if hull.isNone || hull.hi < layout.end(of: scope, at: hull.lo) { return hull }
    }
  }
}
