internal import Base

/// The last sieve before a unit is evaluated: whether its two rarest words stand near each other anywhere in the document.
///
/// Of the documents that hold all words of a phrase of rarer words one in ten or twenty holds the phrase. Here their gaps
/// are walked where the blocks of positions were unpacked, without a copy and without what the evaluation needs to set
/// up. What passes is evaluated as if there were no sieve.
struct Reach: BitwiseCopyable {
  /// From where to where behind a position of the first word one of the second has to stand.
  let least: Int64
  let most: Int64
  /// Positions of the word that is rarer in the document, each moved to where its reach begins.
  let begins: Slots<UInt32>
  /// Documents that were looked at, and those that passed.
  var lookedAt = 0
  var passed = 0

  /// Occurrences of the rarer word up to which the sieve looks at a document, and up to which both words' gaps are walked
  /// one by one.
  static let positionsMax = 8
  static let walkedMax: UInt32 = 12
  /// After so many documents the sieve must have stopped a third.
  private static let trial = 32

  init(least: Int64, most: Int64, _ arena: inout ScratchArena) {
    self.least = least
    self.most = most
    begins = arena.slots(Self.positionsMax, repeating: 0)
  }

  /// Whether it has stopped enough to be worth its time.
  @inline(__always)
  var isWorthIt: Bool { lookedAt < Self.trial || 3 &* passed <= 2 &* lookedAt }
}

extension Executor {
  /// What every match of the unit holds of its two rarest leaves; nil where it has no two that are one list each.
  mutating func reach(_ unit: PlanUnit, _ leaves: Slots<Int>) -> Reach? {
    guard optimisations.contains(.reach), leaves.count > 1, hasOwnPositions(leaves[0]), hasOwnPositions(leaves[1])
    else { return nil }
    let (first, second) = (place(of: leaves[0], in: unit), place(of: leaves[1], in: unit))
    let most = Int64(unit.path.max)
    return switch unit.path.kind {
    case .phrase: Reach(least: second - first, most: second - first, &arena)
    case .orderedPair: first < second ? Reach(least: 1, most: most, &arena) : Reach(least: -most, most: -1, &arena)
    case .pair, .window: Reach(least: -most, most: most, &arena)
    case .none: nil
    }
  }

  /// The first of the unit's places that the leaf stands at.
  private func place(of leaf: Int, in unit: PlanUnit) -> Int64 {
    var i = unit.path.firstWord
    while words[i].leaf != leaf { i += 1 }
    return Int64(words[i].place)
  }

  /// Whether documents and positions of the leaf come from one list.
  private func hasOwnPositions(_ leaf: Int) -> Bool {
    leaves[leaf].mode == .single && leaves[leaf].formCount == 1 && leaves[leaf].firstForm == leaves[leaf].first
  }

  /// Whether the two rarest words, which stand on a document, may stand there as `reach` says. False is certain.
  @inline(__always)
  mutating func mayStand(_ loop: inout UnitLoop) throws(ExecutionError) -> Bool {
    guard let reach = loop.reach, reach.isWorthIt else { return true }
    let (first, second) = (leaves[loop.leaves[0]].first, leaves[loop.leaves[1]].first)
    let (count, otherCount) = (lists[first].frequency(), lists[second].frequency())
    let isRarer = count <= otherCount
    guard min(count, otherCount) <= Reach.positionsMax else { return true }
    guard let gaps = lists[isRarer ? first : second].gaps() else { return true }
    loop.reach?.lookedAt &+= 1
    if mayStand(reach, gaps, isRarer: isRarer, in: isRarer ? second : first, count: max(count, otherCount)) {
      loop.reach?.passed &+= 1
      return true
    }
    counters.documentsVerified &+= 1
    guard counters.budget.spend(Int(count) + Int(otherCount)) else {
      throw .budgetExhausted(unit: loop.number, operator: verifiers[units[loop.number].verifier].kind, node: 0)
    }
    return false
  }

  /// - Parameters:
  ///   - gaps: Of the word that is rarer in the document: the first one if `isRarer`.
  ///   - list: Of the other word, which is there `count` times.
  @inline(__always)
  private mutating func mayStand(
    _ reach: Reach, _ gaps: Slots<UInt32>, isRarer: Bool, in list: Int, count: UInt32
  ) -> Bool {
    // From where to where behind the rarer word's position.
    let (least, most) = isRarer ? (reach.least, reach.most) : (-reach.most, -reach.least)
    if count <= Reach.walkedMax, let others = lists[list].gaps() {
      return gaps.standNear(others, least: least, most: most)
    }
    var position = UInt32.max
    for i in 0..<gaps.count {
      position = position &+ gaps[i] &+ 1
      reach.begins[i] = position &+ UInt32(truncatingIfNeeded: least)
    }
    return lists[list].mayReach(
      reach.begins.part(from: 0, count: gaps.count), width: UInt32(clamping: most - least),
      stop: UInt32(clamping: Int64(position) + most))
  }
}
