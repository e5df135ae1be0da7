/// A set of small numbers below 64, as bits: of word positions, or of word forms.
public typealias Bits = UInt64

/// A query of the reference semantics: the nested lists of `oracle.py` as a type. A word is the set of forms it
/// accepts.
public indirect enum OracleQuery: Sendable, Equatable {
  case word(Bits)
  case alternatives([OracleQuery])
  case near(min: Int, max: Int, OracleQuery, OracleQuery)
  case precedes(min: Int, max: Int, OracleQuery, OracleQuery)
  case notNear(max: Int, OracleQuery, OracleQuery)
  case sentence(OracleQuery, OracleQuery)
  case paragraph(OracleQuery, OracleQuery)
  /// nil is exactly one arbitrary word.
  case phrase([Bits?])
  case loosePhrase(extra: Int, [Bits])
  case window(limit: Int, [OracleQuery])
  case and([OracleQuery])
  case or([OracleQuery])
  case andNot(OracleQuery, OracleQuery)
}

/// A text of at most 64 words: for each the forms that stand at its position, and its sentence and paragraph.
public struct OracleDocument: Sendable {
  public var words: [Bits] = []
  public var sentence: [Int] = []
  public var paragraph: [Int] = []

  public init() {}

  public init(words: [Bits], sentence: [Int], paragraph: [Int]) {
    precondition(words.count <= 64 && words.count == sentence.count && words.count == paragraph.count)
    self.words = words
    self.sentence = sentence
    self.paragraph = paragraph
  }
}
