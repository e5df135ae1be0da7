/// Something the asker should know about how a query was read; the answer stands.
public struct QueryWarning: Sendable, Equatable {
  public enum Code: String, Sendable, CaseIterable {
    /// A word that no document has, with the nearest forms that some have.
    case wordNotInIndex = "word-not-in-index"
    /// `or` between two words was read as a word.
    case lowerCaseOperator = "lower-case-operator"
    /// How many forms a wildcard or fuzzy word stands for.
    case expansion
    /// A quoted phrase has no exact match, but its stems have.
    case stemsOnly = "stems-only"
    /// A keyword filter names a value that no document has; suggestions are the nearest values.
    case valueNotInIndex = "value-not-in-index"
    /// Documents without a fingerprint, which no near-duplicates were looked for of.
    case noFingerprint = "no-fingerprint"
    /// A run of punctuation that was dropped.
    case punctuation
    /// `name:` where no field is called so and none is like it: read as text.
    case unknownField = "unknown-field"
  }

  public let code: Code
  public let message: String
  /// Bytes of the query, half-open.
  public let byteRange: Range<Int>
  /// Nearest forms, or the query that was perhaps meant.
  public let suggestions: [String]

  public init(code: Code, message: String, byteRange: Range<Int>, suggestions: [String] = []) {
    self.code = code
    self.message = message
    self.byteRange = byteRange
    self.suggestions = suggestions
  }

  func write(to json: inout JSONWriter) {
    json.object {
      $0.member("code", code.rawValue)
      $0.member("message", message)
      $0.key("bytes")
      $0.pair(byteRange.lowerBound, byteRange.upperBound)
      $0.key("suggestions")
      $0.array { list in for suggestion in suggestions { list.string(suggestion) } }
    }
  }
}
