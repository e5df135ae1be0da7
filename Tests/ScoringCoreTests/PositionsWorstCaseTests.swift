import Base
import ScoringCore
import Testing
import TestSupport

/// Documents and queries made to be slow: the evaluation stays near-linear, or ends in an error that says where.
@Suite(.serialized) struct PositionsWorstCaseTests {
  /// Every `stride`-th word of a text is one of `count` words in turn.
  static func interleaved(_ count: Int, occurrences: Int, stride: UInt32 = 1) -> DocumentPositions {
    var positions = DocumentPositions()
    for leaf in 0..<count {
      for occurrence in 0..<occurrences {
        positions.positions.append((UInt32(occurrence * count) + UInt32(leaf)) * stride)
      }
      positions.endLeaf()
    }
    return positions
  }

  /// Each of `count` words stands at a position with probability 1 / `sparsity`, no two at one.
  static func scattered(_ count: Int, words: UInt32, sparsity: UInt64, seed: UInt64) -> DocumentPositions {
    var random = SplitMix64(seed: seed)
    var lists = [[UInt32]](repeating: [], count: count)
    for position in 0..<words {
      let draw = Int(random.next() % sparsity)
      if draw < count { lists[draw].append(position) }
    }
    var positions = DocumentPositions()
    for list in lists {
      positions.positions += list
      positions.endLeaf()
    }
    return positions
  }

  static func near(_ max: Int, _ first: PositionalExpression, _ second: PositionalExpression) -> PositionalExpression {
    .near(min: 0, max: max, first, second)
  }

  struct Shape: CustomTestStringConvertible, Sendable {
    var name: String
    var expression: PositionalExpression
    var overlaps: Bool = false
    var testDescription: String { name }
  }

  static let shapes: [Shape] = [
    Shape(name: "phrase of 2", expression: .phrase([0, 1])),
    Shape(name: "phrase of 4", expression: .phrase([0, 1, 2, 3])),
    Shape(name: "a NEAR/5 b", expression: near(5, .leaf(0), .leaf(1))),
    Shape(name: "a NEAR/50 b", expression: near(50, .leaf(0), .leaf(1))),
    Shape(name: "a NEAR/5 a", expression: near(5, .leaf(0), .leaf(0))),
    Shape(name: "a PRE/5 b", expression: .precedes(min: 1, max: 5, .leaf(0), .leaf(1))),
    Shape(name: "NEAR/10(a, b, c, d, e)", expression: .window(N: 10, (0..<5).map { .leaf($0) })),
    Shape(name: "NEAR/10(a, a, b, b, c)", expression: .window(N: 10, [0, 0, 1, 1, 2].map { .leaf($0) })),
    Shape(name: "(a | b) NEAR/5 \"c d\"", expression: near(5, .alternatives([.leaf(0), .leaf(1)]), .phrase([2, 3]))),
    Shape(name: "a SENT b", expression: .within(.sentence, .leaf(0), .leaf(1))),
    Shape(name: "a BEFORE b BEFORE c", expression: .precedes(
      min: 1, max: .max, .precedes(min: 1, max: .max, .leaf(0), .leaf(1)), .leaf(2))),
    Shape(name: "a NOT NEAR/5 b", expression: .notNear(max: 5, .leaf(0), .leaf(1))),
    Shape(name: "(a NEAR/5 b) NEAR/10 c", expression: near(10, near(5, .leaf(0), .leaf(1)), .leaf(2))),
    Shape(name: "(a PRE/3 b) PRE/3 c", expression: .precedes(
      min: 1, max: 3, .precedes(min: 1, max: 3, .leaf(0), .leaf(1)), .leaf(2))),
    Shape(name: "(a NEAR/5 a) NEAR/5 b", expression: near(5, near(5, .leaf(0), .leaf(0)), .leaf(1))),
  ]

  /// Nanoseconds for each position of the leaves in a long text, printed; the bound is far above what is measured.
  @Test(.enabled(if: SuiteLength.isOptimised, "figures need optimised code"), arguments: shapes)
  func timeOfOnePosition(_ shape: Shape) throws {
    let positions = Self.scattered(5, words: 200_000, sparsity: 10, seed: 7)
    var matcher = PositionalMatcher(shape.expression, leafCount: 5, overlaps: .none(leafCount: 5))
    var best = Double.infinity
    var hits = 0
    for _ in 0..<(SuiteLength.isLong ? 20 : 3) {
      var budget = PositionBudget()
      let start = ContinuousClock.now
      hits = try matcher.hitCount(positions, layout: .unbounded, budget: &budget)
      let time = (ContinuousClock.now - start) / .nanoseconds(1)
      let read = shape.expression.leaves.reduce(0) { $0 + positions.range(of: $1).count }
      best = min(best, time / Double(read))
    }
    print("\(shape.name): \((best * 10).rounded() / 10) ns a position, \(hits) hits")
    #expect(hits > 0 && best < 100_000)
  }

  /// What a document costs whose words stand three times each, as most do that are tried.
  @Test(.enabled(if: SuiteLength.isOptimised, "figures need optimised code"), arguments: shapes)
  func timeOfOneSmallDocument(_ shape: Shape) throws {
    let documents = (0..<200).map { Self.scattered(5, words: 150, sparsity: 50, seed: UInt64($0)) }
    var matcher = PositionalMatcher(shape.expression, leafCount: 5, overlaps: .none(leafCount: 5))
    var best = Double.infinity
    for _ in 0..<(SuiteLength.isLong ? 20 : 3) {
      var budget = PositionBudget()
      let start = ContinuousClock.now
      for document in documents { _ = try matcher.frequency(document, layout: .unbounded, budget: &budget) }
      best = min(best, (ContinuousClock.now - start) / .nanoseconds(1) / Double(documents.count))
    }
    print("\(shape.name): \(best.rounded()) ns a small document")
    #expect(best < 10_000_000)
  }

  /// Five common words, 1,000 times each: linear for words, whatever the distance.
  @Test func windowsOfCommonWordsAreLinear() throws {
    let positions = Self.interleaved(5, occurrences: 1000)
    for leaves in [[0, 1, 2, 3, 4], [0, 0, 0, 1, 1]] {
      for limit in [10, 1000] {
        let expression = PositionalExpression.window(N: limit, leaves.map { .leaf($0) })
        var matcher = PositionalMatcher(expression, leafCount: 5, overlaps: .none(leafCount: 5))
        var budget = PositionBudget(limit: 5000)
        let start = ContinuousClock.now
        let hits = try matcher.hitCount(positions, layout: .unbounded, budget: &budget)
        #expect(hits > 900 && ContinuousClock.now - start < .seconds(2))
      }
    }
  }

  /// `a NEAR/50 a` and its nesting over a text of nothing but the word.
  @Test func oneWordOverAndOver() throws {
    let positions = Self.interleaved(1, occurrences: 20_000)
    let pair = Self.near(50, .leaf(0), .leaf(0))
    var matcher = PositionalMatcher(pair, leafCount: 1, overlaps: .none(leafCount: 1))
    var budget = PositionBudget()
    #expect(try matcher.hitCount(positions, layout: .unbounded, budget: &budget) == 19_999)
    #expect(budget.visited == 20_000)
  }

  /// What cannot be evaluated in the work allowed ends in an error that names the operator and its place.
  @Test func budgetNamesTheOperator() throws {
    let positions = Self.interleaved(2, occurrences: 3000)
    let inner = Self.near(50, .leaf(0), .leaf(1))
    let expression = PositionalExpression.precedes(min: 1, max: 7, .leaf(1), Self.near(50, inner, .leaf(0)))
    var matcher = PositionalMatcher(expression, leafCount: 2, overlaps: .none(leafCount: 2))
    // 3,000 words with 51 others each are 153,000 pairs.
    for (limit, node) in [(100_000, 3), (200_000, 2)] {
      var short = PositionBudget(limit: limit)
      let expected = PositionalError.budgetExhausted(operator: .near, node: node)
      #expect(throws: expected) { try matcher.matches(positions, layout: .unbounded, budget: &short) }
      #expect(short.remaining == 0 && short.visited == limit)
    }
    var budget = PositionBudget(limit: 0)
    // What is left of a budget serves no further document.
    #expect(throws: PositionalError.self) {
      try matcher.frequency(positions, layout: .unbounded, budget: &budget)
    }
  }

  /// A budget that suffices is charged, and one smaller than the positions read never gives an answer.
  @Test func budgetIsExactForStreams() throws {
    let positions = Self.interleaved(2, occurrences: 50)
    var matcher = PositionalMatcher(.phrase([0, 1]), leafCount: 2, overlaps: .none(leafCount: 2))
    var enough = PositionBudget(limit: 100)
    #expect(try matcher.hitCount(positions, layout: .unbounded, budget: &enough) == 50)
    #expect(enough.remaining == 0)
    var short = PositionBudget(limit: 99)
    #expect(throws: PositionalError.budgetExhausted(operator: .phrase, node: 0)) {
      try matcher.hitCount(positions, layout: .unbounded, budget: &short)
    }
  }

  /// Operands that no document has, empty distances, the largest ones, operators of one operand: answers, no traps.
  @Test func edgesOfExpressions() throws {
    let (a, b, absent) = (PositionalExpression.leaf(0), PositionalExpression.leaf(1), PositionalExpression.leaf(2))
    let pair = Self.near(3, a, b)
    let cases: [(PositionalExpression, Int)] = [
      (Self.near(0, a, b), 0), (Self.near(0, pair, absent), 0), (Self.near(0, absent, pair), 0),
      (Self.near(0, pair, b), 3), (Self.near(.max, pair, a), 2), (.near(min: 5, max: 2, a, b), 0),
      (.near(min: 5, max: 2, pair, pair), 0), (.near(min: .max, max: .max, a, pair), 0),
      (.precedes(min: .max, max: .max, pair, a), 0), (.precedes(min: 3, max: 1, pair, a), 0),
      (.precedes(min: 0, max: 0, a, b), 0), (.notNear(max: 0, a, b), 3), (.notNear(max: .max, a, b), 0),
      (.notNear(max: .max, pair, absent), 5), (.notNear(max: 2, a, pair), 0), (.window(N: 0, [a, b, a]), 0),
      (.window(N: .max, [a, b, a, b]), 3), (.window(N: .max, [pair, pair, absent]), 0), (.window(N: 4, [pair]), 5),
      (.loosePhrase(extra: .max, [0, 1, 0]), 2), (.loosePhrase(extra: 0, [1]), 3),
      (.alternatives([.phrase([nil, 1])]), 3), (.alternatives([absent, a]), 3), (.phrase([0, 1, 2]), 0),
      (.phrase([nil, nil, nil, nil, nil, nil, 0]), 0),
    ]
    let positions = Self.interleaved(2, occurrences: 3)  // a b a b a b
    var withAbsent = positions
    withAbsent.endLeaf()
    var layout = DocumentLayoutEncoder()
    layout.addValue(field: FieldID(rawValue: 0), wordCount: 6, sentenceStarts: [0].span, paragraphStarts: [0].span)
    layout.endDocument()
    let segment = TestSegment { layout.finish(into: &$0) }
    try segment.withMap { map in
      var read = DocumentLayout()
      try LayoutTable(extents: map, address: segment.address, documentCount: 1).load(0, sentences: true, into: &read)
      for (expression, expected) in cases {
        for overlaps in [LeafOverlap.none(leafCount: 3), .all(leafCount: 3)] {
          for evaluation in [PositionalMatcher.Evaluation.chosen, .streams, .general] {
            var matcher = PositionalMatcher(expression, leafCount: 3, overlaps: overlaps, evaluation: evaluation)
            var budget = PositionBudget(limit: 10_000)
            var hits: [Hit] = []
            try matcher.hits(withAbsent, layout: read, budget: &budget, into: &hits)
            #expect(hits.count == expected, "\(expression), \(evaluation): \(hits)")
          }
        }
      }
    }
  }
}
