internal import Base

/// What a unit needs to be decided by the general `PositionalMatcher`; made when it is first asked, since a unit with a
/// loop of its own never asks.
struct PositionalVerifier {
  private let unit: PositionalUnit
  private let evaluation: PositionalMatcher.Evaluation
  /// There after `prepare`. Not a lazy property: it is changed where it lies, and reading one of those copies it.
  var matcher: PositionalMatcher?
  var positions = DocumentPositions()
  /// Decides about the occurrences of a leaf.
  func filter(of leaf: Int) -> (any OccurrenceFilter)? { unit.leaves[leaf].occurrences }

  init(_ unit: PositionalUnit, _ optimisations: Optimisations) {
    self.unit = unit
    evaluation = optimisations.contains(.matchers) ? .chosen : .general
  }

  mutating func prepare() {
    guard matcher == nil else { return }
    matcher = PositionalMatcher(
      unit.expression, leafCount: unit.leaves.count, overlaps: unit.overlaps, evaluation: evaluation)
  }

  /// Whether the unit is a word and has nothing else, so that every position is a hit.
  var isWord: Bool {
    guard evaluation == .chosen, unit.leaves.count == 1, case .leaf = unit.expression else { return false }
    return true
  }

  /// The operator that errors name.
  var kind: PositionalOperator { unit.expression.kind }
}
