internal import Base

/// The loops of units over single lists. Words are read rarest first, and the rest only while there is still a chance.
extension Executor {
  // MARK: - Phrases

  /// The number of occurrences.
  mutating func phraseFrequency(_ number: Int, _ document: DocID) throws(ExecutionError) -> Float {
    let words = try orderedWords(number, document)
    var count = try readPositions(words[0].leaf, number, at: 0)
    let candidates = buffer.values.part(from: 0, count: count)
    count = Self.subtract(words[0].place, from: candidates)
    for i in 1..<max(words.count, 1) where count > 0 {
      let start = candidates.count
      let positionCount = try readPositions(words[i].leaf, number, at: start)
      count = PositionLoops.keepFollowed(
        candidates, count: count, by: buffer.values.part(from: start, count: positionCount),
        positionCount: positionCount, place: words[i].place)
    }
    return Float(count)
  }

  /// Positions to beginnings of the phrase; those before `place` cannot be one.
  private static func subtract(_ place: UInt32, from candidates: Slots<UInt32>) -> Int {
    var kept = 0
    for i in 0..<candidates.count where candidates[i] >= place {
      candidates[kept] = candidates[i] - place
      kept &+= 1
    }
    return kept
  }

  // MARK: - Pairs

  mutating func pairFrequency(
    _ number: Int, _ document: DocID, stopsAtFirst: Bool
  ) throws(ExecutionError) -> Float {
    let unit = units[number]
    let words = try orderedWords(number, document)
    let count = try readPositions(words[0].leaf, number, at: 0)
    let otherCount = try readPositions(words[1].leaf, number, at: count)
    var order = PositionLoops.PairOrder.any
    if unit.path.kind == .orderedPair { order = words[0].place == 0 ? .rarerFirst : .rarerLast }
    let rarer = buffer.values.part(from: 0, count: count)
    let other = buffer.values.part(from: count, count: otherCount)
    let hulls = buffer.values.part(from: count + otherCount, count: 4 * count + 2)
    var found = PositionLoops.pairs(
      rarer, other, max: unit.path.max, order: order, stopsAtFirst: stopsAtFirst, into: hulls)
    // Most documents have no pair: the layout, which says what a pair may not cross, is read for the others only.
    guard found > 0 else { return 0 }
    let isDivided = try isDivided(unit, document)
    if stopsAtFirst, isDivided {
      found = PositionLoops.pairs(
        rarer, other, max: unit.path.max, order: order, stopsAtFirst: false, into: hulls)
    }
    var frequency: Float = 0
    for i in 0..<found where !isDivided || layout.holdsInOneValue(hulls[2 * i], hulls[2 * i + 1]) {
      // Least length 2: 1 / (1 + excess) = 1 / distance.
      frequency += 1 / Float(max(1, hulls[2 * i + 1] - hulls[2 * i]))
    }
    return frequency
  }

  // MARK: - Windows

  mutating func windowFrequency(
    _ number: Int, _ document: DocID, stopsAtFirst: Bool
  ) throws(ExecutionError) -> Float {
    let unit = units[number]
    let words = try orderedWords(number, document)
    let heads = self.heads.part(from: 0, count: words.count)
    var end = 0
    for i in 0..<words.count {
      let count = try readPositions(words[i].leaf, number, at: end)
      heads[i] = PositionRange(next: end, end: end + count)
      end += count
      guard i == 1 else { continue }
      let near = PositionLoops.pairs(
        buffer.values.part(from: 0, count: heads[0].end), buffer.values.part(from: heads[0].end, count: count),
        max: unit.path.max, order: .any, stopsAtFirst: true,
        into: buffer.values.part(from: end, count: 4 * heads[0].end + 2))
      guard near > 0 else { return 0 }
    }
    let isDivided = try isDivided(unit, document)
    let least = words.count - 1
    var frequency: Float = 0
    PositionLoops.forEachWindow(buffer.values, heads, max: unit.path.max) { lo, hi in
      if isDivided, !layout.holdsInOneValue(lo, hi) { return true }
      // In damaged bytes two words may stand at one position, and the hull be shorter than it can be.
      frequency += 1 / Float(1 + max(0, Int(hi - lo) - least))
      return !stopsAtFirst
    }
    return frequency
  }

  // MARK: - Shared

  /// The unit's words by falling rarity in the document, and room for their positions.
  private mutating func orderedWords(
    _ number: Int, _ document: DocID
  ) throws(ExecutionError) -> Slots<FastPath.Word> {
    let unit = units[number]
    let ordered = self.orderedWords.part(from: 0, count: unit.path.wordCount)
    for i in 0..<unit.path.wordCount {
      let word = words[unit.path.firstWord + i]
      let frequency = leafFrequency(word.leaf, document)
      var place = i
      while place > 0, leafFrequency(ordered[place - 1].leaf, document) > frequency {
        ordered[place] = ordered[place - 1]
        place -= 1
      }
      ordered[place] = word
    }
    try reserve(unit, document)
    return ordered
  }

  /// Room in the buffer for the positions of all leaves of a unit, and four times those of the rarest leaf.
  private mutating func reserve(_ unit: PlanUnit, _ document: DocID) throws(ExecutionError) {
    var total = 0
    for leaf in unit.firstLeaf..<unit.firstLeaf + unit.leafCount {
      let frequency = Int(leafFrequency(leaf, document))
      guard UInt64(frequency) <= lists[leaves[leaf].first].reference.totalFrequency else {
        throw .corruptPostings(.positions)
      }
      total += frequency
    }
    // A phrase may name a leaf at several places; its candidates are in the buffer once more.
    buffer.reserve(5 * total + 2)
  }

  /// Reads the positions of a leaf of one list into the buffer and takes them from the budget. Answers how many.
  private mutating func readPositions(_ leaf: Int, _ unit: Int, at start: Int) throws(ExecutionError) -> Int {
    let list = leaves[leaf].first
    let count = Int(lists[list].frequency())
    guard counters.budget.spend(count) else {
      throw .budgetExhausted(unit: unit, operator: verifiers[units[unit].verifier].matcher.expression.kind, node: 0)
    }
    guard lists[list].readPositions(into: buffer.values, at: start) else { throw .corruptPostings(.positions) }
    return count
  }

  /// Whether the document has several values that a hull must not cross; then its layout is loaded.
  private mutating func isDivided(_ unit: PlanUnit, _ document: DocID) throws(ExecutionError) -> Bool {
    guard unit.needsLayout else { return false }
    try loadLayout(document, sentences: false)
    return layout.values.count > 1
  }
}
