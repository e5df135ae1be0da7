/// Chooses, for each node of a plan that yields an antichain, the streaming algorithm that is complete for it, or a
/// table of the general evaluation where none is.
struct StreamBuilder {
  private let plan: PositionalPlan
  private var stream = HullStream()

  static func stream(for plan: PositionalPlan) -> HullStream {
    var builder = StreamBuilder(plan: plan)
    builder.stream.root = builder.add(plan.root)
    return builder.stream
  }

  private init(plan: PositionalPlan) { self.plan = plan }

  private mutating func append(_ kind: HullStream.Node.Kind, _ operands: [Int] = []) -> Int {
    let start = stream.operandNodes.count
    stream.operandNodes.append(contentsOf: operands)
    stream.nodes.append(.init(kind: kind, operands: start..<start + operands.count))
    return stream.nodes.count - 1
  }

  private mutating func appendTable(_ planNode: Int, isMaximal: Bool) -> Int {
    stream.tables.append(.init(planNode: planNode, isMaximal: isMaximal))
    return append(.table(stream.tables.count - 1))
  }

  private mutating func add(_ index: Int) -> Int {
    let node = plan.nodes[index]
    if node.isMinimal || node.isFixed, let operation = addOperator(node) { return operation }
    return appendTable(index, isMaximal: false)
  }

  /// Whether an operand's stream has all its matches, or all that matter.
  private func streams(_ operand: Int) -> Bool { plan.nodes[operand].isFixed || plan.nodes[operand].isMinimal }

  private mutating func addOperator(_ node: PositionalPlan.Node) -> Int? {
    if node.comparesPositions, !isWindowOfWords(node) { return nil }
    switch node.kind {
    case .leaf(let leaf):
      return append(.leaf(leaf))
    case .phrase(let places, let span):
      stream.phrases.append(PhraseCursor(places, span: span))
      return append(.phrase(stream.phrases.count - 1))
    case .alternatives:
      guard node.operands.allSatisfy(streams) else { return nil }
      let operands = node.operands.map { add($0) }
      return append(.alternatives, operands)
    case .near(let min, let max):
      guard node.operands.allSatisfy(streams), hasFixedOperands(node) || max >= Classification.unbounded else {
        return nil
      }
      return addNear(node, min: min, max: max)
    case .precedes(let min, let max):
      guard node.operands.allSatisfy(streams), hasFixedOperands(node) || max >= Classification.unbounded else {
        return nil
      }
      let operands = node.operands.map { add($0) }
      return append(.precedes(min: min, max: max), operands)
    case .within(let scope):
      guard node.operands.allSatisfy(streams) else { return nil }
      return append(.scoped(scope), [addNear(node, min: node.operandsOverlap ? 1 : 0, max: .max)])
    case .notNear(let max):
      return addNotNear(node, max: max)
    case .window(let limit):
      return addWindow(node, limit: limit)
    }
  }

  private func hasFixedOperands(_ node: PositionalPlan.Node) -> Bool {
    node.operands.allSatisfy { plan.nodes[$0].isFixed }
  }

  private func isWindowOfWords(_ node: PositionalPlan.Node) -> Bool {
    guard case .window = node.kind, node.operands.count <= DistinctWindow.wordsMax else { return false }
    return node.operands.allSatisfy { if case .leaf = plan.nodes[$0].kind { true } else { false } }
  }

  /// Either order: where operands cannot meet, the hull around both, not too long; where they may meet or must be
  /// apart, one before the other or the other before the one.
  private mutating func addNear(_ node: PositionalPlan.Node, min: Int, max: Int) -> Int {
    let areSolid = node.operands.allSatisfy { plan.nodes[$0].isSolid }
    if !node.operandsOverlap, min == 0 || (min == 1 && areSolid) {
      let operands = node.operands.map { add($0) }
      return append(.both(lengthMax: lengthMax(node, slack: max - 1)), operands)
    }
    let limits = HullStream.Node.Kind.precedes(min: Swift.max(min, 1), max: max)
    let forward = [add(node.operands[0]), add(node.operands[1])]
    let ordered = append(limits, forward)
    let backward = [add(node.operands[1]), add(node.operands[0])]
    let reversed = append(limits, backward)
    return append(.alternatives, [ordered, reversed])
  }

  /// The longest hull with `slack` positions beside operands of fixed length.
  private func lengthMax(_ node: PositionalPlan.Node, slack: Int) -> Int {
    if slack >= Classification.unbounded - 1 { return .max }
    return node.operands.reduce(slack) { $0 + plan.nodes[$1].lengthMax }
  }

  private mutating func addNotNear(_ node: PositionalPlan.Node, max: Int) -> Int? {
    let (first, second) = (node.operands[0], node.operands[1])
    guard streams(first) else { return nil }
    if node.operandsOverlap {
      guard plan.nodes[first].isFixed, plan.nodes[second].isFixed else { return nil }
      let operands = [add(first), add(second), add(second)]
      return append(.notNearDisjoint(max: max), operands)
    }
    // What a match lies near to, a larger one does too: of matches of several lengths the maximal hulls suffice.
    let operands = [
      add(first), plan.nodes[second].isFixed ? add(second) : appendTable(second, isMaximal: true),
    ]
    return append(.notNear(max: max), operands)
  }

  private mutating func addWindow(_ node: PositionalPlan.Node, limit: Int) -> Int? {
    if node.comparesPositions {
      let leaves = node.operands.map { operand in
        if case .leaf(let leaf) = plan.nodes[operand].kind { leaf } else { preconditionFailure("a window of words") }
      }
      let lengthMax = min(limit, Classification.unbounded) + 1
      stream.windows.append(DistinctWindow(leaves: leaves, lengthMax: lengthMax))
      return append(.distinct(stream.windows.count - 1))
    }
    guard hasFixedOperands(node) else { return nil }
    let operands = node.operands.map { add($0) }
    return append(.both(lengthMax: lengthMax(node, slack: limit + 1 - operands.count)), operands)
  }
}
