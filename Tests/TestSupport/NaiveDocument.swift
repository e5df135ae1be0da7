/// A document as the naive engine sees it: for each field value, the forms that stand at each position.
public struct NaiveDocument: Sendable {
  /// One value of one text field.
  public struct Value: Sendable {
    public let field: String
    /// positions[p] = the exact forms at position p: one, or a possessive and its base.
    public let positions: [[String]]

    public init(field: String, positions: [[String]]) {
      self.field = field
      self.positions = positions
    }
  }

  public let id: String
  public let values: [Value]

  public init(id: String, values: [Value]) {
    self.id = id
    self.values = values
  }

  /// Words of the document over all its values: the length that BM25 uses.
  public var length: Int { values.reduce(0) { $0 + $1.positions.count } }
}
