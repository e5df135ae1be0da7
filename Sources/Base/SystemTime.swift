import Glibc

/// The machine's own clocks.
public struct SystemTime: TimeSource {
  public init() {}
  public func monotonicNanoseconds() -> UInt64 { Self.read(CLOCK_MONOTONIC).nanoseconds }
  public func epochSeconds() -> Int64 { Self.read(CLOCK_REALTIME).seconds }

  private static func read(_ clock: clockid_t) -> (seconds: Int64, nanoseconds: UInt64) {
    var time = timespec()
    unsafe clock_gettime(clock, &time)  // SAFETY: writes one timespec that outlives the call.
    return (Int64(time.tv_sec), UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec))
  }
}
