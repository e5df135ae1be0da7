/// A piece of a query as the lexer cuts it, and where it stands.
struct QueryToken: Sendable, Equatable {
  enum Kind: Sendable, Equatable {
    /// A run without blanks or any of `" ( ) | , ^` that is no operator.
    case word
    /// From the opening to the closing quote.
    case phrase(PhraseToken)
    case open
    case close
    case bar
    case comma
    /// `^2.5`; nil where no number follows the caret.
    case boost(Double?)
    /// AND, OR, NOT, in upper case.
    case and, or, not
    /// `-` directly before what it excludes.
    case minus
    /// BEFORE, SENT, PARA, in upper case.
    case before, sentence, paragraph
    /// `NEAR/N`, `W/N`, `PRE/N` in any letter case.
    case distance(DistanceToken)
    /// `near` in any letter case: an operator between two operands, else a word.
    case bareNear
    /// Punctuation alone; the parser steps over it.
    case dropped
    case end
  }

  var kind: Kind
  /// Bytes of the query, half-open.
  let range: Range<Int>
  /// Blanks, or the query's start, stand before it.
  let followsBlank: Bool
  /// For `open`: its closing token, and whether a comma stands between the two outside inner brackets.
  var closing: Int?
  var hasComma = false

  init(_ kind: Kind, _ range: Range<Int>, followsBlank: Bool) {
    self.kind = kind
    self.range = range
    self.followsBlank = followsBlank
  }
}

/// The outer shape of a quoted phrase.
struct PhraseToken: Sendable, Equatable {
  /// A `~` stood before the opening quote.
  var isStems: Bool
  /// Bytes between the quotes.
  var inner: Range<Int>
  var isClosed: Bool
  /// What stood after the closing quote.
  var looseness: Looseness

  enum Looseness: Sendable, Equatable {
    case none
    /// `~N`; nil where the number is missing or has no end.
    case extra(Int?)
  }
}

/// The outer shape of an operator with a distance.
struct DistanceToken: Sendable, Equatable {
  enum Name: String, Sendable {
    case near = "NEAR"
    case pre = "PRE"
  }

  var name: Name
  /// Nil where what follows the slash is no number and no range of numbers.
  var minimum: Int?
  var maximum: Int?
}
