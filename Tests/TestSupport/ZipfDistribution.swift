internal import Glibc

/// Draws ranks 0, 1, 2, … with probability proportional to 1 / (rank + 1)^exponent, as words occur in text.
public struct ZipfDistribution: Sendable {
  /// cumulative[i] = probability of a rank of at most i.
  private let cumulative: [Double]
  public var count: Int { cumulative.count }

  public init(count: Int, exponent: Double = 1) {
    precondition(count > 0, "a distribution over nothing")
    var sum = 0.0
    var sums: [Double] = []
    sums.reserveCapacity(count)
    for rank in 0..<count {
      sum += 1 / pow(Double(rank + 1), exponent)
      sums.append(sum)
    }
    cumulative = sums.map { $0 / sum }
  }

  /// - Complexity: O(log count).
  public func sample(using random: inout some RandomNumberGenerator) -> Int {
    let target = Double.random(in: 0..<1, using: &random)
    var low = 0
    var high = cumulative.count - 1
    while low < high {
      let middle = (low + high) / 2
      if cumulative[middle] > target { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
