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
  /// What every match of the unit holds of its two rarest leaves; nil where it has no two.
  mutating func reach(_ unit: PlanUnit, _ leaves: Slots<Int>) -> Reach? {
    guard optimisations.contains(.reach), leaves.count > 1 else { return nil }
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

  /// Whether the two rarest words, which stand on a document, may stand there as `reach` says. False is certain.
  @inline(__always)
  mutating func mayStand(_ loop: inout UnitLoop, _ document: DocID) throws(ExecutionError) -> Bool {
    guard let reach = loop.reach, reach.isWorthIt else { return true }
    let (first, second) = (loop.leaves[0], loop.leaves[1])
    let (count, otherCount) = (frequency(of: first, in: document), frequency(of: second, in: document))
    guard min(count, otherCount) <= Reach.positionsMax else { return true }
    loop.reach?.lookedAt &+= 1
    let mayStand =
      count <= otherCount
      ? self.mayStand(first, second, document, (count, otherCount), reach.begins, from: reach.least, to: reach.most)
      : self.mayStand(second, first, document, (otherCount, count), reach.begins, from: -reach.most, to: -reach.least)
    if mayStand {
      loop.reach?.passed &+= 1
      return true
    }
    counters.documentsVerified &+= 1
    guard counters.budget.spend(Int(count) + Int(otherCount)) else {
      throw .budgetExhausted(unit: loop.number, operator: verifiers[units[loop.number].verifier].kind, node: 0)
    }
    return false
  }

  /// Whether `other` may stand from `least` to `most` behind `rarer`, both of which are in the document so often.
  @inline(__always)
  private mutating func mayStand(
    _ rarer: Int, _ other: Int, _ document: DocID, _ counts: (UInt32, UInt32), _ begins: Slots<UInt32>,
    from least: Int64, to most: Int64
  ) -> Bool {
    if leaves[rarer].formCount == 1, leaves[other].formCount == 1, counts.1 <= Reach.walkedMax {
      guard let gaps = lists[leaves[rarer].firstForm].gaps(), let others = lists[leaves[other].firstForm].gaps() else {
        return true
      }
      return gaps.standNear(others, least: least, most: most)
    }
    if counts.1 <= Reach.walkedMax, leaves[rarer].formCount <= LeafCursor.fewMax,
      leaves[other].formCount <= LeafCursor.fewMax
    {
      return mayWalk(rarer, other, document, counts, from: least, to: most)
    }
    guard let last = positions(rarer, document, count: Int(counts.0), movedBy: least, into: begins) else { return true }
    let starts = begins.part(from: 0, count: Int(counts.0))
    let width = UInt32(clamping: most - least)
    let stop = UInt32(clamping: Int64(last) + most)
    var left = Int(counts.1)
    for form in 0..<leaves[other].formCount where left > 0 && leaves[other].mayHold(form: form) {
      let list = leaves[other].firstForm &+ form
      guard moves(list: list, to: document) else { continue }
      left -= Int(lists[list].frequency())
      if lists[list].mayReach(starts, width: width, stop: stop) { return true }
    }
    // Not all were found: something is wrong, which the evaluation says.
    return left > 0
  }

  /// The same, each form of one word beside each of the other: of most documents that is one and one. Forms are asked
  /// until all occurrences were found.
  @inline(never)
  private mutating func mayWalk(
    _ rarer: Int, _ other: Int, _ document: DocID, _ counts: (UInt32, UInt32), from least: Int64, to most: Int64
  ) -> Bool {
    var forms = leaves[rarer].present
    var left = Int(counts.0)
    while forms != 0, left > 0 {
      let list = leaves[rarer].firstForm &+ forms.trailingZeroBitCount
      forms &= forms &- 1
      guard moves(list: list, to: document) else { continue }
      guard let gaps = lists[list].gaps() else { return true }
      left -= gaps.count
      var otherForms = leaves[other].present
      var otherLeft = Int(counts.1)
      while otherForms != 0, otherLeft > 0 {
        let otherList = leaves[other].firstForm &+ otherForms.trailingZeroBitCount
        otherForms &= otherForms &- 1
        guard moves(list: otherList, to: document) else { continue }
        guard let others = lists[otherList].gaps() else { return true }
        otherLeft -= others.count
        if gaps.standNear(others, least: least, most: most) { return true }
      }
      if otherLeft > 0 { return true }
    }
    // Not all were found: something is wrong, which the evaluation says.
    return left > 0
  }

  /// Writes the positions of a word, each moved by `offset`, to `target`. Answers the last one as it stands; nil where it
  /// cannot be said so simply.
  @inline(__always)
  private mutating func positions(
    _ leaf: Int, _ document: DocID, count: Int, movedBy offset: Int64, into target: Slots<UInt32>
  ) -> UInt32? {
    var written = 0
    var last: UInt32 = 0
    for form in 0..<leaves[leaf].formCount where written < count && leaves[leaf].mayHold(form: form) {
      let list = leaves[leaf].firstForm &+ form
      guard moves(list: list, to: document) else { continue }
      guard let gaps = lists[list].gaps(), written + gaps.count <= count else { return nil }
      var position = UInt32.max
      for i in 0..<gaps.count {
        position = position &+ gaps[i] &+ 1
        target[written &+ i] = position &+ UInt32(truncatingIfNeeded: offset)
      }
      written += gaps.count
      last = max(last, position)
    }
    return written == count ? last : nil
  }
}
