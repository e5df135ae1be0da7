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
  private let pairs: NearnessSums
  private let triples: NearnessSums
  /// Numbers of pairs by both words in any order, of triples by all three.
  private let pairNumbers: Slots<UInt16>
  private let tripleNumbers: Slots<UInt16>
  /// Words by how recently they were seen, the last at the end; those that have triples once more; where each was.
  private let recent: Slots<UInt8>
  private let recentOfTriples: Slots<UInt8>
  private let lastSeen: Slots<UInt32>
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
    recent = arena.slots(wordCount, repeating: 0)
    recentOfTriples = arena.slots(tripleCount, repeating: 0)
    lastSeen = arena.slots(wordCount, repeating: 0)
    inverses = arena.slots(1_024, repeating: 1)
    for distance in 1..<inverses.count { inverses[distance] = 1 / Float(distance) }
    let pairCount = Self.number(pairsOf: wordCount, in: pairNumbers)
    let tripleTotal = Self.number(triplesOf: tripleCount, in: tripleNumbers)
    pairs = NearnessSums(count: pairCount, &arena)
    triples = NearnessSums(count: tripleTotal, &arena)
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
      lastSeen[Int(word)] = position
    }
    let factor = 1 / (0.25 + 0.75 * Float(Norm.decode(norm)) / max(averageLength, 1))
    pairTiers.addDocument(document, norm: norm, factor: factor, pairs)
    tripleTiers.addDocument(document, norm: norm, factor: factor, triples)
  }

  @inline(__always)
  private func addPairs(_ word: UInt8, _ position: UInt32, _ seen: inout Int) {
    let row = Int(word) &* wordCount
    var place = seen
    while place > 0 {
      let other = recent[place &- 1]
      if other == word { break }
      pairs.add(inverse(position &- lastSeen[Int(other)]), to: Int(pairNumbers[row &+ Int(other)]))
      place &-= 1
    }
    Self.moveToEnd(word, from: place, &seen, recent)
  }

  /// Windows that begin with `other` and end here: the third word is one of those seen after it. None of the three
  /// stands inside once more.
  @inline(__always)
  private func addTriples(_ word: UInt8, _ position: UInt32, _ seen: inout Int) {
    var place = seen
    while place > 0 {
      let other = recentOfTriples[place &- 1]
      if other == word { break }
      let weight = inverse(position &- lastSeen[Int(other)] &- 1)
      let row = (Int(word) &* tripleCount &+ Int(other)) &* tripleCount
      var next = place
      while next < seen {
        triples.add(weight, to: Int(tripleNumbers[row &+ Int(recentOfTriples[next])]))
        next &+= 1
      }
      place &-= 1
    }
    Self.moveToEnd(word, from: place, &seen, recentOfTriples)
  }

  /// - Parameter place: Behind the word's own place; 0 where it was not seen yet.
  @inline(__always)
  private static func moveToEnd(_ word: UInt8, from place: Int, _ seen: inout Int, _ recent: Slots<UInt8>) {
    if place > 0 {
      var next = place
      while next < seen {
        recent[next &- 1] = recent[next]
        next &+= 1
      }
      recent[seen &- 1] = word
    } else {
      recent[seen] = word
      seen &+= 1
    }
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

/// Sums by number, and which numbers have one.
struct NearnessSums {
  private let sums: Slots<Float>
  private let touched: Slots<UInt16>
  /// One element: how many are touched.
  private let count: Slots<Int>

  init(count: Int, _ arena: inout ScratchArena) {
    sums = arena.slots(count, repeating: 0)
    // One more: an entry is written before it is known whether it counts.
    touched = arena.slots(count + 1, repeating: 0)
    self.count = arena.slots(1, repeating: 0)
  }

  /// - Parameter weight: Above 0.
  @inline(__always)
  func add(_ weight: Float, to number: Int) {
    let sum = sums[number]
    touched[count[0]] = UInt16(truncatingIfNeeded: number)
    count[0] &+= sum == 0 ? 1 : 0
    sums[number] = sum + weight
  }

  /// Takes all sums out.
  @inline(__always)
  func drain(_ body: (_ number: Int, _ sum: Float) -> Void) {
    for i in 0..<count[0] {
      let number = Int(touched[i])
      body(number, sums[number])
      sums[number] = 0
    }
    count[0] = 0
  }
}
