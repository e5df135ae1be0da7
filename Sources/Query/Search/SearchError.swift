internal import Base
public import Index
internal import ScoringCore

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

extension SearchError {
  init(_ error: PlanError) {
    switch error {
    case .refused(let problem): self = .query([problem])
    case .index(let error): self = .index(error)
    case .execution(_, let segment): self = .index(Self.damaged(segment))
    case .tooBroad: preconditionFailure("the planner explains wildcards that are too broad")
    }
  }

  /// - Parameters:
  ///   - ranges: Places in the query of the units that `error` counts.
  ///   - limit: Positions that the search was allowed to visit.
  ///   - partialCount: Documents found until then.
  init(
    _ error: ExecutionError, segment: SegmentID, query: String, ranges: [Range<Int>?], limit: Int, partialCount: Int?
  ) {
    guard case .budgetExhausted(let unit, let kind, _) = error else {
      self = .index(Self.damaged(segment))
      return
    }
    self = .query([
      QueryProblem(
        code: .budgetExhausted,
        message: "The search visited \(limit) positions and was ended at the operator \(kind.name).", query: query,
        byteRange: (unit < ranges.count ? ranges[unit] : nil) ?? 0..<query.utf8.count,
        hint: "Ask for rarer words, a smaller distance, or fewer common words beside each other.",
        partialCount: partialCount)
    ])
  }

  private static func damaged(_ segment: SegmentID) -> IndexError {
    .corrupt(segment: segment.rawValue, structure: .postings, address: 0)
  }
}
