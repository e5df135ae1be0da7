internal import Base
internal import Index
internal import ScoringCore

/// Turns a parsed query into one plan for each segment of a snapshot: lists looked up, weights of the snapshot.
///
/// The benchmark's own short way from a query to the scoring core. It plans what a parsed query of the same meaning
/// plans, so that a figure of the comparison is one of lists, pruning and positions, and of nothing around them.
struct CorePlanner {
  let snapshot: Snapshot
  let ranking: BM25
  private let documentCount: UInt64

  init(_ snapshot: Snapshot) {
    self.snapshot = snapshot
    let statistics = snapshot.statistics
    documentCount = statistics.documents
    ranking = BM25(averageLength: Float(Double(statistics.words) / Double(max(1, statistics.documents))))
  }

  /// One plan for each segment, in their order.
  func plans(_ query: CoreQuery) throws -> [MatchPlan] {
    var words = Words()
    words.forms.reserveCapacity(query.wordCount)
    query.forEachUnit { unit in
      words.usesStems = words.usesStems || unit.usesStems
      for form in unit.words where !words.forms.contains(form) { words.forms.append(form) }
    }
    try lookUp(&words)
    return snapshot.segments.indices.map { plan(query, words, segment: $0) }
  }

  // MARK: Words

  /// The different words of a query: for each segment what each has there, and the idf over all of them.
  private struct Words {
    var forms: [[UInt8]] = []
    /// All words of a query stand for their stems, or none.
    var usesStems = false
    var lists: [[PostingListReference?]] = []
    var classes: [[StemClass?]] = []
    var idf: [Float] = []

    func leaf(_ word: Int, segment: Int, weight: Float = 0) -> WordLeaf {
      guard usesStems else { return WordLeaf(lists: lists[segment][word].map { [$0] } ?? [], weight: weight) }
      let found = classes[segment][word]
      return WordLeaf(lists: found?.lists ?? [], classList: found?.classList, merged: found?.merged, weight: weight)
    }

    func documentFrequency(_ word: Int, segment: Int) -> UInt32 {
      usesStems
        ? classes[segment][word]?.documentFrequency ?? 0 : lists[segment][word]?.documentFrequency ?? 0
    }
  }

  private func lookUp(_ words: inout Words) throws {
    for segment in snapshot.segments {
      if words.usesStems {
        words.classes.append(try words.forms.map { try segment.stemClass($0) })
      } else {
        words.lists.append(try segment.lookup(words.forms))
      }
    }
    words.idf.reserveCapacity(words.forms.count)
    for word in words.forms.indices {
      var frequency: UInt64 = 0
      for segment in snapshot.segments.indices { frequency += UInt64(words.documentFrequency(word, segment: segment)) }
      words.idf.append(BM25.idf(documentFrequency: frequency, documentCount: documentCount))
    }
  }

  // MARK: Plans

  private func plan(_ query: CoreQuery, _ words: Words, segment: Int) -> MatchPlan {
    switch query {
    case .unit(let unit): plan(unit, words, segment)
    case .and(let operands): .and(operands.map { plan($0, words, segment: segment) })
    case .or(let operands): .or(operands.map { plan($0, words, segment: segment) })
    case .andMaybe(let required, let optional):
      .andMaybe(plan(required, words, segment: segment), plan(optional, words, segment: segment))
    case .andNot(let positive, let negative):
      .andNot(plan(positive, words, segment: segment), plan(negative, words, segment: segment))
    }
  }

  private func plan(_ unit: CoreQuery.Unit, _ words: Words, _ segment: Int) -> MatchPlan {
    // A word that comes twice is one leaf with two places.
    var numbers: [Int] = []
    numbers.reserveCapacity(unit.words.count)
    var weight: Float = 0
    let places = unit.words.map { form -> Int in
      // `plans` has met them all.
      let number = words.forms.firstIndex(of: form) ?? 0
      weight += words.idf[number]
      if let known = numbers.firstIndex(of: number) { return known }
      numbers.append(number)
      return numbers.count - 1
    }
    if case .word = unit.shape { return .words(words.leaf(numbers[0], segment: segment, weight: weight)) }
    let standsAlone = numbers.allSatisfy { Self.standsAlone(words.forms[$0]) }
    return .positional(
      PositionalUnit(
        expression: Self.expression(unit.shape, places), leaves: numbers.map { words.leaf($0, segment: segment) },
        overlaps: standsAlone ? .none(leafCount: numbers.count) : .all(leafCount: numbers.count), weight: weight))
  }

  private static func expression(_ shape: CoreQuery.Unit.Shape, _ places: [Int]) -> PositionalExpression {
    switch shape {
    case .word: .leaf(places[0])
    case .phrase: .phrase(places)
    case .window(let distance): .window(N: distance, places.map { .leaf($0) })
    case .ordered(let distance): .precedes(min: 0, max: distance, .leaf(places[0]), .leaf(places[1]))
    case .loose(let extra): .loosePhrase(extra: extra, places)
    }
  }

  /// Whether no other such form can stand at the same position: possessives and acronyms share theirs with another.
  private static func standsAlone(_ form: [UInt8]) -> Bool {
    form.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
  }
}
