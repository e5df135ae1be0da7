/// The Pareto front of (frequency, norm) over a set of postings: for each norm that matters the largest frequency.
///
/// No posting of the set scores more than the best pair of the front, under any BM25 parameters and statistics, since
/// the score rises with the frequency and falls with the norm (Ding, Suel 2011 with Lucene's pairs instead of maxima).
struct ImpactFront {
  /// Largest frequency seen for each norm, 0 for none; empty until there is one: most lists of pairs have no block.
  private var most: [UInt32] = []
  private var low = 255
  private var high = 0

  var isEmpty: Bool { low > high }

  /// Adds the first `count` postings of a block.
  mutating func add(frequenciesLessOne: Span<UInt32>, norms: Span<UInt8>, count: Int) {
    for i in 0..<count {
      low = min(low, Int(norms[i]))
      high = max(high, Int(norms[i]))
    }
    if most.isEmpty { most = Array(repeating: 0, count: 256) }
    var most = most.mutableSpan
    for i in 0..<count { most[Int(norms[i])] = max(most[Int(norms[i])], frequenciesLessOne[i] + 1) }
  }

  mutating func merge(_ other: ImpactFront) {
    guard !other.isEmpty else { return }
    low = min(low, other.low)
    high = max(high, other.high)
    if most.isEmpty { most = Array(repeating: 0, count: 256) }
    var most = most.mutableSpan
    for norm in other.low...other.high { most[norm] = max(most[norm], other.most[norm]) }
  }

  mutating func removeAll() {
    guard !isEmpty else { return }
    for norm in low...high { most[norm] = 0 }
    low = 255
    high = 0
  }

  /// The front in at most four pairs, ascending in both members; a longer front is merged into upper bounds.
  func pairs() -> ImpactPairs {
    guard !isEmpty else { return ImpactPairs() }
    var front: [(frequency: UInt32, norm: Int)] = []
    var best: UInt32 = 0
    for norm in low...high where most[norm] > best {
      best = most[norm]
      front.append((best, norm))
    }
    let typicalLength = Float(max(1, Norm.decode(UInt8((low + high) / 2))))
    while front.count > ImpactPairs.count {
      var cheapest = 0
      var leastLoss = Float.infinity
      for i in 0..<front.count - 1 {
        let loss = Self.loss(front[i], front[i + 1], typicalLength)
        if loss < leastLoss { (cheapest, leastLoss) = (i, loss) }
      }
      front[cheapest].frequency = front[cheapest + 1].frequency
      front.remove(at: cheapest + 1)
    }
    var pairs = ImpactPairs()
    for (i, pair) in front.enumerated() {
      pairs[i] = ImpactPairs.Pair(frequency: UInt8(min(pair.frequency, 255)), norm: UInt8(pair.norm))
    }
    return pairs
  }

  /// How much the bound rises when two neighbours become (larger frequency, smaller norm); BM25 with its usual
  /// parameters and this block's own typical length, since the collection's is not known when a segment is written.
  private static func loss(
    _ a: (frequency: UInt32, norm: Int), _ b: (frequency: UInt32, norm: Int), _ typicalLength: Float
  ) -> Float {
    func score(_ frequency: UInt32, _ norm: Int) -> Float {
      let length = Float(Norm.decode(UInt8(norm))) / typicalLength
      return Float(frequency) / (Float(frequency) + 1.2 * (0.25 + 0.75 * length))
    }
    return score(b.frequency, a.norm) - max(score(a.frequency, a.norm), score(b.frequency, b.norm))
  }
}
