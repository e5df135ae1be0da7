/// A condition on a document that is not about its words.
public enum QueryFilter: Sendable, Equatable {
  /// A date field, `date` or one of the schema, inside a range.
  case date(field: String, DateRange)
  /// A keyword field with exactly this value.
  case keyword(field: String, value: String)
  /// A number field inside the bounds, both included.
  case number(field: String, minimum: Double?, maximum: Double?)
}

/// Calendar dates from the first day of `from` to the last day of `to`; nil is open.
public struct DateRange: Sendable, Hashable {
  public let from: QueryDate?
  public let to: QueryDate?

  public init(from: QueryDate?, to: QueryDate?) {
    self.from = from
    self.to = to
  }
}
