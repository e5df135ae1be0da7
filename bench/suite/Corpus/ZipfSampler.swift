internal import Glibc

/// Draws ranks with probability proportional to 1 / (rank + 1), in constant time (alias method; Vose 1991).
struct ZipfSampler {
  private let threshold: [Double]
  private let alias: [Int]
  var count: Int { threshold.count }

  init(count: Int) {
    let sum = (1...count).reduce(0.0) { $0 + 1 / Double($1) }
    var weight = (1...count).map { Double(count) / (Double($0) * sum) }
    var alias = Array(0..<count)
    var small = (0..<count).filter { weight[$0] < 1 }
    var large = (0..<count).filter { weight[$0] >= 1 }
    var threshold = [Double](repeating: 1, count: count)
    while let low = small.popLast(), let high = large.popLast() {
      threshold[low] = weight[low]
      alias[low] = high
      weight[high] -= 1 - weight[low]
      if weight[high] < 1 { small.append(high) } else { large.append(high) }
    }
    self.threshold = threshold
    self.alias = alias
  }

  func sample(using random: inout some RandomNumberGenerator) -> Int {
    let column = Int.random(in: 0..<threshold.count, using: &random)
    return Double.random(in: 0..<1, using: &random) < threshold[column] ? column : alias[column]
  }
}
