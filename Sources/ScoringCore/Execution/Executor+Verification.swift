internal import Base

/// The second phase of positional units: from candidates to matches and frequencies.
extension Executor {
  /// Whether `document`, which the unit's required leaves all hold, matches unit `number`; its frequency too if wanted.
  /// What was found is kept for the next question about the same document.
  mutating func verify(_ number: Int, _ document: DocID, wantsFrequency: Bool) throws(ExecutionError) -> Bool {
    let unit = units[number]
    if unit.knownDocument == document, !unit.isMatch || !wantsFrequency || unit.frequency >= 0 { return unit.isMatch }
    if unit.knownDocument != document { counters.documentsVerified &+= 1 }
    let hasPath = unit.path.kind != .none
    let frequency =
      hasPath
      ? try pathFrequency(number, document, matchOnly: !wantsFrequency) : try matcherFrequency(number, document, wantsFrequency: wantsFrequency)
    units[number].knownDocument = document
    units[number].isMatch = frequency > 0
    units[number].frequency = wantsFrequency ? frequency : -1
    return frequency > 0
  }

  // MARK: - Everything else

  private mutating func matcherFrequency(
    _ number: Int, _ document: DocID, wantsFrequency: Bool
  ) throws(ExecutionError) -> Float {
    let unit = units[number]
    try loadPositions(number, document)
    let positions = verifiers[unit.verifier].positions
    do {
      if wantsFrequency {
        return try verifiers[unit.verifier].matcher?.frequency(
          positions, layout: unit.needsLayout ? layout : .unbounded, budget: &counters.budget)
          ?? 0
      }
      let isMatch = try verifiers[unit.verifier].matcher?.matches(
        positions, layout: unit.needsLayout ? layout : .unbounded, budget: &counters.budget)
      return isMatch == true ? 1 : 0
    } catch {
      throw Self.exhausted(number, error)
    }
  }

  /// Makes the verifier ready and fills its positions with those of all leaves, and the layout if the unit needs it.
  mutating func loadPositions(_ number: Int, _ document: DocID) throws(ExecutionError) {
    verifiers[units[number].verifier].prepare()
    try fillPositions(number, document)
  }

  /// Fills the positions of the verifier with those of all leaves, and the layout if the unit needs it.
  mutating func fillPositions(_ number: Int, _ document: DocID) throws(ExecutionError) {
    let unit = units[number]
    let verifier = unit.verifier
    if unit.needsLayout { try loadLayout(document, sentences: unit.needsSentences) }
    verifiers[verifier].positions.removeAll()
    for leaf in unit.firstLeaf..<unit.firstLeaf + unit.leafCount {
      if leaves[leaf].document < document { leaves[leaf].advance(to: document, lists) }
      var isMerged = false
      if leaves[leaf].document == document {
        let start = verifiers[verifier].positions.positions.count
        guard let merged = leaves[leaf].appendPositions(to: &verifiers[verifier].positions.positions, lists, &buffer)
        else { throw .corruptPostings(.positions) }
        isMerged = merged
        let filter = verifiers[verifier].filter(of: leaf - unit.firstLeaf)
        if merged, leaves[leaf].isFiltered || filter != nil {
          verifiers[verifier].positions.positions[start...].sort()
        }
        if leaves[leaf].isFiltered {
          layout.keep(field: leaves[leaf].field, in: &verifiers[verifier].positions.positions, from: start)
        }
        if let filter {
          try spend(verifiers[verifier].positions.positions.count - start, number)
          try filter.keep(document, layout, in: &verifiers[verifier].positions.positions, from: start)
        }
      }
      if isMerged { verifiers[verifier].positions.endMergedLeaf() } else { verifiers[verifier].positions.endLeaf() }
    }
  }

  /// Charges positions whose text is looked at.
  mutating func spend(_ count: Int, _ unit: Int) throws(ExecutionError) {
    guard counters.budget.spend(count) else {
      throw .budgetExhausted(unit: unit, operator: verifiers[units[unit].verifier].kind, node: 0)
    }
  }

  // MARK: - Shared

  mutating func loadLayout(_ document: DocID, sentences: Bool) throws(ExecutionError) {
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
