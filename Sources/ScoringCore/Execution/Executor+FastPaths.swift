internal import Base

/// The frequencies of units whose leaves all stand on the document, over their raw positions. Words are read rarest
/// first, and the rest only while there is still a chance.
extension Executor {
  /// The frequency of unit `number`, which has a path, in `document`; 0 where it does not match. With `matchOnly` any
  /// number above 0 stands for a match.
  mutating func pathFrequency(_ number: Int, _ document: DocID, matchOnly: Bool) throws(ExecutionError) -> Float {
    let unit = units[number]
    if unit.path.kind == .phrase { return try phraseFrequency(number, unit, document) }
    let words = try orderWords(unit, document)
    switch unit.path.kind {
    case .pair, .orderedPair:
      if matchOnly { return try pairMatches(number, unit, words, document) ? 1 : 0 }
      if let pair = PairSearch(number, unit, optimisations) {
        let needed = neededFrequency(unitFloor, scale: unit.scale, document) ?? -1
        let known = 0.5 * Float(neighbours(pair, document, most: .max))
        let frequency = try frequencyByBits(
          pair, words[0], words[1], document, needed: needed - known, matchMatters: matchMatters)
        if let frequency {
          try spend(words[0], words[1], number)
          return frequency
        }
      }
      return try pairFrequency(number, unit, words, document)
    case .window, .phrase, .none: return try windowFrequency(number, unit, words, document, matchOnly: matchOnly)
    }
  }

  // MARK: - Phrases

  /// The number of occurrences. Words are read by rising document frequency: of those that are not reached, not even the
  /// frequencies are unpacked.
  private mutating func phraseFrequency(
    _ number: Int, _ unit: PlanUnit, _ document: DocID
  ) throws(ExecutionError) -> Float {
    let first = try wordOfPath(unit, 0, document)
    buffer.reserve(3 * first.count)
    let start = try readPositions(first, number, document, at: 0)
    var count = start
    if first.place > 0 { count = Self.subtract(first.place, from: buffer.values.part(from: 0, count: start)) }
    for i in 1..<max(unit.path.wordCount, 1) where count > 0 {
      if i > 1, isTooLow(Float(count), unit, document) { return 0 }
      let word = try wordOfPath(unit, i, document)
      buffer.reserve(start + 3 * word.count, keeping: count)
      let positionCount = try readPositions(word, number, document, at: start)
      count = PositionLoops.keepFollowed(
        buffer.values.part(from: 0, count: start), count: count,
        by: buffer.values.part(from: start, count: positionCount), place: word.place)
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

  /// Positions of the more frequent word that are tried first where one pair is enough.
  private static let firstPositions = 64

  /// Whether the two words stand as asked somewhere.
  private mutating func pairMatches(
    _ number: Int, _ unit: PlanUnit, _ words: Slots<OrderedWord>, _ document: DocID
  ) throws(ExecutionError) -> Bool {
    let order = pairOrder(unit, words)
    let count = try readPositions(words[0], number, document, at: 0)
    // What is near the first positions of a common word mostly decides.
    var tries = words[1].count > Self.firstPositions && leaves[words[1].leaf].soleForm >= 0 ? 2 : 1
    while tries > 0 {
      tries -= 1
      let other = try readPositions(
        words[1], number, document, at: count, most: tries > 0 ? Self.firstPositions : .max)
      let pair = buffer.values.part(from: count + other, count: 2)
      guard
        PositionLoops.firstPair(
          buffer.values.part(from: 0, count: count), buffer.values.part(from: count, count: other),
          max: unit.path.max, order: order, into: pair)
      else { continue }
      guard try isDivided(unit.needsLayout, document), !layout.holdsInOneValue(pair[0], pair[1]) else { return true }
      // The pair stands on both sides of a border: all of them are looked at.
      return try pairFrequency(number, unit, words, document) > 0
    }
    return false
  }

  private func pairOrder(_ unit: PlanUnit, _ words: Slots<OrderedWord>) -> PositionLoops.PairOrder {
    guard unit.path.kind == .orderedPair else { return .any }
    return words[0].place == 0 ? .rarerFirst : .rarerLast
  }

  private mutating func pairFrequency(
    _ number: Int, _ unit: PlanUnit, _ words: Slots<OrderedWord>, _ document: DocID
  ) throws(ExecutionError) -> Float {
    let count = try readPositions(words[0], number, document, at: 0)
    let otherCount = try readPositions(words[1], number, document, at: count)
    let order = pairOrder(unit, words)
    let hulls = buffer.values.part(from: count + otherCount, count: 4 * count + 2)
    let found = PositionLoops.pairs(
      buffer.values.part(from: 0, count: count), buffer.values.part(from: count, count: otherCount),
      max: unit.path.max, order: order, into: hulls)
    // Most documents have no pair: the layout, which says what a pair may not cross, is read for the others only.
    guard found > 0 else { return 0 }
    let isDivided = try isDivided(unit.needsLayout, document)
    var frequency: Float = 0
    for i in 0..<found where !isDivided || layout.holdsInOneValue(hulls[2 * i], hulls[2 * i + 1]) {
      // Least length 2: 1 / (1 + excess) = 1 / distance.
      frequency += 1 / Float(max(1, hulls[2 * i + 1] &- hulls[2 * i]))
    }
    return frequency
  }

  // MARK: - Windows

  private mutating func windowFrequency(
    _ number: Int, _ unit: PlanUnit, _ words: Slots<OrderedWord>, _ document: DocID, matchOnly: Bool
  ) throws(ExecutionError) -> Float {
    let heads = self.heads.part(from: 0, count: words.count)
    var end = 0
    for i in 0..<words.count {
      let count = try readPositions(words[i], number, document, at: end)
      heads[i] = PositionRange(next: end, end: end + count)
      end += count
      guard i == 1 else { continue }
      let near = PositionLoops.pairs(
        buffer.values.part(from: 0, count: heads[0].end), buffer.values.part(from: heads[0].end, count: count),
        max: unit.path.max, order: .any, into: buffer.values.part(from: end, count: 4 * heads[0].end + 2))
      guard near > 0 else { return 0 }
      if words.count == 3, !matchOnly, isTooLow(boundOfThree(near, at: end), unit, document) { return 0 }
    }
    if words.count == 3 { return try tripleFrequency(unit, document, end, matchOnly: matchOnly) }
    let isDivided = try isDivided(unit.needsLayout, document)
    let least = words.count - 1
    var frequency: Float = 0
    PositionLoops.forEachWindow(buffer.values, heads, max: unit.path.max) { lo, hi in
      if isDivided, !layout.holdsInOneValue(lo, hi) { return true }
      // In damaged bytes two words may stand at one position, and the hull be shorter than it can be.
      frequency += 1 / Float(1 + max(0, Int(hi - lo) - least))
      return !matchOnly
    }
    return frequency
  }

  /// The positions of three words stand in the buffer as `heads` says, up to `end`.
  private mutating func tripleFrequency(
    _ unit: PlanUnit, _ document: DocID, _ end: Int, matchOnly: Bool
  ) throws(ExecutionError) -> Float {
    func positions(_ i: Int) -> Slots<UInt32> {
      buffer.values.part(from: heads[i].next, count: heads[i].end - heads[i].next)
    }
    let hulls = buffer.values.part(from: end, count: 2 * end + 2)
    let found = PositionLoops.triples(
      positions(0), positions(1), positions(2), max: unit.path.max, onlyOne: matchOnly, into: hulls)
    guard found > 0 else { return 0 }
    let isDivided = try isDivided(unit.needsLayout, document)
    var frequency: Float = 0
    for i in 0..<found where !isDivided || layout.holdsInOneValue(hulls[2 * i], hulls[2 * i + 1]) {
      frequency += 1 / Float(max(1, Int(hulls[2 * i + 1] &- hulls[2 * i]) - 1))
    }
    if matchOnly, frequency == 0 {
      // Those that were found stand on both sides of a border: all of them are looked at.
      return try tripleFrequency(unit, document, end, matchOnly: false)
    }
    return frequency
  }

  /// A bound of a window of three words from the hulls of two of them, `count` of them in the buffer from `place` on: twice
  /// the frequency of the two.
  ///
  /// A minimal hull [lo, hi] of a, b and c holds a minimal hull [x, y] of a and b. The word at lo stands nowhere else in
  /// it, nor does the one at hi, or it could shrink. If c stands at neither end, lo = x and hi = y: this hull alone holds
  /// [x, y], and as c needs a place between, y − x ≥ 2, and the weight 1 / (hi − lo − 1) is at most 2 / (y − x). If c
  /// stands at lo, then hi = y, and lo is the last c before x: at most one hull has c at lo, at most one at hi, each of a
  /// weight of at most 1 / (y − x). Both cases exclude each other: with c between x and y a hull that begins or ends with
  /// c would hold c twice.
  private func boundOfThree(_ count: Int, at place: Int) -> Float {
    let hulls = buffer.values.part(from: place, count: 2 * count)
    var sum: Float = 0
    for i in 0..<count { sum += 1 / Float(max(1, hulls[2 * i + 1] &- hulls[2 * i])) }
    return 2 * sum * LeafCursor.slack
  }

  // MARK: - Shared

  /// Whether a frequency of at most `bound` is too low to matter: then 0 is as good an answer.
  @inline(__always)
  private func isTooLow(_ bound: Float, _ unit: PlanUnit, _ document: DocID) -> Bool {
    unitFloor > -.infinity && !matchMatters
      && BM25.score(scale: unit.scale, ratio: bound * inverse[Int(view.norm(document))]) <= unitFloor
  }

  /// The unit's words by falling rarity in the document, and room in the buffer for their positions and for what the
  /// loops write beside them: candidates or merged positions once more, or four times the rarest word's positions.
  @inline(__always)
  private mutating func orderWords(
    _ unit: PlanUnit, _ document: DocID
  ) throws(ExecutionError) -> Slots<OrderedWord> {
    let ordered = self.orderedWords.part(from: 0, count: unit.path.wordCount)
    var total = 0
    for i in 0..<unit.path.wordCount {
      let word = try wordOfPath(unit, i, document)
      total += word.count
      var place = i
      while place > 0, ordered[place - 1].count > word.count {
        ordered[place] = ordered[place - 1]
        place -= 1
      }
      ordered[place] = word
    }
    buffer.reserve(5 * total + 2)
    return ordered
  }

  /// One of the unit's words, counted by rising document frequency, with its frequency in the document.
  @inline(__always)
  private mutating func wordOfPath(
    _ unit: PlanUnit, _ i: Int, _ document: DocID
  ) throws(ExecutionError) -> OrderedWord {
    let word = words[unit.path.firstWord + i]
    let count = Int(frequency(of: word.leaf, in: document))
    guard UInt64(count) <= leaves[word.leaf].positionsMax else { throw .corruptPostings(.positions) }
    return OrderedWord(leaf: word.leaf, place: word.place, count: count)
  }

  /// Reads the positions of a word, of one form the first `most`, into the buffer and takes them from the budget. Answers
  /// how many.
  @inline(__always)
  private mutating func readPositions(
    _ word: OrderedWord, _ unit: Int, _ document: DocID, at start: Int, most: Int = .max
  ) throws(ExecutionError) -> Int {
    let count = min(word.count, most)
    guard counters.budget.spend(count) else {
      throw .budgetExhausted(unit: unit, operator: verifiers[units[unit].verifier].kind, node: 0)
    }
    guard leaves[word.leaf].formCount == 1 else { return try readForms(word, document, at: start, count: count) }
    guard lists[leaves[word.leaf].firstForm].readPositions(into: buffer.values, at: start, most: count) else {
      throw .corruptPostings(.positions)
    }
    return count
  }

  /// The first `count` positions of a word of several forms; more where several forms are in the document.
  @inline(never)
  private mutating func readForms(
    _ word: OrderedWord, _ document: DocID, at start: Int, count: Int
  ) throws(ExecutionError) -> Int {
    let list = leaves[word.leaf].soleForm
    guard list >= 0 else { return try readUnion(word, document, at: start) }
    guard moves(list: list, to: document), lists[list].readPositions(into: buffer.values, at: start, most: count) else {
      throw .corruptPostings(.positions)
    }
    return count
  }

  /// The positions of a word of several forms, merged: a position that two of them hold counts once.
  private mutating func readUnion(
    _ word: OrderedWord, _ document: DocID, at start: Int
  ) throws(ExecutionError) -> Int {
    var end = start
    var read = 0
    // The commonest form comes first, and mostly it is all there is.
    for form in 0..<leaves[word.leaf].formCount where read < word.count && leaves[word.leaf].mayHold(form: form) {
      let list = leaves[word.leaf].firstForm &+ form
      guard moves(list: list, to: document) else { continue }
      let count = Int(lists[list].frequency())
      read += count
      guard read <= word.count, lists[list].readPositions(into: buffer.values, at: end) else {
        throw .corruptPostings(.positions)
      }
      if end > start {
        end = start + PositionLoops.merge(
          buffer.values.part(from: start, count: end + count - start), first: end - start,
          scratch: buffer.values.part(from: end + count, count: end + count - start))
      } else {
        end += count
      }
    }
    return end - start
  }

  /// Whether the document has several values that a hull must not cross; then its layout is loaded.
  mutating func isDivided(_ needsLayout: Bool, _ document: DocID) throws(ExecutionError) -> Bool {
    guard needsLayout else { return false }
    try loadLayout(document, sentences: false)
    return layout.values.count > 1
  }
}

/// A word of a unit in one document: its leaf, its place, and how often it is there.
struct OrderedWord: BitwiseCopyable {
  var leaf: Int
  var place: UInt32
  var count: Int
}
