internal import Glibc

/// Answers benchmark queries by brute force over a `ScanIndex`: what every count and every score is checked against.
struct ScanEngine {
  /// A matching document and its exhaustive score.
  struct Match {
    let document: Int
    let score: Double
  }

  let corpus: TokenCorpus
  let index: ScanIndex

  private static let k1 = 1.2
  private static let b = 0.75

  /// First and last position of a match.
  private typealias Hull = (lo: Int, hi: Int)

  /// Every matching document in order, or nil where a word is not in the corpus.
  func matches(_ query: BenchQuery) -> [Match]? {
    guard let operands = operands(query) else { return nil }
    let weights = operands.map { idf($0.documents.count) }
    switch query.shape {
    case .word, .and: return conjunction(operands, weights)
    case .or: return disjunction(operands, weights)
    case .phrase, .near, .orderedNear, .loose: return positional(query.shape, operands, weights)
    }
  }

  /// The hits of all matching documents: minimal hulls of a phrase or proximity, the places of a Boolean query's words.
  func hitCount(_ query: BenchQuery) -> Int? {
    guard let operands = operands(query) else { return nil }
    switch query.shape {
    case .word, .or:
      let places = operands.flatMap { operand in
        operand.documents.indices.flatMap { entry in
          operand.positions(ofEntry: entry).map { Place(document: operand.documents[entry], position: $0) }
        }
      }
      return Set(places).count
    case .and:
      return common(operands).reduce(0) { $0 + Set(positions(operands, $1.entries).joined()).count }
    case .phrase, .near, .orderedNear, .loose:
      return common(operands).reduce(0) { $0 + Self.hulls(query.shape, positions(operands, $1.entries)).count }
    }
  }

  private struct Place: Hashable {
    let document: Int
    let position: Int
  }

  private func operands(_ query: BenchQuery) -> [ScanIndex.Places]? {
    var operands: [ScanIndex.Places] = []
    for word in query.words {
      guard let form = corpus.number(of: Array(word.utf8)) else { return nil }
      operands.append(query.usesStems ? index.stemmed(form) : index.exact(form))
    }
    return operands
  }

  // MARK: Ranking

  private func idf(_ documentFrequency: Int) -> Double {
    log(1 + (Double(index.documentCount - documentFrequency) + 0.5) / (Double(documentFrequency) + 0.5))
  }

  private func score(idf: Double, frequency: Double, document: Int) -> Double {
    Self.score(idf: idf, frequency: frequency, length: index.lengths[document], averageLength: index.averageLength)
  }

  /// BM25 as the ranking is defined, the length as its byte holds it.
  static func score(idf: Double, frequency: Double, length: Int, averageLength: Double) -> Double {
    let norm = k1 * (1 - b + b * Double(representable(length)) / averageLength)
    return idf * (k1 + 1) * frequency / (frequency + norm)
  }

  /// A length as one byte can hold it: exact up to 39, above that three bits after the leading one (of length − 24).
  static func representable(_ length: Int) -> Int {
    guard length >= 40 else { return length }
    var step = 1
    while (length - 24) / step >= 16 { step *= 2 }
    return 24 + (length - 24) / step * step
  }

  // MARK: Boolean

  private func conjunction(_ operands: [ScanIndex.Places], _ weights: [Double]) -> [Match] {
    common(operands).map { document, entries in
      let score = operands.indices.reduce(0.0) { sum, operand in
        let frequency = Double(operands[operand].positions(ofEntry: entries[operand]).count)
        return sum + self.score(idf: weights[operand], frequency: frequency, document: document)
      }
      return Match(document: document, score: score)
    }
  }

  private func disjunction(_ operands: [ScanIndex.Places], _ weights: [Double]) -> [Match] {
    var scores: [Int: Double] = [:]
    for (operand, weight) in zip(operands, weights) {
      for (entry, document) in operand.documents.enumerated() {
        let frequency = Double(operand.positions(ofEntry: entry).count)
        scores[document, default: 0] += score(idf: weight, frequency: frequency, document: document)
      }
    }
    return scores.sorted { $0.key < $1.key }.map { Match(document: $0.key, score: $0.value) }
  }

  // MARK: Positions

  private func positional(
    _ shape: BenchQuery.Shape, _ operands: [ScanIndex.Places], _ weights: [Double]
  ) -> [Match] {
    let idf = weights.reduce(0, +)
    return common(operands).compactMap { document, entries in
      let hulls = Self.hulls(shape, positions(operands, entries))
      guard !hulls.isEmpty else { return nil }
      let frequency = hulls.reduce(0.0) { $0 + 1 / Double(1 + $1.hi - $1.lo + 1 - operands.count) }
      return Match(document: document, score: score(idf: idf, frequency: frequency, document: document))
    }
  }

  private func positions(_ operands: [ScanIndex.Places], _ entries: [Int]) -> [ArraySlice<Int>] {
    operands.indices.map { operands[$0].positions(ofEntry: entries[$0]) }
  }

  /// The documents that hold all operands, with the entry of each.
  private func common(_ operands: [ScanIndex.Places]) -> [(document: Int, entries: [Int])] {
    guard let lead = operands.indices.min(by: { operands[$0].documents.count < operands[$1].documents.count })
    else { return [] }
    var at = [Int](repeating: 0, count: operands.count)
    return operands[lead].documents.compactMap { document in
      for (operand, places) in operands.enumerated() {
        while at[operand] < places.documents.count, places.documents[at[operand]] < document { at[operand] += 1 }
        guard at[operand] < places.documents.count, places.documents[at[operand]] == document else { return nil }
      }
      return (document, at)
    }
  }

  /// The minimal hulls of a phrase or proximity in one document, from the positions of its words.
  private static func hulls(_ shape: BenchQuery.Shape, _ positions: [ArraySlice<Int>]) -> [Hull] {
    switch shape {
    case .phrase: phrases(positions)
    case .near(let distance): minimal(windows(positions, span: distance))
    case .loose(let extra): minimal(windows(positions, span: positions.count - 1 + extra))
    case .orderedNear(let distance): minimal(orderedPairs(positions, span: distance))
    case .word, .and, .or: []
    }
  }

  private static func phrases(_ positions: [ArraySlice<Int>]) -> [Hull] {
    let sets = positions.dropFirst().map { Set($0) }
    return positions[0]
      .filter { start in sets.enumerated().allSatisfy { $1.contains(start + $0 + 1) } }
      .map { ($0, $0 + positions.count - 1) }
  }

  private static func orderedPairs(_ positions: [ArraySlice<Int>], span: Int) -> [Hull] {
    positions[0].flatMap { first in
      positions[1].filter { $0 > first && $0 - first <= span }.map { (first, $0) }
    }
  }

  /// One position for each word, all distinct, in any order, greatest minus least at most `span`.
  private static func windows(_ positions: [ArraySlice<Int>], span: Int) -> [Hull] {
    var hulls: [Hull] = []
    func extend(_ operand: Int, _ chosen: [Int]) {
      guard operand < positions.count else {
        hulls.append((chosen.min()!, chosen.max()!))
        return
      }
      let least = chosen.max().map { $0 - span } ?? Int.min
      let greatest = chosen.min().map { $0 + span } ?? Int.max
      var index = firstIndex(in: positions[operand], notBelow: least)
      while index < positions[operand].endIndex, positions[operand][index] <= greatest {
        if !chosen.contains(positions[operand][index]) { extend(operand + 1, chosen + [positions[operand][index]]) }
        index += 1
      }
    }
    extend(0, [])
    return hulls
  }

  private static func firstIndex(in positions: ArraySlice<Int>, notBelow bound: Int) -> Int {
    var low = positions.startIndex
    var high = positions.endIndex
    while low < high {
      let middle = (low + high) / 2
      if positions[middle] < bound { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Those hulls that hold no other, last first.
  private static func minimal(_ hulls: [Hull]) -> [Hull] {
    var nearest = Int.max
    // From the last beginning back, shortest first: a hull is minimal if it ends before all that begin with it or
    // later.
    return hulls.sorted { ($1.lo, $0.hi) < ($0.lo, $1.hi) }.filter { hull in
      guard hull.hi < nearest else { return false }
      nearest = hull.hi
      return true
    }
  }
}
