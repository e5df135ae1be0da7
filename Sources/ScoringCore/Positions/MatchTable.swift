/// A set of matches as the general evaluation carries them: hulls, and where they are asked for the positions inside
/// and the words that took them.
///
///     hulls     one per match, sorted by (lo, hi) once `normalise` has run
///     slack     in windows only: Σ (length − 1) of the operands in a match so far
///     starts    match i has count(i) positions:   positions[starts[i]..<starts[i+1]], ascending
///     words     the same number, in query order:  words[starts[i]..<starts[i+1]], each slot << 32 | position
struct MatchTable: Sendable {
  enum Detail: Sendable { case hulls, positions, words }

  let detail: Detail
  /// Matches of one hull are one entry, the smallest; else matches of one set of positions are.
  let mergesByHull: Bool
  let hasSlack: Bool
  private(set) var hulls: [Hull] = []
  private(set) var slack: [Int] = []
  private var starts: [Int] = [0]
  private var positions: [UInt32] = []
  private var words: [UInt64] = []
  private var sortedCount = 0

  var count: Int { hulls.count }
  var isEmpty: Bool { hulls.isEmpty }

  init(_ detail: Detail, mergesByHull: Bool, hasSlack: Bool = false) {
    self.detail = detail
    self.mergesByHull = mergesByHull || detail == .hulls
    self.hasSlack = hasSlack
  }

  func positions(of match: Int) -> ArraySlice<UInt32> { positions[starts[match]..<starts[match + 1]] }
  func words(of match: Int) -> ArraySlice<UInt64> { words[starts[match]..<starts[match + 1]] }
  func slack(of match: Int) -> Int { hasSlack ? slack[match] : 0 }
  /// Length of the longest hull.
  var longest: Int { hulls.reduce(0) { max($0, $1.length) } }

  // MARK: Adding

  /// Adds the match of one word.
  mutating func append(word position: UInt32, slot: Int) {
    hulls.append(Hull(position, position))
    if hasSlack { slack.append(0) }
    if detail == .hulls { return }
    positions.append(position)
    if detail == .words { words.append(UInt64(slot) << 32 | UInt64(position)) }
    starts.append(positions.count)
  }

  /// Adds the match of a phrase that begins (with its first place, leaf or not) at `start`.
  mutating func append(phrase places: [PositionalPlan.Place], at start: UInt32, slot: Int) {
    hulls.append(Hull(start + places[0].offset, start + places[places.count - 1].offset))
    if detail == .hulls { return }
    for (number, place) in places.enumerated() {
      positions.append(start + place.offset)
      if detail == .words { words.append(UInt64(slot + number) << 32 | UInt64(start + place.offset)) }
    }
    starts.append(positions.count)
  }

  /// Adds a match of another table of the same detail.
  mutating func append(_ match: Int, of other: MatchTable, slack newSlack: Int = 0) {
    hulls.append(other.hulls[match])
    if hasSlack { slack.append(newSlack) }
    if detail == .hulls { return }
    positions.append(contentsOf: other.positions(of: match))
    if detail == .words { words.append(contentsOf: other.words(of: match)) }
    starts.append(positions.count)
  }

  /// Adds the union of two disjoint matches, the words of the first before the other's.
  mutating func append(
    unionOf match: Int, _ table: MatchTable, with otherMatch: Int, _ other: MatchTable, slack newSlack: Int = 0
  ) {
    hulls.append(table.hulls[match].union(other.hulls[otherMatch]))
    if hasSlack { slack.append(newSlack) }
    if detail != .hulls {
      mergePositions(table.positions(of: match), other.positions(of: otherMatch))
      if detail == .words {
        words.append(contentsOf: table.words(of: match))
        words.append(contentsOf: other.words(of: otherMatch))
      }
      starts.append(positions.count)
    }
    // Repetitions are dropped whenever they may have doubled the table.
    if hulls.count > 2 * sortedCount + 4096 { normalise() }
  }

  private mutating func mergePositions(_ first: ArraySlice<UInt32>, _ second: ArraySlice<UInt32>) {
    var i = first.startIndex
    var j = second.startIndex
    while i < first.endIndex, j < second.endIndex {
      if first[i] < second[j] {
        positions.append(first[i])
        i += 1
      } else {
        positions.append(second[j])
        j += 1
      }
    }
    positions.append(contentsOf: first[i...])
    positions.append(contentsOf: second[j...])
  }

  // MARK: Asking

  /// Whether two matches share no position; their positions are carried.
  static func areDisjoint(_ match: Int, _ table: MatchTable, _ otherMatch: Int, _ other: MatchTable) -> Bool {
    guard table.hulls[match].meets(other.hulls[otherMatch]) else { return true }
    var i = table.starts[match]
    var j = other.starts[otherMatch]
    let end = table.starts[match + 1]
    let otherEnd = other.starts[otherMatch + 1]
    while i < end, j < otherEnd {
      let first = table.positions[i]
      let second = other.positions[j]
      if first == second { return false }
      if first < second { i += 1 } else { j += 1 }
    }
    return true
  }

  /// The first match with lo ≥ `lo`.
  func firstMatch(from lo: Int) -> Int {
    partitionPoint(hulls.count) { Int(hulls[$0].lo) >= lo }
  }

  // MARK: Ordering

  /// Sorts by (lo, hi), and keeps of equal matches the one whose positions, then words, are smallest.
  ///
  /// - Complexity: O(n log n) comparisons.
  mutating func normalise() {
    if detail == .hulls, !hasSlack {
      hulls.sort()
      var kept = 0
      for index in hulls.indices where index == 0 || hulls[index] != hulls[kept - 1] {
        hulls[kept] = hulls[index]
        kept += 1
      }
      hulls.removeLast(hulls.count - kept)
    } else {
      reorder(hulls.indices.sorted(by: comesBefore))
    }
    sortedCount = hulls.count
  }

  private mutating func reorder(_ order: [Int]) {
    var result = MatchTable(detail, mergesByHull: mergesByHull, hasSlack: hasSlack)
    var last: Int?
    for match in order {
      if let last, isSame(last, match) { continue }
      result.append(match, of: self, slack: slack(of: match))
      last = match
    }
    self = result
  }

  private func comesBefore(_ first: Int, _ second: Int) -> Bool {
    if hulls[first] != hulls[second] { return hulls[first] < hulls[second] }
    if hasSlack, slack[first] != slack[second] { return slack[first] > slack[second] }
    if detail == .hulls { return false }
    let positionsOfFirst = positions(of: first)
    let positionsOfSecond = positions(of: second)
    if positionsOfFirst != positionsOfSecond { return positionsOfFirst.lexicographicallyPrecedes(positionsOfSecond) }
    return detail == .words && wordsComeBefore(first, second)
  }

  /// Positions in query order decide, then which words were written first.
  private func wordsComeBefore(_ first: Int, _ second: Int) -> Bool {
    let one = words(of: first)
    let other = words(of: second)
    for (a, b) in zip(one, other) where UInt32(truncatingIfNeeded: a) != UInt32(truncatingIfNeeded: b) {
      return UInt32(truncatingIfNeeded: a) < UInt32(truncatingIfNeeded: b)
    }
    return one.lexicographicallyPrecedes(other)
  }

  private func isSame(_ first: Int, _ second: Int) -> Bool {
    guard hulls[first] == hulls[second] else { return false }
    // Of equal hulls the largest slack admits whatever the others do; it comes first.
    if detail == .hulls { return true }
    guard slack(of: first) == slack(of: second) else { return false }
    return mergesByHull || positions(of: first) == positions(of: second)
  }

  /// The inclusion-minimal (or maximal) hulls, ascending in lo and hi. The table is normalised.
  func antichain(maximal: Bool = false) -> [Hull] {
    var result: [Hull] = []
    for hull in hulls {
      if maximal {
        if let last = result.last, hull.hi <= last.hi { continue }
        if let last = result.last, hull.lo == last.lo { result.removeLast() }
      } else {
        if let last = result.last, hull.lo == last.lo { continue }
        while let last = result.last, last.hi >= hull.hi { result.removeLast() }
      }
      result.append(hull)
    }
    return result
  }
}
