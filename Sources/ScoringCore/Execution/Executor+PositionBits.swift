internal import Base
internal import CKernels

/// What is looked for in each document of two words near each other.
struct PairSearch: BitwiseCopyable {
  let unit: Int
  let scale: Float
  let max: UInt32
  let isOrdered: Bool
  let needsLayout: Bool
  /// See `PlanUnit`.
  let knowsNeighbours: Bool
  let neighbourList: Int

  /// Nil where bits do not find it.
  init?(_ number: Int, _ unit: PlanUnit, _ optimisations: Optimisations) {
    guard optimisations.contains(.positionBits), unit.path.kind == .pair || unit.path.kind == .orderedPair,
      unit.path.max <= PositionBits.distanceMax
    else { return nil }
    self.unit = number
    scale = unit.scale
    max = unit.path.max
    isOrdered = unit.path.kind == .orderedPair
    needsLayout = unit.needsLayout
    knowsNeighbours = unit.knowsNeighbours
    neighbourList = unit.neighbourList
  }

  /// What the hits at one position of a word weigh together at most; neighbours of two words in order left out, if it is
  /// known which they are.
  var mostPerPosition: Float { isOrdered ? knowsNeighbours ? 0.5 : 1 : 2 }
}

/// The frequency of two words near each other by the bits of one: where there are enough positions of both that to merge
/// them would take its time, and only as long as there is a chance.
extension Executor {
  /// Where the more frequent word has more positions than so many for each of the other, it is searched instead.
  private static let marksPerStep = 12
  /// Hulls up to which a walk looks whether there is still a chance: so many additions and their bound stay within the slack.
  private static let boundedHulls = 1_024
  /// Positions of the more frequent word up to which its bits are set if a match is all that is asked.
  private static let marksForMatch = 64

  /// One document of a loop over a pair, at which both words stand, from its frequencies on.
  @inline(__always)
  mutating func runPair(
    _ loop: inout UnitLoop, _ pair: PairSearch, _ document: DocID, leadFrequency: UInt32, mayEnter: Bool
  ) throws(ExecutionError) {
    let (lead, second) = (loop.leaves[0], loop.leaves[1])
    let secondFrequency = frequency(of: second, in: document)
    let least = min(leadFrequency, secondFrequency)
    var mayEnter = mayEnter
    var needed: Float = -1
    var neighbours: UInt32 = 0
    if mayEnter, let frequency = neededFrequency(floor, scale: pair.scale, document) {
      needed = frequency
      neighbours = self.neighbours(pair, document, most: least)
      mayEnter = pair.mostPerPosition * Float(least) + 0.5 * Float(neighbours) > needed
    }
    guard mayEnter || isCounting, try mayStand(&loop, document) else { return }
    if mayEnter || Swift.max(leadFrequency, secondFrequency) <= Self.marksForMatch {
      let isSwapped = secondFrequency < leadFrequency
      let rarer = OrderedWord(leaf: isSwapped ? second : lead, place: loop.leadPlace ^ (isSwapped ? 1 : 0), count: Int(least))
      let other = OrderedWord(leaf: isSwapped ? lead : second, place: rarer.place ^ 1, count: Int(Swift.max(leadFrequency, secondFrequency)))
      let wanted: Float = mayEnter ? needed - 0.5 * Float(neighbours) : .infinity
      if let frequency = try frequencyByBits(pair, rarer, other, document, needed: wanted, matchMatters: isCounting) {
        counters.documentsVerified &+= 1
        try spend(rarer, other, pair.unit)
        return take(&loop, document, frequency, mayEnter: mayEnter)
      }
    }
    try evaluate(&loop, document, mayEnter: mayEnter)
  }

  /// How often the second word stands directly behind the first in a document, as far as that is known: `most` times at most.
  @inline(__always)
  mutating func neighbours(_ pair: PairSearch, _ document: DocID, most: UInt32) -> UInt32 {
    guard pair.neighbourList >= 0, lists[pair.neighbourList].moves(to: document) else { return 0 }
    return min(most, lists[pair.neighbourList].frequency())
  }

  /// The frequency of a pair; nil where merging is the way. As soon as it is certain that it stays at `needed` or below,
  /// neighbours left out if they are known, it may be lower: a match stays above 0 where that matters.
  mutating func frequencyByBits(
    _ pair: PairSearch, _ rarer: OrderedWord, _ other: OrderedWord, _ document: DocID, needed: Float, matchMatters: Bool
  ) throws(ExecutionError) -> Float? {
    let walked = leaves[rarer.leaf].soleForm
    guard walked >= 0, other.count <= Self.marksPerStep * rarer.count, markPositions(other, document),
      moves(list: walked, to: document)
    else { return nil }
    var walk = kwic_near_walk()
    walk.end = positionBits.end
    walk.max = pair.max
    walk.before = !pair.isOrdered || rarer.place != 0 ? 1 : 0
    walk.after = !pair.isOrdered || rarer.place == 0 ? 1 : 0
    walk.position = .max
    walk.needed = rarer.count <= Self.boundedHulls / 2 ? needed : -1
    walk.most = pair.mostPerPosition
    walk.least = matchMatters ? 1 / Float(pair.max) : 0
    let start = walk
    guard lists[walked].walk(&walk, past: positionBits) else { return nil }
    if walk.sum > 0, try isDivided(pair.needsLayout, document) {
      // Some hulls may cross a border: those that do not are found once more.
      walk = start
      guard positionBits.divide(layout) else { return nil }
      defer { positionBits.unite() }
      guard lists[walked].walk(&walk, past: positionBits) else { return nil }
    }
    return walk.sum
  }

  /// Takes the positions of two words from the budget.
  @inline(__always)
  mutating func spend(_ word: OrderedWord, _ other: OrderedWord, _ unit: Int) throws(ExecutionError) {
    guard counters.budget.spend(word.count + other.count) else {
      throw .budgetExhausted(unit: unit, operator: verifiers[units[unit].verifier].kind, node: 0)
    }
  }

  /// Sets the bits of a word's positions, of all its forms.
  @inline(__always)
  private mutating func markPositions(_ word: OrderedWord, _ document: DocID) -> Bool {
    positionBits.removeAll(&arena)
    guard leaves[word.leaf].formCount > 1 else { return lists[leaves[word.leaf].firstForm].addPositions(to: &positionBits) }
    for form in 0..<leaves[word.leaf].formCount where leaves[word.leaf].mayHold(form: form) {
      let list = leaves[word.leaf].firstForm &+ form
      guard moves(list: list, to: document) else { continue }
      guard lists[list].addPositions(to: &positionBits) else { return false }
    }
    return positionBits.end > 0
  }
}
