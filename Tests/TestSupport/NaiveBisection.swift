internal import Glibc

/// The sizes that graph bisection speaks of, by their definitions: from sets, a document at a time.
public enum NaiveBisection {
  /// About how many bits the gaps of all lists take when the documents are cut in two halves (Dhulipala et al. 2016): a
  /// list with L documents in a half takes L · log2(n / (L + 1)) there, n being the size of both halves.
  ///
  /// - Parameter documents: The words of each document.
  public static func cost(_ documents: [Set<Int>], left: Set<Int>, right: Set<Int>) -> Double {
    let size = Double(left.count + right.count) / 2
    var sum = 0.0
    for word in documents.reduce(into: Set<Int>(), { $0.formUnion($1) }) {
      for half in [left, right] {
        let count = Double(half.filter { documents[$0].contains(word) }.count)
        sum += count * log2(size / (count + 1))
      }
    }
    return sum
  }

  /// Bits saved by moving one document to the other half.
  public static func gain(_ documents: [Set<Int>], moving document: Int, left: Set<Int>, right: Set<Int>) -> Double {
    let moved: Set<Int> = [document]
    return cost(documents, left: left, right: right)
      - cost(documents, left: left.symmetricDifference(moved), right: right.symmetricDifference(moved))
  }

  /// The sum of log2(gap) over the lists of all words, when documents lie in an order: what a list takes at least.
  public static func logGaps(_ documents: [Set<Int>], order: [Int]) -> Double {
    var last: [Int: Int] = [:]
    var sum = 0.0
    for (place, document) in order.enumerated() {
      for word in documents[document] {
        sum += log2(Double(place - (last[word] ?? -1)))
        last[word] = place
      }
    }
    return sum
  }
}
