internal import Analysis
internal import ScoringCore

/// Turns one positional sub-tree into an expression over numbered leaves. Equal words share a leaf.
struct UnitBuilder {
  let range: Range<Int>
  private var leaves: [PlannedUnit.Leaf] = []
  private var weight: Float = 0
  private var scoredLeaves: [Int] = []

  init(range: Range<Int>) { self.range = range }

  /// The expression of a node without AND, NOT and filters.
  mutating func expression(
    _ node: QueryNode, in scope: QueryPlanner.Scope, planner: inout QueryPlanner, scored: Bool = true
  ) throws(PlanError) -> PositionalExpression {
    switch node.kind {
    case .term(let term): return .leaf(try leaf([term], node.range, scope, &planner, scored))
    case .phrase(let phrase): return try self.phrase(phrase, node.range, scope, &planner, scored)
    case .alternatives(let operands), .or(let operands):
      if let terms = QueryPlanner.terms(operands) { return .leaf(try leaf(terms, node.range, scope, &planner, scored)) }
      return .alternatives(try expressions(operands, scope, &planner, scored))
    case .window(let distance, let operands):
      return .window(N: distance, try expressions(operands, scope, &planner, scored))
    case .field(let name, let operand):
      return try expression(operand, in: planner.scope(scope, named: name), planner: &planner, scored: scored)
    case .boost(let factor, let operand):
      return try expression(operand, in: scope.boosted(by: factor), planner: &planner, scored: scored)
    case .proximity(let kind, let left, let right):
      let first = try expression(left, in: scope, planner: &planner, scored: scored)
      let isNegative = if case .notNear = kind { true } else { false }
      let second = try expression(right, in: scope, planner: &planner, scored: scored && !isNegative)
      return Self.proximity(kind, first, second)
    case .and, .not, .filter: preconditionFailure("the parser refuses Boolean operands of positional operators")
    }
  }

  private mutating func expressions(
    _ operands: [QueryNode], _ scope: QueryPlanner.Scope, _ planner: inout QueryPlanner, _ scored: Bool
  ) throws(PlanError) -> [PositionalExpression] {
    var all: [PositionalExpression] = []
    for operand in operands { all.append(try expression(operand, in: scope, planner: &planner, scored: scored)) }
    return all
  }

  private static func proximity(
    _ kind: ProximityOperator, _ left: PositionalExpression, _ right: PositionalExpression
  ) -> PositionalExpression {
    switch kind {
    case .near(let distance): .near(min: distance.minimum, max: distance.maximum, left, right)
    case .precedes(let distance): .precedes(min: distance.minimum, max: distance.maximum, left, right)
    case .before: .precedes(min: 0, max: .max, left, right)
    case .notNear(let distance): .notNear(max: distance, left, right)
    case .sentence: .within(.sentence, left, right)
    case .paragraph: .within(.paragraph, left, right)
    }
  }

  private mutating func phrase(
    _ phrase: QueryPhrase, _ range: Range<Int>, _ scope: QueryPlanner.Scope, _ planner: inout QueryPlanner,
    _ scored: Bool
  ) throws(PlanError) -> PositionalExpression {
    var places: [Int?] = []
    for item in phrase.items {
      switch item {
      case .anyWord: places.append(nil)
      case .oneOf(let terms): places.append(try leaf(terms, range, scope, &planner, scored))
      }
    }
    guard let extra = phrase.extraWords else { return .phrase(places) }
    return .loosePhrase(extra: extra, places.compactMap { $0 })
  }

  private mutating func leaf(
    _ terms: [QueryTerm], _ range: Range<Int>, _ scope: QueryPlanner.Scope, _ planner: inout QueryPlanner,
    _ scored: Bool
  ) throws(PlanError) -> Int {
    let word = try planner.resolve(terms, range)
    let known = leaves.firstIndex { $0.terms == terms && $0.field == scope.field }
    if known == nil { leaves.append(PlannedUnit.Leaf(terms: terms, field: scope.field, word: word)) }
    let index = known ?? leaves.count - 1
    if scored {
      weight += word.idf * scope.boost
      scoredLeaves.append(index)
    }
    return index
  }

  /// The finished unit.
  func unit(_ expression: PositionalExpression, analyzer: Analyzer) -> PlannedUnit {
    PlannedUnit(
      expression: expression, leaves: leaves, overlaps: overlaps(analyzer), scoredLeaves: scoredLeaves, weight: weight,
      range: range)
  }

  /// Leaves meet where they accept a common form or forms that stand at one position.
  private func overlaps(_ analyzer: Analyzer) -> LeafOverlap {
    var overlaps = LeafOverlap.none(leafCount: leaves.count)
    guard leaves.count > 1 else { return overlaps }
    var owners: [[UInt8]: [Int]] = [:]
    for (index, leaf) in leaves.enumerated() {
      for form in leaf.word.forms {
        for standing in [form] + WordResolver.companions(of: form, analyzer) {
          for other in owners[standing, default: []] where other != index { overlaps.insert(other, index) }
          owners[standing, default: []].append(index)
        }
      }
    }
    return overlaps
  }
}
