internal import Base
internal import Index
internal import ScoringCore

/// Why a query has no plan.
enum PlanError: Error {
  case index(IndexError)
  case execution(ExecutionError, segment: SegmentID)
  /// A wildcard or fuzzy word, and the forms that it accepts.
  case tooBroad(QueryTerm, Set<[UInt8]>)
  case refused(QueryProblem)
}
