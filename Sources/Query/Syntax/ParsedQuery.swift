/// What a query text says, and what is wrong with it.
public struct ParsedQuery: Sendable {
  /// The text as it came.
  public let query: String
  /// Nil where there are problems.
  public let root: QueryNode?
  /// In the order of their places.
  public let problems: [QueryProblem]
  public let warnings: [QueryWarning]
}
