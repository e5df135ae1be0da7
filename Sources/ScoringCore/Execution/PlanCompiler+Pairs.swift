internal import Base

/// The phrase layer at work: a phrase over pairs of common words instead of the words, and the tier of a proximity.
extension PlanCompiler {
  /// Compiles a phrase some of whose neighbours are pairs with a list of their own; nil where none are. A phrase that is
  /// one pair is a word like any other: its frequency is its list's, no position is read.
  mutating func compilePairs(_ unit: PositionalUnit, scoring: Bool) throws(PostingError) -> Int? {
    guard optimisations.contains(.pairs), optimisations.contains(.positionalFastPaths), !unit.pairs.adjacent.isEmpty,
      case .phrase(let places) = unit.expression, places.count <= FastPath.wordsMax,
      unit.leaves.allSatisfy({ (1...LeafCursor.fewMax).contains($0.lists.count) && !$0.needsPositions })
    else { return nil }
    let leaves = places.compactMap { $0 }
    guard leaves.count == places.count else { return nil }
    switch Self.cover(leaves, unit) {
    case .words: return nil
    case .nothing:
      units.append(PlanUnit(firstLeaf: self.leaves.count, leafCount: 0, scale: 0, scored: false), &arena)
      return addNothing()
    case .lists(let parts):
      if parts.count == 1 {
        return try compileWords(
          WordLeaf(lists: parts[0].leaf.lists, weight: unit.weight, scored: unit.scored), scoring: scoring)
      }
      return try compilePhrase(parts, of: unit, scoring: scoring)
    }
  }

  private enum Cover {
    /// No pair is known.
    case words
    /// Two neighbours never stand so.
    case nothing
    /// Words and pairs, and the place in the phrase where each begins; together they hold every place.
    case lists([Part])
  }

  private typealias Part = (leaf: WordLeaf, place: Int)

  /// Whether what the layer says of the leaf is all of it.
  private static func isOneForm(_ leaf: Int, _ unit: PositionalUnit) -> Bool {
    unit.leaves[leaf].lists.count == 1
  }

  /// Every place by a pair where there is one: the pair of it and the next, else of the one before and it, else the word.
  private static func cover(_ leaves: [Int], _ unit: PositionalUnit) -> Cover {
    func pair(_ place: Int) -> UnitPairs.Adjacent? {
      guard place >= 0, place + 1 < leaves.count else { return nil }
      guard isOneForm(leaves[place], unit), isOneForm(leaves[place + 1], unit) else { return nil }
      return unit.pairs.adjacent.first { $0.first == leaves[place] && $0.second == leaves[place + 1] }
    }
    var parts: [Part] = []
    var usesPairs = false
    var place = 0
    while place < leaves.count {
      let beginsPair = pair(place) != nil
      if let found = pair(place) ?? pair(place - 1) {
        guard let list = found.list else { return .nothing }
        parts.append((WordLeaf(lists: [list]), beginsPair ? place : place - 1))
        usesPairs = true
      } else {
        parts.append((unit.leaves[leaves[place]], place))
      }
      place += beginsPair ? 2 : 1
    }
    return usesPairs ? .lists(parts) : .words
  }

  private mutating func compilePhrase(
    _ parts: [Part], of unit: PositionalUnit, scoring: Bool
  ) throws(PostingError) -> Int {
    let firstLeaf = leaves.count
    var known: [[PostingListReference]] = []
    var path: [FastPath.Word] = []
    let firstWord = words.count
    for part in parts {
      var leaf = known.firstIndex(of: part.leaf.lists)
      if leaf == nil {
        leaf = known.count
        known.append(part.leaf.lists)
        _ = try addLeaf(part.leaf, withPositions: true)
      }
      path.append(FastPath.Word(leaf: firstLeaf + leaf!, place: UInt32(part.place)))
    }
    addWords(path)
    let scored = scoring && unit.scored
    var compiled = PlanUnit(
      firstLeaf: firstLeaf, leafCount: known.count, scale: scored ? ranking.scale(unit.weight) : 0, scored: scored)
    compiled.verifier = verifiers.count
    verifiers.append(PositionalVerifier(unit, optimisations))
    compiled.path = FastPath(kind: .phrase, firstWord: firstWord, wordCount: parts.count)
    if isLone, scored { return addLone(compiled) }
    compiled.firstTerm = terms.count
    for leaf in firstLeaf..<leaves.count {
      terms.append(BoundTerm(multiplier: 1, first: termLeaves.count, count: 1), &arena)
      termLeaves.append(leaf, &arena)
    }
    compiled.termCount = terms.count - compiled.firstTerm
    units.append(compiled, &arena)
    return addUnit(units.count - 1, over: (firstLeaf..<leaves.count).map { addWord($0) })
  }

  /// Opens the tiers of a proximity of two or three words, and the neighbours of two in order.
  mutating func addTier(_ unit: PositionalUnit, to compiled: inout PlanUnit) throws(PostingError) {
    if optimisations.contains(.pairs), compiled.path.kind == .orderedPair, let neighbours = unit.pairs.adjacent.first {
      compiled.knowsNeighbours = true
      if let list = neighbours.list {
        compiled.neighbourList = lists.count
        lists.append(try open(list), &arena)
      }
    }
    guard optimisations.contains(.pairs), compiled.path.kind != .none, compiled.path.kind != .phrase,
      !unit.pairs.tiers.isEmpty
    else { return }
    let multiplier = NearTier.unit * LeafCursor.slack
    compiled.tierMultiplier = multiplier
    compiled.firstTier = tiers.count
    compiled.tierCount = unit.pairs.tiers.count
    for tier in unit.pairs.tiers {
      let rest = tier.rest.map { Float($0.quarters) * multiplier * ranking.inverse[Int($0.norm)] }.max() ?? 0
      tiers.append(PlanTier(list: lists.count, rest: rest), &arena)
      lists.append(try open(tier.list), &arena)
    }
    compiled.firstOtherForm = lists.count
    compiled.otherFormCount = unit.pairs.otherForms.count
    for list in unit.pairs.otherForms { lists.append(try open(list), &arena) }
  }
}
