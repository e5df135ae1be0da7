internal import Base

/// What a unit needs to be decided by the general `PositionalMatcher`.
struct PositionalVerifier {
  var matcher: PositionalMatcher
  var positions = DocumentPositions()

  init(_ unit: PositionalUnit) {
    matcher = PositionalMatcher(unit.expression, leafCount: unit.leaves.count, overlaps: unit.overlaps)
  }
}
