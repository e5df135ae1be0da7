/// The complete evaluation: every match of every operand, for any nesting.
///
/// Follows the definition of each form, with three savings that lose nothing: only pairs near enough to be admissible
/// are tried (operands are sorted by where they begin), equal matches are kept once, and where no ancestor can tell two
/// matches with one hull apart they count as equal. What it visits is charged to the budget of the query.
struct GeneralEvaluation: ~Escapable {
  let plan: PositionalPlan
  let positions: Span<UInt32>
  /// Where each leaf's positions in this field value are.
  let ranges: [Range<Int>]
  let value: DocumentLayout.Value
  let layout: DocumentLayout

  @_lifetime(copy positions)
  init(
    plan: PositionalPlan, positions: Span<UInt32>, ranges: [Range<Int>], value: DocumentLayout.Value,
    layout: DocumentLayout
  ) {
    self.plan = plan
    self.positions = positions
    self.ranges = ranges
    self.value = value
    self.layout = layout
  }

  /// The matches of a node, normalised.
  ///
  /// - Parameter clip: Leaves out matches that are not inside this hull, and visits no position outside. What stands on
  ///   the right of NOT NEAR is not clipped.
  func matches(
    of index: Int, _ detail: MatchTable.Detail, clip: Hull?, budget: inout PositionBudget
  ) throws(PositionalError) -> MatchTable {
    let node = plan.nodes[index]
    let operandDetail = detail == .hulls && node.comparesPositions ? .positions : detail
    var result = MatchTable(detail, mergesByHull: node.hullsSuffice && detail != .positions)
    switch node.kind {
    case .leaf(let leaf):
      let range = self.range(of: leaf, clip)
      try spend(range.count, node, &budget)
      for position in range { result.append(word: positions[position], slot: node.slot) }
      return result
    case .phrase(let places, let span):
      try appendPhrases(places, span: span, node, clip, &budget, &result)
      return result
    case .alternatives:
      for operand in node.operands {
        let table = try matches(of: operand, detail, clip: clip, budget: &budget)
        for match in 0..<table.count { result.append(match, of: table) }
      }
    case .window(let limit):
      result = try windows(node, limit: limit, operandDetail, clip, &budget)
    case .notNear(let max):
      let first = try matches(of: node.operands[0], operandDetail, clip: clip, budget: &budget)
      if first.isEmpty { return result }
      let secondDetail: MatchTable.Detail = node.comparesPositions ? .positions : .hulls
      let second = try matches(of: node.operands[1], secondDetail, clip: nil, budget: &budget)
      return try clear(first, of: second, distanceMax: max, node, detail, &budget)
    case .near, .precedes, .within:
      let first = try matches(of: node.operands[0], operandDetail, clip: clip, budget: &budget)
      if first.isEmpty { return result }
      let second = try matches(of: node.operands[1], operandDetail, clip: clip, budget: &budget)
      try join(first, second, node, &budget, &result)
    }
    result.normalise()
    return result
  }

  func spend(
    _ count: Int, _ node: PositionalPlan.Node, _ budget: inout PositionBudget
  ) throws(PositionalError) {
    guard budget.spend(count) else {
      throw .budgetExhausted(operator: node.writtenOperator, node: node.writtenNumber)
    }
  }

  private func range(of leaf: Int, _ clip: Hull?) -> Range<Int> {
    let range = ranges[leaf]
    guard let clip else { return range }
    let start = range.lowerBound + partitionPoint(range.count) { positions[range.lowerBound + $0] >= clip.lo }
    let end = start + partitionPoint(range.upperBound - start) { positions[start + $0] > clip.hi }
    return start..<end
  }

  private func appendPhrases(
    _ places: [PositionalPlan.Place], span: UInt32, _ node: PositionalPlan.Node, _ clip: Hull?,
    _ budget: inout PositionBudget, _ result: inout MatchTable
  ) throws(PositionalError) {
    let first = places[0]
    let others = places[1...]
    var nexts = others.map { range(of: $0.leaf, clip) }
    let starts = range(of: first.leaf, clip)
    try spend(nexts.reduce(starts.count) { $0 + $1.count }, node, &budget)
    for index in starts {
      guard positions[index] >= value.start + first.offset else { continue }
      let start = positions[index] - first.offset
      guard start <= value.end, span <= value.end - start else { break }
      var isMatch = true
      for (number, place) in others.enumerated() where isMatch {
        var next = nexts[number].lowerBound
        while next < nexts[number].upperBound, positions[next] < start + place.offset { next += 1 }
        nexts[number] = next..<nexts[number].upperBound
        isMatch = next < nexts[number].upperBound && positions[next] == start + place.offset
      }
      if isMatch { result.append(phrase: places, at: start, slot: node.slot) }
    }
  }
}
