/// One place where the query matches, with its concordance line.
public struct HitResult: Sendable, Equatable {
  public var field: String
  /// First and last word, counted from 0 in the field's value.
  public var lo: Int
  public var hi: Int
  /// UTF-8 offsets into the stored value, half-open.
  public var bytes: Range<Int>
  /// The operands' words, in query order.
  public var words: [HitWord]
  /// Text before, inside and after the hit.
  public var left: String
  public var match: String
  public var right: String
}

/// A word that a hit stands on.
public struct HitWord: Sendable, Equatable {
  /// Folded form as it stands in the text.
  public var form: String
  public var position: Int
  public var bytes: Range<Int>
}
