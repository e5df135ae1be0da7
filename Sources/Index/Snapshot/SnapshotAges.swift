internal import Base
internal import Synchronization

/// Knows which snapshots are still held and since when they are not the last: each keeps the pages that commits free
/// from being written again. Thread-safe.
final class SnapshotAges: Sendable {
  private struct Entry: Sendable {
    weak var snapshot: Snapshot?
    /// Monotonic time at which a later commit was published; nil for the last.
    var replacedNanoseconds: UInt64?
  }

  private let clock: any TimeSource
  private let entries = Mutex<[Entry]>([])

  init(clock: any TimeSource = SystemTime()) { self.clock = clock }

  /// A snapshot takes the place of the last one. Complexity: the snapshots that are held.
  func publish(_ snapshot: Snapshot) {
    let now = clock.monotonicNanoseconds()
    entries.withLock { entries in
      entries.removeAll { $0.snapshot == nil }
      if let last = entries.indices.last, entries[last].replacedNanoseconds == nil {
        entries[last].replacedNanoseconds = now
      }
      entries.append(Entry(snapshot: snapshot))
    }
  }

  var report: SnapshotReport {
    let now = clock.monotonicNanoseconds()
    return entries.withLock { entries in
      entries.removeAll { $0.snapshot == nil }
      let oldest = entries.compactMap(\.replacedNanoseconds).min()
      return SnapshotReport(held: entries.count, oldestAgeNanoseconds: oldest.map { now - $0 } ?? 0)
    }
  }
}

/// The snapshots that are held.
public struct SnapshotReport: Sendable, Equatable {
  /// The last commit's included.
  public var held: Int
  /// How long ago the oldest of them was replaced by a later commit; 0 where none but the last is held.
  public var oldestAgeNanoseconds: UInt64
}
