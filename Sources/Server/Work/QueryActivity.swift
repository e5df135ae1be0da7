internal import Base
internal import Synchronization

/// When a query was last asked: while there are queries, indexing leaves a core to them. Thread-safe.
final class QueryActivity: Sendable {
  /// How long after a query there may be another one any moment.
  private static let recentNanoseconds: UInt64 = 1_000_000_000

  private let time: any TimeSource
  private let last = Atomic<UInt64>(0)

  init(time: any TimeSource) { self.time = time }

  func note() { last.store(time.monotonicNanoseconds(), ordering: .relaxed) }

  var isRecent: Bool {
    let noted = last.load(ordering: .relaxed)
    return noted > 0 && time.monotonicNanoseconds() < noted + Self.recentNanoseconds
  }
}
