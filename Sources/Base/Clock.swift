/// Time, injected so that tests and replays are exact. Deadlines use the monotonic reading, dates the other.
public protocol TimeSource: Sendable {
  /// Nanoseconds since an arbitrary start; never goes back.
  func monotonicNanoseconds() -> UInt64
  /// Seconds since 1970-01-01T00:00:00Z.
  func epochSeconds() -> Int64
}
