internal import Base

/// What a unit needs to be decided by the general `PositionalMatcher`; made when it is first asked, since a unit with a
/// loop of its own never asks.
struct PositionalVerifier {
  private let unit: PositionalUnit
  private let evaluation: PositionalMatcher.Evaluation
  lazy var matcher = PositionalMatcher(
    unit.expression, leafCount: unit.leaves.count, overlaps: unit.overlaps, evaluation: evaluation)
  var positions = DocumentPositions()
  /// One for each leaf.
  let filters: [(any OccurrenceFilter)?]

  init(_ unit: PositionalUnit, _ optimisations: Optimisations) {
    self.unit = unit
    evaluation = optimisations.contains(.matchers) ? .chosen : .general
    filters = unit.leaves.map(\.occurrences)
  }

  /// The operator that errors name.
  var kind: PositionalOperator { unit.expression.kind }
}
