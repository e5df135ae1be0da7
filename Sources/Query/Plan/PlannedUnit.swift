internal import ScoringCore

/// A phrase or proximity with its words resolved.
struct PlannedUnit: Sendable {
  struct Leaf: Sendable {
    let terms: [QueryTerm]
    let field: PlannedField
    let word: PlannedWord
  }

  var expression: PositionalExpression
  var leaves: [Leaf]
  var overlaps: LeafOverlap
  /// The leaves whose idf counts, each as often as it stands there, in query order.
  var scoredLeaves: [Int]
  /// Boosts times the idf of its words, each as often as it stands there.
  var weight: Float
  let range: Range<Int>

  func plan(segment: Int) -> PositionalUnit {
    let leaves = leaves.map { $0.word.leaf(segment: segment, weight: 0, scored: false, field: $0.field) }
    return PositionalUnit(expression: expression, leaves: leaves, overlaps: overlaps, weight: weight, scored: true)
  }
}
