internal import Base

/// Time since a start, by the monotonic clock.
struct Stopwatch {
  private static let time = SystemTime()
  private let start = Stopwatch.time.monotonicNanoseconds()

  var nanoseconds: UInt64 { Self.time.monotonicNanoseconds() - start }
  var seconds: Double { Double(nanoseconds) / 1e9 }
}
