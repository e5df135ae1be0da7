internal import Index
internal import ScoringCore

/// A query read and planned for one snapshot: what does not depend on the rest of a request.
///
/// Borrows the snapshot. An object, since everything that a search makes refers to it.
final class PreparedQuery: Sendable {
  /// With the filters of the request.
  let root: QueryNode
  let plan: QueryPlan
  /// One a segment, with what its phrase layer knows.
  let plans: [MatchPlan]
  let queryClass: QueryClass

  /// - Parameter planner: of this query and snapshot; may have looked words up already.
  init(_ root: QueryNode, in snapshot: Snapshot, planner: inout QueryPlanner) throws(SearchError) {
    self.root = root
    queryClass = QueryClass(root)
    do { plan = try planner.plan(root) } catch { throw SearchError(error) }
    plans = try Self.plans(plan.root, snapshot)
  }

  private static func plans(_ tree: PlannedNode, _ snapshot: Snapshot) throws(SearchError) -> [MatchPlan] {
    var plans: [MatchPlan] = []
    for (ordinal, segment) in snapshot.segments.enumerated() {
      do throws(IndexError) {
        plans.append(try segment.withPairs(tree.plan(segment: ordinal)))
      } catch {
        throw .index(error)
      }
    }
    return plans
  }
}
