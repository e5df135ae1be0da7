/// Words at consecutive positions, or, when loose, near each other in any order.
public struct QueryPhrase: Sendable, Equatable {
  public enum Item: Sendable, Equatable {
    /// `*`: exactly one arbitrary word.
    case anyWord
    /// One word, or `(a|b)`: either.
    case oneOf([QueryTerm])
  }

  /// Sense of the words without wildcards.
  public let sense: QueryWordTerm.Sense
  /// At least two, one of which is not `anyWord`; or one choice.
  public let items: [Item]
  /// `~N`: words more than the phrase has that its hull may hold; nil for consecutive positions.
  public let extraWords: Int?

  public init(sense: QueryWordTerm.Sense, items: [Item], extraWords: Int? = nil) {
    self.sense = sense
    self.items = items
    self.extraWords = extraWords
  }
}
