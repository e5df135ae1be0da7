public import Index

/// Why a search has no answer.
public enum SearchError: Error, Sendable, Equatable {
  /// The query is refused; all its problems, in the order of their places.
  case query([QueryProblem])
  /// The deadline passed.
  case deadline
  /// An order by context keeps every hit that may be shown, and these are more than `ContextOrder.linesMax`.
  case tooManyLines(max: Int)
  /// The index is not what it should be.
  case index(IndexError)
}

extension SearchError {
  /// `{"error": {"code", "message", "bytes", "caret", "hint", "fixes"}}` for the first of a query's problems; further
  /// ones follow in `also`.
  public static func json(_ problems: [QueryProblem]) -> [UInt8] {
    var json = JSONWriter()
    json.object {
      guard let first = problems.first else { return }
      $0.key("error")
      first.write(to: &$0)
      guard problems.count > 1 else { return }
      $0.key("also")
      $0.array { list in for problem in problems.dropFirst() { problem.write(to: &list) } }
    }
    return json.bytes
  }
}
