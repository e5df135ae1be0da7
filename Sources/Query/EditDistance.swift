/// How many insertions, deletions, replacements and exchanges of neighbours lead from one word to another (optimal
/// string alignment; L. Boytsov, "Indexing methods for approximate dictionary searching", 2011, section 3.1).
enum EditDistance {
  /// Nil where the distance is above `limit`.
  ///
  /// - Complexity: the product of the lengths, less what `limit` rules out.
  static func between<T: Equatable>(_ a: [T], _ b: [T], atMost limit: Int) -> Int? {
    guard abs(a.count - b.count) <= limit else { return nil }
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    var current = last
    for i in 0..<a.count {
      current[0] = i + 1
      var least = i + 1
      for j in 0..<b.count {
        var best = min(last[j + 1], current[j]) + 1
        best = min(best, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, beforeLast[j - 1] + 1) }
        current[j + 1] = best
        least = min(least, best)
      }
      if least > limit { return nil }
      beforeLast = last
      last = current
    }
    return last[b.count] <= limit ? last[b.count] : nil
  }
}
