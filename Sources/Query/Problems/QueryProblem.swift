/// Why a query is refused: a stable code, words for people, the place, and complete queries that would be accepted.
public struct QueryProblem: Error, Sendable, Equatable {
  /// Stable names of query-language.md, plus `unsupported` for spellings of other engines that are not read as words.
  public enum Code: String, Sendable, CaseIterable {
    case mixedDistance = "mixed-distance"
    case mixedOperators = "mixed-operators"
    case mixedOr = "mixed-or"
    case booleanInProximity = "boolean-in-proximity"
    case fieldsInProximity = "fields-in-proximity"
    case unclosedQuote = "unclosed-quote"
    case unbalancedParenthesis = "unbalanced-parenthesis"
    case unknownField = "unknown-field"
    case missingOperand = "missing-operand"
    case onlyNegative = "only-negative"
    case distanceOutOfRange = "distance-out-of-range"
    case wildcardTooBroad = "wildcard-too-broad"
    case wildcardTooShort = "wildcard-too-short"
    case noPositions = "no-positions"
    case budgetExhausted = "budget-exhausted"
    case badDate = "bad-date"
    case tooLong = "too-long"
    case tooDeep = "too-deep"
    case unsupported
  }

  public let code: Code
  public let message: String
  /// Bytes of the query, half-open.
  public let byteRange: Range<Int>
  /// The query on one line (cut with … when long), and below it carets under `byteRange`.
  public let caretLine: String
  public let hint: String
  /// Complete corrected queries; each of them parses.
  public let fixes: [String]
  /// Documents counted before a budget ended the search; nil for all other codes.
  public let partialCount: Int?

  public init(
    code: Code, message: String, query: String, byteRange: Range<Int>, hint: String, fixes: [String] = [],
    partialCount: Int? = nil
  ) {
    self.code = code
    self.message = message
    self.byteRange = byteRange
    caretLine = CaretLine.draw(query: query, byteRange: byteRange)
    self.hint = hint
    self.fixes = fixes
    self.partialCount = partialCount
  }

  /// For a terminal: code and message, the caret line, the hint, the corrected queries.
  public func text() -> String {
    var lines = ["\(code.rawValue): \(message)", caretLine]
    if !hint.isEmpty { lines.append(hint) }
    for fix in fixes { lines.append("  try: \(fix)") }
    return lines.joined(separator: "\n") + "\n"
  }

  /// `{"code", "message", "bytes", "caret", "hint", "fixes"}`, with `partial_documents` where a budget ended.
  public func json() -> [UInt8] {
    var json = JSONWriter()
    write(to: &json)
    return json.bytes
  }

  func write(to json: inout JSONWriter) {
    json.object {
      $0.member("code", code.rawValue)
      $0.member("message", message)
      $0.key("bytes")
      $0.pair(byteRange.lowerBound, byteRange.upperBound)
      $0.member("caret", caretLine)
      $0.member("hint", hint)
      $0.key("fixes")
      $0.array { list in for fix in fixes { list.string(fix) } }
      if let partialCount {
        $0.key("partial_documents")
        $0.integer(partialCount)
      }
    }
  }
}
