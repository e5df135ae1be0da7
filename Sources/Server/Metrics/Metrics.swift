internal import Base
internal import Query
internal import Synchronization

/// What the daemon counts of itself beside what its parts count already. Thread-safe.
final class Metrics: Sendable {
  /// Why a connection was not served.
  enum ConnectionRefusal: String, CaseIterable {
    case full
    case user
  }

  private struct Refusals {
    var requests: [String: UInt64] = [:]
    var connections: [ConnectionRefusal: UInt64] = [:]
  }

  let commits = DurationHistogram(boundsNanoseconds: DurationHistogram.writeBounds)
  let connections = Atomic<Int>(0)
  private let queries = QueryClass.allCases.map { _ in DurationHistogram(boundsNanoseconds: DurationHistogram.queryBounds) }
  private let refusals = Mutex(Refusals())

  /// From when the request was read to when the first piece of its answer is ready: waiting for a thread included.
  func queries(of queryClass: QueryClass) -> DurationHistogram {
    queries[QueryClass.allCases.firstIndex(of: queryClass) ?? 0]
  }

  /// Codes are few and fixed (chapter of the server), so their counters are.
  func refuse(_ error: APIError) { refusals.withLock { $0.requests[error.code, default: 0] += 1 } }

  func refuseConnection(_ reason: ConnectionRefusal) {
    refusals.withLock { $0.connections[reason, default: 0] += 1 }
  }

  /// Ascending by code.
  var refusedRequests: [(code: String, count: UInt64)] {
    refusals.withLock { $0.requests.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }
  }

  func refusedConnections(_ reason: ConnectionRefusal) -> UInt64 {
    refusals.withLock { $0.connections[reason] ?? 0 }
  }
}
