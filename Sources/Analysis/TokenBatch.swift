/// The words of one text: what `Analyzer.analyze` fills and the index writer reads.
///
/// Meant to be kept and refilled, so that a document costs no allocation. Invariants: tokens ascend by position and the
/// first of each position is a `.word`; positions run from the first one without gaps; `sentenceStarts` ascends, begins
/// with the first word's position if there are words, and contains every entry of `paragraphStarts`.
public struct TokenBatch: Sendable {
  /// The forms of all tokens, end to end, in UTF-8.
  public var formBytes: [UInt8] = []
  public var tokens: [Token] = []
  /// Position of the first word of every sentence.
  public var sentenceStarts: [UInt32] = []
  /// Position of the first word of every paragraph.
  public var paragraphStarts: [UInt32] = []
  /// Number of words, which is one more than the last position of a whole text.
  public var wordCount: UInt32 = 0
  var scratch = PlainWords.Scratch()

  public init() {}

  /// Empties the batch.
  public mutating func removeAll(keepingCapacity: Bool = true) {
    formBytes.removeAll(keepingCapacity: keepingCapacity)
    tokens.removeAll(keepingCapacity: keepingCapacity)
    sentenceStarts.removeAll(keepingCapacity: keepingCapacity)
    paragraphStarts.removeAll(keepingCapacity: keepingCapacity)
    wordCount = 0
  }

  /// The bytes of a token's form; valid as long as the batch is not changed.
  @_lifetime(borrow self)
  @inlinable
  public func form(of token: Token) -> Span<UInt8> {
    let start = Int(token.formOffset)
    return formBytes.span.extracting(start..<start + Int(token.formLength))
  }
}
