/// Finds the matches of one positional expression in one document after another: all of them and no other.
///
/// Made once for a query (it knows nothing of segments) and handed the positions of each candidate document. How each
/// part is evaluated is decided when it is made, see <doc:Positions>. A value with its own scratch memory: one for each
/// thread.
public struct PositionalMatcher: Sendable {
  /// Which evaluation is used. The choice never changes an answer; tests compare them.
  public enum Evaluation: Sendable {
    /// The fastest that is complete for the expression.
    case chosen
    /// Streams, without the loops made for the commonest expressions.
    case streams
    /// All matches of all operands.
    case general
  }

  public let expression: PositionalExpression
  let plan: PositionalPlan
  private let evaluation: Evaluation
  private let leaves: [Int]
  private let leastHullLength: Int
  private let needsSentences: Bool
  private let kernel: HullKernel?
  /// The leaf of an expression that is a word and nothing else.
  private let soleLeaf: Int?
  private let hitWords: HitWords
  private var stream: HullStream
  /// Where each leaf's positions in the value under way are.
  private var ranges: [Range<Int>]

  /// - Parameters:
  ///   - leafCount: Leaves the expression may name: every index in it is less.
  ///   - overlaps: Which leaves may stand at one position.
  public init(
    _ expression: PositionalExpression, leafCount: Int, overlaps: LeafOverlap, evaluation: Evaluation = .chosen
  ) {
    precondition(overlaps.leafCount == leafCount)
    self.expression = expression
    self.evaluation = evaluation
    leaves = expression.leaves
    precondition(leaves.allSatisfy { $0 >= 0 && $0 < leafCount }, "a leaf of the unit")
    leastHullLength = expression.leastHullLength
    needsSentences = expression.needsSentences
    plan = PositionalPlan(expression, overlaps: overlaps)
    kernel = evaluation == .chosen ? HullKernel(plan) : nil
    hitWords = evaluation == .chosen ? HitWords(plan) : .general
    if evaluation == .chosen, case .leaf(let leaf) = expression { soleLeaf = leaf } else { soleLeaf = nil }
    stream = StreamBuilder.stream(for: plan)
    ranges = [Range<Int>](repeating: 0..<0, count: leafCount)
  }

  /// Whether the document has a match. Stops at the first.
  ///
  /// - Parameters:
  ///   - layout: Of the same document, with sentences if `expression.needsSentences`; where `expression.needsLayout`
  ///     is false, ``DocumentLayout/unbounded`` gives the same answer.
  ///   - budget: Of the query; what is visited is taken from it.
  public mutating func matches(
    _ positions: DocumentPositions, layout: DocumentLayout, budget: inout PositionBudget
  ) throws(PositionalError) -> Bool {
    var found = false
    try forEachHull(positions, layout, &budget) { _ throws(PositionalError) in
      found = true
      return false
    }
    return found
  }

  /// The frequency that ranking uses: Σ over the hits of 1 / (1 + excess), excess = hull length − the least possible.
  /// Parameters as for ``matches(_:layout:budget:)``.
  public mutating func frequency(
    _ positions: DocumentPositions, layout: DocumentLayout, budget: inout PositionBudget
  ) throws(PositionalError) -> Float {
    var frequency: Float = 0
    let least = leastHullLength
    try forEachHull(positions, layout, &budget) { hull throws(PositionalError) in
      frequency += 1 / Float(1 + hull.length - least)
      return true
    }
    return frequency
  }

  /// How many hits the document has.
  /// Parameters as for ``matches(_:layout:budget:)``.
  public mutating func hitCount(
    _ positions: DocumentPositions, layout: DocumentLayout, budget: inout PositionBudget
  ) throws(PositionalError) -> Int {
    var count = 0
    try forEachHull(positions, layout, &budget) { _ throws(PositionalError) in
      count += 1
      return true
    }
    return count
  }

  /// Appends the document's hits in ascending order, at most `limit` of them; the first `wordsMax` with their words, the
  /// others, which are only counted, without.
  /// Other parameters as for ``matches(_:layout:budget:)``.
  public mutating func hits(
    _ positions: DocumentPositions, layout: DocumentLayout, limit: Int = .max, wordsMax: Int = .max,
    budget: inout PositionBudget, into hits: inout [Hit]
  ) throws(PositionalError) {
    guard limit > 0 else { return }
    let start = hits.count
    try forEachHull(positions, layout, &budget) { hull throws(PositionalError) in
      hits.append(Hit(lo: hull.lo, hi: hull.hi, words: []))
      return hits.count - start < limit
    }
    var value = 0
    var valueOfRanges = -1
    for index in start..<start + min(wordsMax, hits.count - start) {
      let hull = Hull(hits[index].lo, hits[index].hi)
      while layout.values[value].end <= hull.lo { value += 1 }
      if value != valueOfRanges {
        setRanges(positions, layout.values[value])
        valueOfRanges = value
      }
      hits[index].words = try words(hull, positions, layout, layout.values[value], &budget)
    }
  }

  // MARK: Evaluation

  /// Calls `body` with the minimal hulls in ascending order until it returns false.
  private mutating func forEachHull(
    _ positions: DocumentPositions, _ layout: DocumentLayout, _ budget: inout PositionBudget,
    _ body: (Hull) throws(PositionalError) -> Bool
  ) throws(PositionalError) {
    precondition(positions.leafCount == ranges.count, "positions for every leaf")
    precondition(
      !needsSentences || !layout.sentenceStarts.isEmpty || positions.positions.isEmpty, "a layout with sentences")
    let span = positions.positions.span
    for value in layout.values {
      guard setRanges(positions, value) else { continue }
      if evaluation == .general {
        let general = GeneralEvaluation(plan: plan, positions: span, ranges: ranges, value: value, layout: layout)
        let table = try general.matches(of: plan.root, .hulls, clip: nil, budget: &budget)
        for hull in table.antichain() where !(try body(hull)) { return }
        continue
      }
      try spendLeaves(&budget)
      if let soleLeaf {
        for place in ranges[soleLeaf] { guard try body(Hull(span[place], span[place])) else { return } }
        continue
      }
      if let kernel {
        guard try kernel.forEachHull(span, ranges, body) else { return }
        continue
      }
      try fillTables(span, value, layout, &budget)
      stream.restart(ranges, value: value)
      while true {
        let hull = stream.next(span, layout)
        if hull.isNone { break }
        if !(try body(hull)) { return }
      }
    }
  }

  /// Finds the positions of each leaf in a value; false if no leaf has any.
  @discardableResult
  private mutating func setRanges(_ positions: DocumentPositions, _ value: DocumentLayout.Value) -> Bool {
    let all = positions.positions.span
    var isAny = false
    for leaf in leaves {
      let range = positions.range(of: leaf)
      if range.isEmpty || (all[range.lowerBound] >= value.start && all[range.upperBound - 1] < value.end) {
        ranges[leaf] = range
      } else {
        let low = range.lowerBound
        let start = low + partitionPoint(range.count) { all[low + $0] >= value.start }
        let end = start + partitionPoint(range.upperBound - start) { all[start + $0] >= value.end }
        ranges[leaf] = start..<end
      }
      isAny = isAny || !ranges[leaf].isEmpty
    }
    return isAny
  }

  /// Charges the positions of a value's leaves, all of which may be read.
  private func spendLeaves(_ budget: inout PositionBudget) throws(PositionalError) {
    var count = 0
    for leaf in leaves { count += ranges[leaf].count }
    guard budget.spend(count) else {
      let root = plan.nodes[plan.root]
      throw .budgetExhausted(operator: root.writtenOperator, node: root.writtenNumber)
    }
  }

  private mutating func fillTables(
    _ positions: Span<UInt32>, _ value: DocumentLayout.Value, _ layout: DocumentLayout,
    _ budget: inout PositionBudget
  ) throws(PositionalError) {
    for number in stream.tables.indices {
      let general = GeneralEvaluation(plan: plan, positions: positions, ranges: ranges, value: value, layout: layout)
      let table = try general.matches(of: stream.tables[number].planNode, .hulls, clip: nil, budget: &budget)
      stream.tables[number].hulls = table.antichain(maximal: stream.tables[number].isMaximal)
    }
  }

  /// The words of the hit with this hull; `ranges` are those of its value.
  private func words(
    _ hull: Hull, _ positions: DocumentPositions, _ layout: DocumentLayout, _ value: DocumentLayout.Value,
    _ budget: inout PositionBudget
  ) throws(PositionalError) -> [HitWord] {
    let span = positions.positions.span
    switch hitWords {
    case .phrase(let places):
      return places.map { HitWord(leaf: $0.leaf, position: hull.lo + $0.offset - places[0].offset) }
    case .ends(let first, let last):
      return [HitWord(leaf: first, position: hull.lo), HitWord(leaf: last, position: hull.hi)]
    case .firstOfEach(let leaves):
      return leaves.map { leaf in
        let range = ranges[leaf]
        let first = partitionPoint(range.count) { span[range.lowerBound + $0] >= hull.lo }
        return HitWord(leaf: leaf, position: span[range.lowerBound + first])
      }
    case .general:
      return try smallestWords(hull, span, layout, value, &budget)
    }
  }

  private func smallestWords(
    _ hull: Hull, _ positions: Span<UInt32>, _ layout: DocumentLayout, _ value: DocumentLayout.Value,
    _ budget: inout PositionBudget
  ) throws(PositionalError) -> [HitWord] {
    let general = GeneralEvaluation(plan: plan, positions: positions, ranges: ranges, value: value, layout: layout)
    let table = try general.matches(of: plan.root, .words, clip: hull, budget: &budget)
    // Sorted by hull, then positions, then words: the first with this hull is the one.
    var index = table.firstMatch(from: Int(hull.lo))
    while index < table.count, table.hulls[index] != hull { index += 1 }
    precondition(index < table.count, "a hit has a match")
    return table.words(of: index).map {
      HitWord(leaf: plan.slotLeaves[Int($0 >> 32)], position: UInt32(truncatingIfNeeded: $0))
    }
  }
}
