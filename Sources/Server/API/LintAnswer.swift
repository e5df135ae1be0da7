internal import Query

/// How a query is read: `{"query", "parsed", "warnings"}`.
struct LintAnswer {
  private let parsed: ParsedQuery
  private let sentence: String

  /// - Throws: the error object of a query that is refused.
  init(_ parsed: ParsedQuery) throws(APIError) {
    guard let root = parsed.root else { throw APIError(.query(parsed.problems), timeoutMilliseconds: 0) }
    self.parsed = parsed
    sentence = root.sentence
  }

  func json() -> [UInt8] {
    var json = JSONWriter()
    json.object {
      $0.member("query", parsed.query)
      $0.member("parsed", sentence)
      $0.key("warnings")
      $0.array { list in
        for warning in parsed.warnings {
          list.object {
            $0.member("code", warning.code.rawValue)
            $0.member("message", warning.message)
            $0.key("bytes")
            $0.pair(warning.byteRange.lowerBound, warning.byteRange.upperBound)
          }
        }
      }
    }
    return json.bytes
  }
}
