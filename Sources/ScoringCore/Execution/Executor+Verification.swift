internal import Base

/// The second phase of positional units: from candidates to matches and frequencies.
extension Executor {
  /// Whether `document`, which the unit's required leaves all hold, matches unit `number`; its frequency too if wanted.
  /// What was found is kept for the next question about the same document.
  mutating func verify(_ number: Int, _ document: DocID, wantsFrequency: Bool) throws(ExecutionError) -> Bool {
    let unit = units[number]
    if unit.knownDocument == document, !unit.isMatch || !wantsFrequency || unit.frequency >= 0 { return unit.isMatch }
    if unit.knownDocument != document { counters.documentsVerified &+= 1 }
    let frequency: Float
    switch verifiers[unit.verifier].fastPath {
    case .phrase:
      frequency = try phraseFrequency(number, document, stopsAtFirst: !wantsFrequency)
    case .pair(let first, let second, let max, let isOrdered):
      frequency = try pairFrequency(
        number, document, first, second, max, isOrdered: isOrdered, stopsAtFirst: !wantsFrequency)
    case .none:
      frequency = try matcherFrequency(number, document, wantsFrequency: wantsFrequency)
    }
    units[number].knownDocument = document
    units[number].isMatch = frequency > 0
    units[number].frequency = wantsFrequency ? frequency : -1
    return frequency > 0
  }

  // MARK: - Phrases of single lists

  /// The number of occurrences; the rarest word's positions first, each further word read only while candidates are left.
  private mutating func phraseFrequency(
    _ number: Int, _ document: DocID, stopsAtFirst: Bool
  ) throws(ExecutionError) -> Float {
    let unit = units[number]
    guard case .phrase(let words) = verifiers[unit.verifier].fastPath else { return 0 }
    var total = 0
    var rarest = 0
    var least = UInt32.max
    for i in words.indices {
      let frequency = leafFrequency(unit.firstLeaf + words[i].leaf, document)
      if frequency < least { (rarest, least) = (i, frequency) }
      total += Int(frequency)
    }
    try reserve(unit.firstLeaf, unit.leafCount, document, extra: 0)
    var done: UInt64 = 0
    var count = try readPositions(unit.firstLeaf + words[rarest].leaf, number, at: 0)
    let candidates = buffer.values.part(from: 0, count: count)
    count = Self.subtract(words[rarest].place, from: candidates)
    done |= 1 << UInt64(rarest & 63)
    for _ in 1..<max(words.count, 1) where count > 0 {
      // The rarest of the words that are left.
      var next = -1
      least = .max
      for i in words.indices where i < 64 ? done & (1 << UInt64(i)) == 0 : false {
        let frequency = leafFrequency(unit.firstLeaf + words[i].leaf, document)
        if frequency < least || next < 0 { (next, least) = (i, frequency) }
      }
      guard next >= 0 else { break }
      done |= 1 << UInt64(next)
      let start = candidates.count
      let positionCount = try readPositions(unit.firstLeaf + words[next].leaf, number, at: start)
      count = PositionLoops.keepFollowed(
        candidates, count: count, by: buffer.values.part(from: start, count: positionCount),
        positionCount: positionCount, place: words[next].place)
    }
    return stopsAtFirst && count > 0 ? 1 : Float(count)
  }

  /// Positions to starts of the phrase; those before `place` cannot be one.
  private static func subtract(_ place: UInt32, from candidates: Slots<UInt32>) -> Int {
    var kept = 0
    for i in 0..<candidates.count where candidates[i] >= place {
      candidates[kept] = candidates[i] - place
      kept += 1
    }
    return kept
  }

  // MARK: - Pairs of single lists

  private mutating func pairFrequency(
    _ number: Int, _ document: DocID, _ first: Int, _ second: Int, _ max: UInt32, isOrdered: Bool, stopsAtFirst: Bool
  ) throws(ExecutionError) -> Float {
    let unit = units[number]
    try reserve(unit.firstLeaf, unit.leafCount, document, extra: 0)
    let firstCount = try readPositions(unit.firstLeaf + first, number, at: 0)
    let secondCount = try readPositions(unit.firstLeaf + second, number, at: firstCount)
    let firsts = buffer.values.part(from: 0, count: firstCount)
    let seconds = buffer.values.part(from: firstCount, count: secondCount)
    // Most documents have no pair: the layout, which says what a pair may not cross, is read for the others only.
    var isNear = false
    PositionLoops.forEachPair(firsts, firstCount, seconds, secondCount, max: max, isOrdered: isOrdered) { _, _ in
      isNear = true
      return false
    }
    guard isNear else { return 0 }
    if verifiers[unit.verifier].needsLayout { try loadLayout(document, sentences: false) }
    let isDivided = verifiers[unit.verifier].needsLayout && layout.values.count > 1
    var frequency: Float = 0
    PositionLoops.forEachPair(firsts, firstCount, seconds, secondCount, max: max, isOrdered: isOrdered) { lo, hi in
      if isDivided, !layout.holdsInOneValue(lo, hi) { return true }
      // Least length 2: 1 / (1 + excess) = 1 / distance.
      frequency += 1 / Float(hi - lo)
      return !stopsAtFirst
    }
    return frequency
  }

  // MARK: - Everything else

  private mutating func matcherFrequency(
    _ number: Int, _ document: DocID, wantsFrequency: Bool
  ) throws(ExecutionError) -> Float {
    let unit = units[number]
    try loadPositions(number, document)
    let bounded = verifiers[unit.verifier].needsLayout || verifiers[unit.verifier].needsSentences
    do {
      if wantsFrequency {
        return try verifiers[unit.verifier].matcher.frequency(
          verifiers[unit.verifier].positions, layout: bounded ? layout : .unbounded, budget: &counters.budget)
      }
      return try verifiers[unit.verifier].matcher.matches(
        verifiers[unit.verifier].positions, layout: bounded ? layout : .unbounded, budget: &counters.budget) ? 1 : 0
    } catch {
      throw Self.exhausted(number, error)
    }
  }

  /// Fills the verifier's positions with those of all leaves, and the layout if the unit needs it.
  mutating func loadPositions(_ number: Int, _ document: DocID) throws(ExecutionError) {
    let unit = units[number]
    let verifier = unit.verifier
    if verifiers[verifier].needsLayout || verifiers[verifier].needsSentences {
      try loadLayout(document, sentences: verifiers[verifier].needsSentences)
    }
    verifiers[verifier].positions.removeAll()
    for leaf in unit.firstLeaf..<unit.firstLeaf + unit.leafCount {
      if leaves[leaf].document < document { leaves[leaf].advance(to: document, lists) }
      var isMerged = false
      if leaves[leaf].document == document {
        let start = verifiers[verifier].positions.positions.count
        guard let merged = leaves[leaf].appendPositions(to: &verifiers[verifier].positions.positions, lists, &buffer)
        else { throw .corruptPostings(.positions) }
        isMerged = merged
        if leaves[leaf].isFiltered, !merged {
          layout.keep(field: leaves[leaf].field, in: &verifiers[verifier].positions.positions, from: start)
        } else if leaves[leaf].isFiltered {
          verifiers[verifier].positions.positions[start...].sort()
          layout.keep(field: leaves[leaf].field, in: &verifiers[verifier].positions.positions, from: start)
        }
      }
      if isMerged { verifiers[verifier].positions.endMergedLeaf() } else { verifiers[verifier].positions.endLeaf() }
    }
  }

  // MARK: - Shared

  private mutating func loadLayout(_ document: DocID, sentences: Bool) throws(ExecutionError) {
    guard layoutDocument != document || sentences && !layoutHasSentences else { return }
    do {
      try view.layouts.load(document, sentences: sentences, into: &layout)
    } catch {
      layoutDocument = .terminated
      throw .corruptLayout(error)
    }
    layoutDocument = document
    layoutHasSentences = sentences
  }

  /// The frequency of a leaf in `document`, without its field filter.
  @inline(__always)
  func leafFrequency(_ leaf: Int, _ document: DocID) -> UInt32 {
    leaves[leaf].document == document ? leaves[leaf].frequency(lists) : 0
  }

  /// Room in the buffer for the positions of all leaves of a unit, a leaf once for every place.
  private mutating func reserve(_ first: Int, _ count: Int, _ document: DocID, extra: Int) throws(ExecutionError) {
    var total = extra
    var most = 0
    for leaf in first..<first + count {
      let frequency = Int(leafFrequency(leaf, document))
      guard UInt64(frequency) <= lists[leaves[leaf].first].reference.totalFrequency else {
        throw .corruptPostings(.positions)
      }
      total += frequency
      most = max(most, frequency)
    }
    buffer.reserve(total + most)
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

  static func exhausted(_ unit: Int, _ error: PositionalError) -> ExecutionError {
    switch error {
    case .budgetExhausted(let kind, let node): .budgetExhausted(unit: unit, operator: kind, node: node)
    }
  }
}

extension DocumentLayout {
  /// Whether one value holds both positions, the first of which is not above the second.
  func holdsInOneValue(_ lo: UInt32, _ hi: UInt32) -> Bool {
    guard let (value, _) = locate(lo) else { return false }
    return hi < values[value].end
  }
}
