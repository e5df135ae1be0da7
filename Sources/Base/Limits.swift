/// Every size that a user or a file can reach, in one place, checked at the edge that meets it.
public enum Limits {
  /// Identity of a document (interfaces: at most 1,024 bytes).
  public static let documentIDBytesMax = 1_024
  /// One line of JSON Lines, one body of a request: larger ones are refused, the rest of the stream is read.
  public static let documentBytesMax = 64 << 20
  /// Exact form of a word; what is longer is cut at a scalar boundary.
  public static let wordBytesMax = 255
  /// Words of one document over all text fields (positions are 32 bits and values are one position apart).
  public static let wordsPerDocumentMax = 1 << 28
  /// Documents of one segment.
  public static let documentsPerSegmentMax = 1 << 27
  /// Word occurrences of one segment.
  public static let wordsPerSegmentMax = UInt64(UInt32.max) - 1
  /// Text fields, keyword fields, number fields and dates together.
  public static let fieldsMax = 64
  /// A query in bytes of UTF-8, its nesting and its words.
  public static let queryBytesMax = 16 << 10
  public static let queryDepthMax = 64
  public static let queryLeavesMax = 256
  /// N of NEAR, PRE and the loose phrase.
  public static let distanceMax = 1_000
  /// What bare `near` means; part of the language.
  public static let nearDistanceDefault = 50
  /// Exact forms that one wildcard, fuzzy word or stem may stand for.
  public static let expansionFormsMax = 1_024
  /// Positions that one query may visit before it ends with `budget-exhausted`.
  public static let positionsPerQueryMax = 500_000_000
}
