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
    switch query {
    case .unit(let unit):
      return try plans(unit)
    case .and(let operands):
      return try combine(operands) { .and($0) }
    case .or(let operands):
      return try combine(operands) { .or($0) }
    case .andMaybe(let required, let optional):
      return zip(try plans(required), try plans(optional)).map { .andMaybe($0, $1) }
    case .andNot(let positive, let negative):
      return zip(try plans(positive), try plans(negative)).map { .andNot($0, $1) }
    }
  }

  private func combine(_ operands: [CoreQuery], _ make: ([MatchPlan]) -> MatchPlan) throws -> [MatchPlan] {
    let plans = try operands.map { try self.plans($0) }
    return snapshot.segments.indices.map { segment in make(plans.map { $0[segment] }) }
  }

  private func plans(_ unit: CoreQuery.Unit) throws -> [MatchPlan] {
    // A word that comes twice is one leaf with two places.
    var distinct: [[UInt8]] = []
    let places = unit.words.map { word -> Int in
      if let known = distinct.firstIndex(of: word) { return known }
      distinct.append(word)
      return distinct.count - 1
    }
    let words = try distinct.map { try leaves($0, usesStems: unit.usesStems) }
    if case .word = unit.shape { return words[0].leaves.map { .words($0) } }
    let expression = Self.expression(unit.shape, places)
    let weight = places.reduce(Float(0)) { $0 + words[$1].idf }
    let overlaps: LeafOverlap =
      distinct.allSatisfy(Self.standsAlone) ? .none(leafCount: words.count) : .all(leafCount: words.count)
    return snapshot.segments.indices.map { segment in
      .positional(
        PositionalUnit(
          expression: expression, leaves: words.map { $0.leaves[segment] }, overlaps: overlaps, weight: weight))
    }
  }

  /// The word's lists in each segment, and its idf over all of them.
  private func leaves(_ word: [UInt8], usesStems: Bool) throws -> (leaves: [WordLeaf], idf: Float) {
    var leaves: [WordLeaf] = []
    var frequency: UInt64 = 0
    for segment in snapshot.segments {
      if usesStems {
        let found = try segment.lookupClass(word)
        frequency += UInt64(found?.documentFrequency ?? 0)
        leaves.append(WordLeaf(lists: found?.lists ?? [], classList: found?.classList))
      } else {
        let list = try segment.lookup(word)
        frequency += UInt64(list?.documentFrequency ?? 0)
        leaves.append(WordLeaf(lists: list.map { [$0] } ?? []))
      }
    }
    let idf = BM25.idf(documentFrequency: frequency, documentCount: documentCount)
    for index in leaves.indices { leaves[index].weight = idf }
    return (leaves, idf)
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
