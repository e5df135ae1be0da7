internal import Synchronization

/// Durations counted in buckets, as a service tells them of itself: how many took at most so long, and their sum.
///
/// Thread-safe; a recording takes a free lock and adds to two numbers.
public final class DurationHistogram: Sendable {
  /// What was counted until a moment.
  public struct Counts: Sendable, Equatable {
    /// Durations at most as long as the bound of the same place; the last place counts longer ones. Not cumulative.
    public var buckets: [UInt64]
    public var sumNanoseconds: UInt64 = 0

    public var count: UInt64 { buckets.reduce(0, +) }
  }

  /// Upper bounds of the buckets, ascending.
  public let boundsNanoseconds: [UInt64]
  private let state: Mutex<Counts>

  /// From 100 µs to 60 s, three a decade.
  public static let queryBounds: [UInt64] = [
    100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000,
    5_000_000, 10_000_000, 60_000_000,
  ].map { $0 * 1_000 }
  /// From 1 ms to an hour: commits and merges.
  public static let writeBounds: [UInt64] = [
    1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000, 3_600_000,
  ].map { $0 * 1_000_000 }

  public init(boundsNanoseconds: [UInt64]) {
    self.boundsNanoseconds = boundsNanoseconds
    state = Mutex(Counts(buckets: [UInt64](repeating: 0, count: boundsNanoseconds.count + 1)))
  }

  public func record(nanoseconds: UInt64) {
    let place = boundsNanoseconds.firstIndex { nanoseconds <= $0 } ?? boundsNanoseconds.count
    state.withLock {
      $0.buckets[place] += 1
      $0.sumNanoseconds &+= nanoseconds
    }
  }

  public var counts: Counts { state.withLock { $0 } }
}
