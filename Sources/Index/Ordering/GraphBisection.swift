internal import Base

/// Orders documents so that those which share words stand close together: recursive graph bisection (Dhulipala,
/// Kabiljo, Karrer, Ottaviano, Pupyrev, Shalita: Compressing Graphs and Indexes with Recursive Graph Bisection, KDD
/// 2016), with the selection instead of the sort and the cooling threshold of Mackenzie, Petri and Moffat (Faster Index
/// Reordering with Bipartite Graph Partitioning, SIGIR 2021).
///
/// A range of documents is cut in two halves. Each document is drawn to the half in which the lists of its words would
/// get shorter (`SwapGains`); those drawn to the left most become the left half, and again, until nothing much is gained.
/// Then each half is treated alike. A range of fewer than `2 · rangeMin` documents keeps the order it had at first.
///
/// Which half comes first is free, and of ours: the one with the fewer words a document. Short documents reach the highest
/// scores, and are the cheapest to verify, so a query that meets them first knows early what it can leave out.
///
/// Words that only one document of a range has, or all, say nothing about its halves or theirs: they are dropped from the
/// forward index on the way down. The result depends on nothing but the forward index.
/// Memory: the forward index, 17 bytes a document and 18 a word. Complexity: postings · log2(documents / rangeMin) ·
/// rounds, one addition each; at most `roundsMax` rounds, fewer in practice. Single thread.
struct GraphBisection {
  static let roundsMax = 20
  /// Ranges from this size on ask whether to stop.
  private static let askedMin = 1_024

  private let rangeMin: Int
  private var forward: ForwardIndex
  /// Words of each document.
  private let wordCounts: [UInt32]
  private var order: [DocID]
  /// Of the range at hand: how much each document is drawn to the right, with its number (`key`).
  private var keys: [UInt64]
  private var isRight: [Bool]
  private let gains = SwapGains()

  // Of the range at hand, by word: documents in either half, and what a move to the other gains.
  private var leftCounts: [Int32]
  private var rightCounts: [Int32]
  private var gainsToRight: [Float]
  private var gainsToLeft: [Float]
  /// Words with documents in the range at hand.
  private var present: [UInt16] = []
  private let isStopped: () -> Bool

  /// - Parameter rangeMin: Halves are no smaller than this; at least 1.
  init(_ forward: consuming ForwardIndex, rangeMin: Int, isStopped: @escaping () -> Bool) {
    let (documents, terms) = (forward.documentCount, forward.termCount)
    self.rangeMin = rangeMin
    self.forward = forward
    wordCounts = zip(self.forward.starts, self.forward.ends).map { $1 - $0 }
    order = (0..<DocID(documents)).map { $0 }
    keys = [UInt64](repeating: 0, count: documents)
    isRight = [Bool](repeating: false, count: documents)
    leftCounts = [Int32](repeating: 0, count: terms)
    rightCounts = [Int32](repeating: 0, count: terms)
    gainsToRight = [Float](repeating: 0, count: terms)
    gainsToLeft = [Float](repeating: 0, count: terms)
    self.isStopped = isStopped
  }

  /// All documents in their new order.
  /// - Throws: `.closed` when told to stop.
  static func order(
    _ forward: consuming ForwardIndex, rangeMin: Int, isStopped: @escaping () -> Bool
  ) throws(IndexError) -> [DocID] {
    var bisection = GraphBisection(consume forward, rangeMin: rangeMin, isStopped: isStopped)
    try bisection.bisect(0..<bisection.order.count)
    return bisection.order
  }

  /// The recursion is log2(documents) deep.
  private mutating func bisect(_ range: Range<Int>) throws(IndexError) {
    // What the cut above has mixed up is no gain within a half: nothing is lost by the order documents had at first.
    order[range].sort()
    guard range.count >= 2 * rangeMin else { return }
    let middle = range.lowerBound + range.count / 2
    begin(range, middle)
    for round in 0..<Self.roundsMax {
      if range.count >= Self.askedMin, isStopped() { throw .closed }
      guard swap(range, middle, round) else { break }
    }
    for term in present { (leftCounts[Int(term)], rightCounts[Int(term)]) = (0, 0) }
    present.removeAll(keepingCapacity: true)
    let cut = putShorterFirst(range, middle)
    try bisect(range.lowerBound..<cut)
    try bisect(cut..<range.upperBound)
  }

  /// Counts the words of a range that is to be cut, and drops those that do not matter.
  mutating func begin(_ range: Range<Int>, _ middle: Int) {
    count(range, middle)
    dropWords(range)
    updateGains()
  }

  /// Exchanges the halves if the right one has fewer words a document; answers where they meet.
  private mutating func putShorterFirst(_ range: Range<Int>, _ middle: Int) -> Int {
    let (left, right) = (order[range.lowerBound..<middle], order[middle..<range.upperBound])
    let leftWords = left.reduce(0) { $0 + Int(wordCounts[Int($1)]) }
    let rightWords = right.reduce(0) { $0 + Int(wordCounts[Int($1)]) }
    guard rightWords * left.count < leftWords * right.count else { return middle }
    order.replaceSubrange(range, with: Array(right) + Array(left))
    return range.lowerBound + right.count
  }

  private mutating func count(_ range: Range<Int>, _ middle: Int) {
    for place in range {
      let document = Int(order[place])
      let goesRight = place >= middle
      isRight[document] = goesRight
      for at in Int(forward.starts[document])..<Int(forward.ends[document]) {
        let term = Int(forward.terms[at])
        if leftCounts[term] | rightCounts[term] == 0 { present.append(UInt16(term)) }
        if goesRight { rightCounts[term] += 1 } else { leftCounts[term] += 1 }
      }
    }
  }

  /// Takes words of one document of the range, or of all, out of its documents.
  private mutating func dropWords(_ range: Range<Int>) {
    let all = Int32(range.count)
    for place in range {
      let document = Int(order[place])
      let start = Int(forward.starts[document])
      var kept = start
      for at in start..<Int(forward.ends[document]) {
        let term = forward.terms[at]
        let count = leftCounts[Int(term)] + rightCounts[Int(term)]
        forward.terms[kept] = term
        kept += count > 1 && count < all ? 1 : 0
      }
      forward.ends[document] = UInt32(kept)
    }
    present.removeAll { term in
      let count = leftCounts[Int(term)] + rightCounts[Int(term)]
      guard count == 1 || count == all else { return false }
      (leftCounts[Int(term)], rightCounts[Int(term)]) = (0, 0)
      return true
    }
  }

  /// One round: the documents drawn to the left most become the left half. False where little was to be gained: the best
  /// exchange of two documents has to save more bits in every round.
  private mutating func swap(_ range: Range<Int>, _ middle: Int, _ round: Int) -> Bool {
    if round > 0 { updateGains() }
    var mostLeft = -Float.infinity
    var leastRight = Float.infinity
    for place in range {
      let document = order[place]
      let pull = pull(Int(document))
      if place < middle { mostLeft = max(mostLeft, pull) } else { leastRight = min(leastRight, pull) }
      keys[place] = Self.key(pull, document)
    }
    guard mostLeft - leastRight > Float(round) else { return false }
    Selection.partition(&keys, range, at: middle)
    for place in range {
      let document = DocID(truncatingIfNeeded: keys[place])
      order[place] = document
      let goesRight = place >= middle
      if isRight[Int(document)] != goesRight { move(Int(document), toRight: goesRight) }
    }
    return true
  }

  private mutating func updateGains() {
    for term in present {
      let (left, right) = (leftCounts[Int(term)], rightCounts[Int(term)])
      if left > 0 { gainsToRight[Int(term)] = gains.gain(here: left, there: right) }
      if right > 0 { gainsToLeft[Int(term)] = -gains.gain(here: right, there: left) }
    }
  }

  /// How much a document is drawn to the right, in bits; negative for what is drawn to the left.
  @inline(__always)
  func pull(_ document: Int) -> Float {
    var sum: Float = 0
    let places = Int(forward.starts[document])..<Int(forward.ends[document])
    if isRight[document] {
      for at in places { sum += gainsToLeft[Int(forward.terms[at])] }
    } else {
      for at in places { sum += gainsToRight[Int(forward.terms[at])] }
    }
    return sum
  }

  private mutating func move(_ document: Int, toRight: Bool) {
    isRight[document] = toRight
    let step: Int32 = toRight ? 1 : -1
    for at in Int(forward.starts[document])..<Int(forward.ends[document]) {
      let term = Int(forward.terms[at])
      leftCounts[term] -= step
      rightCounts[term] += step
    }
  }

  /// A number that sorts by pull, then by document.
  @inline(__always)
  private static func key(_ pull: Float, _ document: DocID) -> UInt64 {
    let bits = pull.bitPattern
    let sortable = bits >> 31 == 1 ? ~bits : bits | 1 << 31
    return UInt64(sortable) << 32 | UInt64(document)
  }
}
