internal import Base

/// Sums up how near common words stand to one another, two and three at a time, and keeps the tiers (`NearTier`).
///
/// A document is walked once with the words in the order in which they were last seen: those seen since the last
/// occurrence of a word are its neighbours. Complexity: a step for each occurrence and each neighbour, and for each two
/// neighbours among the words that have triples; then one for each pair and triple the document has. Single thread.
struct PairNearness: ~Copyable {
  private let wordCount: Int
  private let tripleCount: Int
  private let averageLength: Float
  private var arena = ScratchArena()
  /// The nearness in the document under way, by number.
  private let pairs: Slots<Float>
  private let triples: Slots<Float>
  /// Numbers of pairs by both words in any order, of triples by all three.
  private let pairNumbers: Slots<UInt16>
  private let tripleNumbers: Slots<UInt16>
  /// Words by how recently they were seen, the last at the end, and where each was; those that have triples once more.
  private let recent: RecentWords
  private let recentOfTriples: RecentWords
  /// 1 / distance; longer distances are divided out.
  private let inverses: Slots<Float>
  private var pairTiers: TierCandidates
  private var tripleTiers: TierCandidates

  init(wordCount: Int, averageLength: Float) {
    self.wordCount = wordCount
    self.averageLength = averageLength
    tripleCount = min(wordCount, PairKey.tripleWordsMax)
    pairNumbers = arena.slots(wordCount * wordCount, repeating: 0)
    tripleNumbers = arena.slots(tripleCount * tripleCount * tripleCount, repeating: 0)
    recent = RecentWords(count: wordCount, &arena)
    recentOfTriples = RecentWords(count: tripleCount, &arena)
    inverses = arena.slots(1_024, repeating: 1)
    for distance in 1..<inverses.count { inverses[distance] = 1 / Float(distance) }
    let pairCount = Self.number(pairsOf: wordCount, in: pairNumbers)
    let tripleTotal = Self.number(triplesOf: tripleCount, in: tripleNumbers)
    pairs = arena.slots(pairCount, repeating: 0)
    triples = arena.slots(tripleTotal, repeating: 0)
    pairTiers = TierCandidates(count: pairCount)
    tripleTiers = TierCandidates(count: tripleTotal)
  }

  /// Numbers the pairs in the order of their keys; a word with itself has none.
  private static func number(pairsOf count: Int, in numbers: Slots<UInt16>) -> Int {
    var next: UInt16 = 0
    for a in 0..<count {
      for b in a + 1..<count {
        numbers[a * count + b] = next
        numbers[b * count + a] = next
        next += 1
      }
    }
    return Int(next)
  }

  private static func number(triplesOf count: Int, in numbers: Slots<UInt16>) -> Int {
    var next: UInt16 = 0
    for a in 0..<count {
      for b in a + 1..<count {
        for c in b + 1..<count {
          for (x, y, z) in [(a, b, c), (a, c, b), (b, a, c), (b, c, a), (c, a, b), (c, b, a)] {
            numbers[(x * count + y) * count + z] = next
          }
          next += 1
        }
      }
    }
    return Int(next)
  }

  // MARK: - A document

  /// Adds a document above all before it, by its common words in order.
  mutating func addDocument(
    _ document: DocID, norm: UInt8, positions: Slots<UInt32>, words: Slots<UInt8>, count: Int
  ) {
    var seen = 0
    var seenOfTriples = 0
    for i in 0..<count {
      let word = words[i]
      let position = positions[i]
      if Int(word) < tripleCount { addTriples(word, position, &seenOfTriples) }
      addPairs(word, position, &seen)
    }
    let factor = 1 / (0.25 + 0.75 * Float(Norm.decode(norm)) / max(averageLength, 1))
    pairTiers.addDocument(document, norm: norm, factor: factor, pairs)
    tripleTiers.addDocument(document, norm: norm, factor: factor, triples)
  }

  @inline(__always)
  private func addPairs(_ word: UInt8, _ position: UInt32, _ seen: inout Int) {
    // The numbers of all pairs of the word; what is not in `self` stays in registers.
    let numbers = pairNumbers.part(from: Int(word) &* wordCount, count: wordCount)
    let (recent, sums) = (self.recent, pairs)
    var place = seen
    while place > 0 {
      let other = recent.words[place &- 1]
      if other == word { break }
      sums[Int(numbers[Int(other)])] += inverse(position &- recent.positions[place &- 1])
      place &-= 1
    }
    recent.moveToEnd(word, position, from: place, &seen)
  }

  /// Windows that begin with `other` and end here: the third word is one of those seen after it. None of the three
  /// stands inside once more.
  @inline(__always)
  private func addTriples(_ word: UInt8, _ position: UInt32, _ seen: inout Int) {
    let (recent, sums) = (recentOfTriples, triples)
    let count = seen
    var place = count
    while place > 0 {
      let other = recent.words[place &- 1]
      if other == word { break }
      let weight = inverse(position &- recent.positions[place &- 1] &- 1)
      let row = (Int(word) &* tripleCount &+ Int(other)) &* tripleCount
      let numbers = tripleNumbers.part(from: row, count: tripleCount)
      var next = place
      while next < count {
        sums[Int(numbers[Int(recent.words[next])])] += weight
        next &+= 1
      }
      place &-= 1
    }
    recent.moveToEnd(word, position, from: place, &seen)
  }

  @inline(__always)
  private func inverse(_ distance: UInt32) -> Float {
    // Two words at one position, and a window of two positions: as near as can be.
    if distance &- 1 >= 1_023 { return distance == 0 ? 1 : 1 / Float(distance) }
    return inverses[Int(distance)]
  }

  // MARK: - The tiers

  /// Writes the tiers that are worth it; hands over keys, ascending, and payloads.
  mutating func finish<E: Error>(
    into writer: inout ExtentWriter<E>, _ found: (_ key: [UInt8], _ payload: [UInt8]) -> Void
  ) throws(E) {
    var encoder = PostingListEncoder(withPositions: false)
    for a in 0..<wordCount {
      for b in a + 1..<wordCount {
        let number = Int(pairNumbers[a * wordCount + b])
        guard pairTiers.isWorthIt(number) else { continue }
        found(PairKey.near(a, b), try pairTiers.write(number, &encoder, into: &writer))
      }
    }
    for a in 0..<tripleCount {
      for b in a + 1..<tripleCount {
        for c in b + 1..<tripleCount {
          let number = Int(tripleNumbers[(a * tripleCount + b) * tripleCount + c])
          guard tripleTiers.isWorthIt(number) else { continue }
          found(PairKey.near(a, b, c), try tripleTiers.write(number, &encoder, into: &writer))
        }
      }
    }
  }
}

/// Words in the order in which they were last seen, the last at the end, and the positions where that was.
private struct RecentWords {
  let words: Slots<UInt8>
  let positions: Slots<UInt32>

  init(count: Int, _ arena: inout ScratchArena) {
    words = arena.slots(count, repeating: 0)
    positions = arena.slots(count, repeating: 0)
  }

  /// - Parameter place: Behind the word's own place; 0 where it was not seen yet.
  @inline(__always)
  func moveToEnd(_ word: UInt8, _ position: UInt32, from place: Int, _ seen: inout Int) {
    if place > 0 {
      var next = place
      while next < seen {
        words[next &- 1] = words[next]
        positions[next &- 1] = positions[next]
        next &+= 1
      }
    } else {
      seen &+= 1
    }
    words[seen &- 1] = word
    positions[seen &- 1] = position
  }
}
