internal import Base
internal import ScoringCore

/// Matching of positions in one document after another: the second phase of phrases and proximity.
struct PositionBenchmarks {
  private static let group = "positions"
  private static let documentCount = 512
  /// Words of a generated document, and how many of them are each operand.
  private static let documentWords: UInt32 = 800
  private static let operandWords = 6

  let meter: Meter
  let seed: UInt64

  func run() throws -> [Measurement] {
    try [
      measure("phrase of 2", .phrase([0, 1])) { a, b, _ in b == a + 1 },
      measure("a NEAR/10 b", .near(min: 0, max: 10, .leaf(0), .leaf(1))) { a, b, _ in abs(a - b) <= 10 },
      measure("a PRE/10 b", .precedes(min: 0, max: 10, .leaf(0), .leaf(1))) { a, b, _ in a < b && b - a <= 10 },
      measure("NEAR/20(a, b, c)", .window(N: 20, [.leaf(0), .leaf(1), .leaf(2)])) { a, b, c in
        max(a, b, c) - min(a, b, c) <= 20
      },
      measure(
        "(a NEAR/10 b) NEAR/10 c", .near(min: 0, max: 10, .near(min: 0, max: 10, .leaf(0), .leaf(1)), .leaf(2))
      ) { a, b, c in
        abs(a - b) <= 10 && c >= min(a, b) - 10 && c <= max(a, b) + 10
      },
    ]
  }

  /// Positions of three operands in each document, disjoint.
  private func documents() -> [DocumentPositions] {
    var random = SplitMix64(seed: seed)
    return (0..<Self.documentCount).map { _ in
      let words = Array(0..<Self.documentWords).shuffled(using: &random)
      var positions = DocumentPositions()
      for leaf in 0..<3 {
        positions.positions += words[leaf * Self.operandWords..<(leaf + 1) * Self.operandWords].sorted()
        positions.endLeaf()
      }
      return positions
    }
  }

  /// - Parameter admits: whether a position of each operand together make a match.
  private func measure(
    _ name: String, _ expression: PositionalExpression, admits: (Int, Int, Int) -> Bool
  ) throws -> Measurement {
    let documents = documents()
    var matcher = PositionalMatcher(expression, leafCount: 3, overlaps: .none(leafCount: 3))
    func matching() throws -> Int {
      var budget = PositionBudget()
      var count = 0
      for document in documents where try matcher.matches(document, layout: .unbounded, budget: &budget) { count += 1 }
      return count
    }
    return try meter.measure(
      group: Self.group, name: name, unit: "document", units: Double(documents.count),
      verify: {
        let count = try matching()
        let naive = documents.count { Self.hasMatch($0, admits) }
        guard count == naive else { throw WrongAnswer("\(name): \(count) documents match, expected \(naive)") }
        return "\(count) of \(documents.count) match, as by trying all"
      },
      { keep(try matching()) })
  }

  private static func hasMatch(_ document: DocumentPositions, _ admits: (Int, Int, Int) -> Bool) -> Bool {
    let leaves = (0..<3).map { leaf in document.positions[document.range(of: leaf)].map { Int($0) } }
    return leaves[0].contains { a in leaves[1].contains { b in leaves[2].contains { admits(a, b, $0) } } }
  }
}
