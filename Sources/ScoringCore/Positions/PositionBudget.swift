public import Base

/// Why an evaluation ended without its answer.
public enum PositionalError: Error, Sendable, Equatable {
  /// The query visited more positions than it may. `node` counts the operators of the expression in the order in
  /// which they are written (prefix order, the root is 0), leaves included and the places of a phrase not, so that a
  /// query can point at the words it was made from.
  case budgetExhausted(operator: PositionalOperator, node: Int)
}

/// How many positions a query may still visit; one object is handed from document to document.
///
/// A visit is one position read from a leaf, or one pair of matches tried by the general evaluation.
public struct PositionBudget: Sendable, Equatable {
  public private(set) var remaining: Int
  public let limit: Int
  public var visited: Int { limit - remaining }

  public init(limit: Int = Limits.positionsPerQueryMax) {
    self.limit = limit
    remaining = limit
  }

  /// Takes `count` visits; false, taking what is left, if there are not so many.
  @inline(__always)
  public mutating func spend(_ count: Int) -> Bool {
    guard count <= remaining else {
      remaining = 0
      return false
    }
    remaining &-= count
    return true
  }
}
