/// The infix operators on matches. Distances are position differences: adjacent words are 1 apart.
public enum ProximityOperator: Sendable, Equatable {
  /// Either order, distance in the range.
  case near(DistanceRange)
  /// Left before right, distance in the range.
  case precedes(DistanceRange)
  /// Left before right, however far.
  case before
  /// The left ones that have no right one within the distance.
  case notNear(Int)
  case sentence
  case paragraph
}

/// The `N` or `M..N` of an operator. A plain `N` has minimum 0, so that interleaved operands count as near.
public struct DistanceRange: Sendable, Equatable {
  public let minimum: Int
  public let maximum: Int

  public init(minimum: Int = 0, maximum: Int) {
    self.minimum = minimum
    self.maximum = maximum
  }
}
