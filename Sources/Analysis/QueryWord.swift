/// A word of a query, analysed as the words of documents are.
public struct QueryWord: Sendable, Equatable {
  /// The exact form: what a quoted word and `=word` look up.
  public var form: [UInt8]
  /// The stem: what an unquoted word looks up. Of a possessive it is the stem of its base.
  public var stem: [UInt8]
  /// Where the word stands in the analysed text.
  public var byteRange: Range<Int>
  /// Further forms that stand at the same position: base of a possessive, acronym without dots.
  public var extraForms: [[UInt8]]

  public init(form: [UInt8], stem: [UInt8], byteRange: Range<Int>, extraForms: [[UInt8]]) {
    self.form = form
    self.stem = stem
    self.byteRange = byteRange
    self.extraForms = extraForms
  }
}
