internal import Histogram

/// The outcome of one benchmark: how long one unit of its work took.
struct Measurement {
  let group: String
  let name: String
  /// What one unit is: a posting, a query, a megabyte.
  let unit: String
  /// Timed calls, and units done in each.
  let calls: Int
  let unitsPerCall: Double
  /// Nanoseconds a unit.
  let mean: Double
  let percentile50: Double
  let percentile90: Double
  let percentile99: Double
  let best: Double
  /// What was checked before the clock ran, in a few words.
  let verified: String

  /// Units a second at the mean.
  var rate: Double { mean > 0 ? 1e9 / mean : 0 }

  init(
    group: String, name: String, unit: String, unitsPerCall: Double, verified: String,
    histogram: Histogram<UInt64>
  ) {
    self.group = group
    self.name = name
    self.unit = unit
    self.unitsPerCall = unitsPerCall
    self.verified = verified
    calls = Int(histogram.totalCount)
    mean = histogram.mean / unitsPerCall
    percentile50 = Double(histogram.valueAtPercentile(50)) / unitsPerCall
    percentile90 = Double(histogram.valueAtPercentile(90)) / unitsPerCall
    percentile99 = Double(histogram.valueAtPercentile(99)) / unitsPerCall
    best = Double(histogram.min) / unitsPerCall
  }
}

/// Times work: calls it until the seconds are up and keeps every duration in a histogram of three digits.
struct Meter {
  /// Seconds of measuring a benchmark gets; a fifth of it is spent warming up first.
  var seconds = 1.0

  /// Measures one piece of work that does `units` units a call.
  ///
  /// - Parameter verify: runs the work once and throws where the answer is wrong; says what was checked.
  func measure(
    group: String, name: String, unit: String, units: Double = 1, verify: () throws -> String,
    _ work: () throws -> Void
  ) throws -> Measurement {
    let verified = try verify()
    let warm = Stopwatch()
    while warm.seconds < seconds / 5 { try work() }
    var histogram = Self.histogram()
    let total = Stopwatch()
    repeat {
      let watch = Stopwatch()
      try work()
      histogram.record(max(1, watch.nanoseconds))
    } while total.seconds < seconds
    return Measurement(
      group: group, name: name, unit: unit, unitsPerCall: units, verified: verified, histogram: histogram)
  }

  /// Measures a set of like items (queries of one class) in turn, so that each is seen equally often; one call is one
  /// item.
  func measureEach<Item>(
    _ items: [Item], group: String, name: String, unit: String, verified: String, _ work: (Item) throws -> Void
  ) throws -> Measurement {
    for item in items { try work(item) }
    var histogram = Self.histogram()
    let total = Stopwatch()
    repeat {
      for item in items {
        let watch = Stopwatch()
        try work(item)
        histogram.record(max(1, watch.nanoseconds))
      }
    } while total.seconds < seconds
    return Measurement(
      group: group, name: name, unit: unit, unitsPerCall: 1, verified: verified, histogram: histogram)
  }

  static func histogram() -> Histogram<UInt64> {
    var histogram = Histogram<UInt64>(numberOfSignificantValueDigits: .three)
    histogram.autoResize = true
    return histogram
  }
}

/// A benchmark whose work gives a wrong answer: nothing is timed then.
struct WrongAnswer: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = "wrong answer: \(description)" }
}

/// Keeps a value from being optimised away together with the work that made it.
@inline(never)
@_optimize(none)
func keep<T>(_ value: T) {}
