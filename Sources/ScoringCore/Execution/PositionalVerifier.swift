internal import Base

/// What a unit needs to be decided by the general `PositionalMatcher`.
struct PositionalVerifier {
  var matcher: PositionalMatcher
  var positions = DocumentPositions()
  /// One for each leaf.
  let filters: [(any OccurrenceFilter)?]

  init(_ unit: PositionalUnit) {
    matcher = PositionalMatcher(unit.expression, leafCount: unit.leaves.count, overlaps: unit.overlaps)
    filters = unit.leaves.map(\.occurrences)
  }
}
