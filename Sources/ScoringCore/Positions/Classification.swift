/// Decides for each node of a plan what its evaluation may leave out. The arguments are in <doc:Positions>.
struct Classification {
  /// No distance in a document is as large (positions are 32 bits).
  static let unbounded = 1 << 40

  let overlaps: LeafOverlap

  func classify(_ builtNodes: [PositionalPlan.Node], root: Int) -> [PositionalPlan.Node] {
    var nodes = builtNodes
    for index in nodes.indices { describe(index, &nodes) }  // Operands stand before their operator.
    nodes[root].isMinimal = true
    for index in nodes.indices.reversed() { instructOperands(of: index, &nodes) }
    return nodes
  }

  /// Bottom-up: leaves, lengths, solidity, and whether operands may meet.
  private func describe(_ index: Int, _ nodes: inout [PositionalPlan.Node]) {
    var node = nodes[index]
    let operands = node.operands.map { nodes[$0] }
    node.leaves = Set(operands.flatMap(\.leaves)).sorted()
    for (number, operand) in operands.enumerated() {
      for other in operands[(number + 1)...] where overlaps.overlap(operand.leaves, other.leaves) {
        node.operandsOverlap = true
      }
    }
    let allSolid = operands.allSatisfy(\.isSolid)
    let shortest = operands.map(\.lengthMin)
    let longest = operands.map(\.lengthMax)
    switch node.kind {
    case .leaf(let leaf):
      node.leaves = [leaf]
      (node.lengthMin, node.lengthMax, node.isSolid) = (1, 1, true)
    case .phrase(let places, _):
      node.leaves = Set(places.map(\.leaf)).sorted()
      let length = Int(places[places.count - 1].offset - places[0].offset) + 1
      (node.lengthMin, node.lengthMax, node.isSolid) = (length, length, length == places.count)
    case .alternatives:
      (node.lengthMin, node.lengthMax) = (shortest.min()!, longest.max()!)
      (node.isSolid, node.operandsOverlap) = (allSolid, false)
    case .near(let min, let max):
      // Disjoint matches that fill their hulls are at least 1 apart.
      let least = allSolid ? Swift.max(min, 1) : min
      node.kind = .near(min: least, max: max)
      node.lengthMin = least == 0 ? shortest.max()! : Self.sum(shortest) + least - 1
      node.lengthMax = Self.sum(longest + [max - 1])
      node.isSolid = allSolid && max <= 1
      node.comparesPositions = node.operandsOverlap && !allSolid
    case .precedes(let min, let max):
      (node.lengthMin, node.lengthMax) = (Self.sum(shortest + [min - 1]), Self.sum(longest + [max - 1]))
      (node.isSolid, node.operandsOverlap) = (allSolid && max <= 1, false)
    case .notNear:
      (node.lengthMin, node.lengthMax) = (operands[0].lengthMin, operands[0].lengthMax)
      (node.isSolid, node.comparesPositions) = (operands[0].isSolid, node.operandsOverlap && !allSolid)
    case .within:
      (node.lengthMin, node.lengthMax) = (allSolid ? Self.sum(shortest) : shortest.max()!, Self.unbounded)
      node.comparesPositions = node.operandsOverlap && !allSolid
    case .window(let limit):
      node.lengthMin = allSolid ? Self.sum(shortest) : shortest.max()!
      node.lengthMax = Self.sum(longest + [min(limit, Self.unbounded) + 1 - longest.count])
      node.isSolid = allSolid && limit < operands.count
      node.comparesPositions = node.operandsOverlap
    }
    nodes[index] = node
  }

  /// Top-down: which operands may be minimised, and which are looked into.
  private func instructOperands(of index: Int, _ nodes: inout [PositionalPlan.Node]) {
    let node = nodes[index]
    for (number, operand) in node.operands.enumerated() {
      nodes[operand].isMinimal = node.isMinimal && admitsShrinking(node, operand: number)
      nodes[operand].isLookedInto =
        node.comparesPositions || (!node.hullsSuffice && !(isNotNear(node) && number == 1))
    }
  }

  /// Whether replacing a match of the operand by one inside it can neither lose a hit nor make a false one.
  private func admitsShrinking(_ node: PositionalPlan.Node, operand number: Int) -> Bool {
    switch node.kind {
    case .leaf, .phrase, .window: false
    case .alternatives: true
    case .near(_, let max): max >= Self.unbounded && !node.comparesPositions
    case .precedes(_, let max): max >= Self.unbounded
    case .within: !node.comparesPositions
    case .notNear: number == 0 && !node.operandsOverlap
    }
  }

  private func isNotNear(_ node: PositionalPlan.Node) -> Bool {
    if case .notNear = node.kind { true } else { false }
  }

  private static func sum(_ lengths: [Int]) -> Int {
    var total = 0
    for length in lengths { total = min(unbounded, total + min(length, unbounded)) }
    return total
  }
}
