internal import Base
internal import Index

/// A condition on documents beside the words of a query.
struct DocumentFilter {
  private let range: DateRange
  private let isNegative: Bool

  /// Nil for what is no filter.
  ///
  /// - Throws: `.refused` for filters on fields that the index does not hold.
  init?(_ node: QueryNode, query: String) throws(PlanError) {
    let inner = if case .not(let operand) = node.kind { operand } else { node }
    guard case .filter(let filter) = inner.kind else { return nil }
    guard case .date(let range) = filter else {
      throw .refused(
        QueryProblem(
          code: .unsupported, message: "The index keeps no keyword and number fields to filter by.", query: query,
          byteRange: inner.range, hint: "Leave the filter out."))
    }
    self.range = range
    isNegative = node.isNegative
  }

  /// Whether a document meets the condition; one without a date is in no range.
  func accepts(_ document: DocID, of segment: Segment) -> Bool {
    guard let seconds = segment.date(document) else { return isNegative }
    let day = Int(seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400)
    let isInside = (range.from.map { $0.firstDay <= day } ?? true) && (range.to.map { day <= $0.lastDay } ?? true)
    return isInside != isNegative
  }
}
