import Base
import ScoringCore
import Testing
import TestSupport

/// What is said of an expression before any document is read.
@Suite struct PositionsShapeTests {
  @Test func leastHullLengths() {
    let pair = PositionalExpression.near(min: 0, max: 9, .leaf(0), .leaf(1))
    let cases: [(PositionalExpression, Int)] = [
      (.leaf(0), 1), (.phrase([0, 1, 2]), 3), (.phrase([0, nil, 2]), 3), (.phrase([nil, 0, nil]), 1), (pair, 2),
      (.near(min: 4, max: 9, .leaf(0), .leaf(1)), 5), (.precedes(min: 0, max: .max, pair, .leaf(2)), 3),
      (.precedes(min: 3, max: 5, .leaf(0), .leaf(1)), 4), (.notNear(max: 4, pair, .leaf(2)), 2),
      (.within(.sentence, pair, .phrase([2, 3])), 4), (.loosePhrase(extra: 3, [0, 1, 2]), 3),
      (.window(N: 50, [.leaf(0), pair, .leaf(3)]), 4), (.alternatives([.phrase([0, 1, 2]), pair]), 2),
      // The word fits into the gap of the phrase.
      (.near(min: 0, max: 3, .phrase([0, nil, 1]), .leaf(2)), 3),
    ]
    for (expression, least) in cases { #expect(expression.leastHullLength == least, "\(expression)") }
  }

  @Test func requiredLeaves() {
    let expression = PositionalExpression.window(N: 9, [
      .leaf(0), .alternatives([.leaf(1), .alternatives([.leaf(2), .phrase([3, nil, 0])])]),
      .notNear(max: 2, .phrase([4, 4]), .leaf(5)),
    ])
    #expect(
      expression.requiredLeaves
        == .all([.leaf(0), .any([.leaf(1), .leaf(2), .all([.leaf(3), .leaf(0)])]), .leaf(4)]))
    #expect(PositionalExpression.near(min: 0, max: 1, .leaf(7), .leaf(7)).requiredLeaves == .leaf(7))
    #expect(expression.leaves == [0, 1, 2, 3, 4, 5])
  }

  @Test func frequencyBounds() {
    let frequencies: [UInt32] = [7, 3, 100, 5]
    func bound(_ expression: PositionalExpression) -> UInt32 { FrequencyBound(expression)({ frequencies[$0] }) }
    #expect(bound(.leaf(0)) == 7 && bound(.phrase([2, nil, 1])) == 3)
    #expect(bound(.precedes(min: 1, max: .max, .phrase([2, 0]), .precedes(min: 1, max: 4, .leaf(3), .leaf(2)))) == 5)
    #expect(bound(.near(min: 0, max: 5, .leaf(2), .leaf(1))) == 6)
    #expect(bound(.window(N: 5, [.leaf(2), .leaf(3), .leaf(1)])) == 9)
    #expect(bound(.window(N: 5, [.leaf(2), .leaf(3), .phrase([1, 2])])) == 105)
    #expect(bound(.alternatives([.leaf(0), .leaf(1)])) == 10 && bound(.notNear(max: 3, .phrase([0, 1]), .leaf(2))) == 3)
    #expect(FrequencyBound(.leaf(0))({ _ in .max }) == .max)
  }

  /// Where an expression says that it needs no layout, none gives the same hits; and documents with hits have the
  /// required leaves.
  @Test func layoutAndLeavesAreWhatIsNeeded() throws {
    var withoutLayout = 0
    let seeds = try forSeeds(from: 500_000, seconds: SuiteLength.seconds(1, long: 60)) { seed in
      var generator = OracleGenerator(seed: seed)
      let query = MatcherQuery(generator.positional(1 + Int(seed % 2)), sharesLeaves: true)
      let document = try TestDocument((0..<3).map { _ in generator.document(words: 2...9) })
      let positions = query.positions(document)
      var matcher = PositionalMatcher(
        query.expression, leafCount: query.leaves.count, overlaps: .all(leafCount: query.leaves.count))
      var budget = PositionBudget()
      var hits: [Hit] = []
      try matcher.hits(positions, layout: document.layout, budget: &budget, into: &hits)
      let hasLeaves = Self.holds(query.expression.requiredLeaves) { !positions.range(of: $0).isEmpty }
      #expect(hits.isEmpty || hasLeaves, "seed \(seed): \(query.expression)")
      if query.expression.needsLayout { return true }
      withoutLayout += 1
      var unbounded: [Hit] = []
      try matcher.hits(positions, layout: .unbounded, budget: &budget, into: &unbounded)
      #expect(unbounded == hits, "seed \(seed): \(query.expression)")
      return unbounded == hits
    }
    print("layoutAndLeavesAreWhatIsNeeded: seeds \(500_000 + SuiteLength.seed) + \(seeds), \(withoutLayout) without layout")
    #expect(withoutLayout > 0)
  }

  static func holds(_ condition: RequiredLeaves, _ isThere: (Int) -> Bool) -> Bool {
    switch condition {
    case .leaf(let leaf): isThere(leaf)
    case .all(let parts): parts.allSatisfy { holds($0, isThere) }
    case .any(let parts): parts.contains { holds($0, isThere) }
    }
  }

  /// Words that stand once each and move closer never lower the frequency.
  @Test func closerWordsNeverCountLess() throws {
    let words: [PositionalExpression] = (0..<4).map { .leaf($0) }
    let expressions: [PositionalExpression] = [
      .near(min: 0, max: 20, words[0], words[1]), .precedes(min: 1, max: 20, words[0], words[1]),
      .window(N: 30, words), .loosePhrase(extra: 20, [0, 1, 2, 3]), .within(.sentence, words[0], words[3]),
      .near(min: 0, max: 9, .near(min: 0, max: 9, words[0], words[1]), words[2]),
      .precedes(min: 1, max: .max, .near(min: 0, max: 12, words[1], words[0]), .alternatives([words[2], words[3]])),
    ]
    var random = SplitMix64(seed: 3)
    var rises = 0
    for round in 0..<3000 {
      let expression = expressions[round % expressions.count]
      var places = Array(Set((0..<8).map { _ in UInt32(random.next() % 40) })).shuffled(using: &random)
      guard places.count >= 4 else { continue }
      places.removeLast(places.count - 4)
      var matcher = PositionalMatcher(expression, leafCount: 4, overlaps: .none(leafCount: 4))
      let before = try Self.frequency(&matcher, places)
      // A position where nothing stands goes: what is behind it moves up.
      let gap = UInt32(random.next() % 40)
      guard !places.contains(gap) else { continue }
      let after = try Self.frequency(&matcher, places.map { $0 > gap ? $0 - 1 : $0 })
      #expect(after >= before, "\(expression): \(places) without \(gap)")
      if after > before { rises += 1 }
    }
    #expect(rises > 100)
  }

  private static func frequency(_ matcher: inout PositionalMatcher, _ places: [UInt32]) throws -> Float {
    var positions = DocumentPositions()
    for place in places {
      positions.positions.append(place)
      positions.endLeaf()
    }
    var budget = PositionBudget()
    return try matcher.frequency(positions, layout: .unbounded, budget: &budget)
  }
}
