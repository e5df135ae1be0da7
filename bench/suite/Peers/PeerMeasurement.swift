/// Measures a list of queries as every engine of the comparison does: all queries in turn, round after round, so that
/// disturbances spread; a query that has used up its budget is left out of later rounds.
struct PeerMeasurement {
  /// What is measured of each query.
  enum Operation: String, CaseIterable {
    /// The ten best documents, no totals.
    case top10
    /// The number of matching documents.
    case count
    /// Both at once, as a user asks for them.
    case top10count
  }

  struct Timing {
    let medianMicroseconds: Double
    let leastMicroseconds: Double
    let repeats: Int
  }

  let warmSeconds: Double
  let rounds: Int
  let budgetMilliseconds: Double

  /// Timings of `count` pieces of work in their order. The work is called at least twice for each.
  func measure(count: Int, _ work: (Int) throws -> Void) rethrows -> [Timing] {
    let warm = Stopwatch()
    var isFirst = true
    repeat {
      for number in 0..<count where isFirst || warm.seconds < warmSeconds { try work(number) }
      isFirst = false
    } while warm.seconds < warmSeconds
    var times = [[UInt64]](repeating: [], count: count)
    var spent = [UInt64](repeating: 0, count: count)
    let budget = UInt64(budgetMilliseconds * 1e6)
    for _ in 0..<max(1, rounds) {
      for number in 0..<count where times[number].isEmpty || spent[number] <= budget {
        let watch = Stopwatch()
        try work(number)
        let time = watch.nanoseconds
        times[number].append(time)
        spent[number] += time
      }
    }
    return times.map(Self.timing)
  }

  /// Microseconds that measuring adds to each call: the median of timing nothing.
  static func overheadMicroseconds() -> Double {
    let times = (0..<2_001).map { _ in Stopwatch().nanoseconds }
    return timing(times).medianMicroseconds
  }

  private static func timing(_ times: [UInt64]) -> Timing {
    let sorted = times.sorted()
    let middle = sorted.count / 2
    let median =
      sorted.count % 2 == 1 ? Double(sorted[middle]) : Double(sorted[middle - 1] + sorted[middle]) / 2
    return Timing(
      medianMicroseconds: median / 1e3, leastMicroseconds: Double(sorted[0]) / 1e3, repeats: sorted.count)
  }
}
