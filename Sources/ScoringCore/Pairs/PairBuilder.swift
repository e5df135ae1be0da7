public import Base

/// Makes the phrase layer of a segment from the positions of its common words, document by document.
///
/// Memory: the encoded lists and at most 512 entries a pair. Complexity: a step for each occurrence and for each other
/// word seen since the last occurrence of the same. Single thread.
public struct PairBuilder: ~Copyable {
  private let wordCount: Int
  private let averageLength: Float
  // The current document: the word at each position (255: none), what else stands at a position that is taken, its end.
  private var places: [UInt8] = []
  private var end = 0
  private var doubles: [(position: UInt32, word: UInt8)] = []
  private var entries: [(position: UInt32, word: UInt8)] = []
  // Positions of each ordered pair in it, and which pairs have some.
  private var positions: [[UInt32]]
  private var touched: [Int] = []
  private var encoders: [PostingListEncoder?]
  // Nearness of each pair in it, and of each triple of the first words; which have some.
  private var arena = ScratchArena()
  private let nearness: NearnessSums
  private let tripleNearness: NearnessSums
  private let tripleCount: Int
  /// Words by how recently they were seen, the last at the end; where each was.
  private let recent: Slots<UInt8>
  private let lastSeen: Slots<UInt32>
  /// 1 / distance; longer distances are divided out.
  private let inverses: Slots<Float>
  private var tiers: [TierCandidates]
  private var tripleTiers: [TierCandidates]

  /// - Parameters:
  ///   - wordCount: Common words, at most `PairKey.wordsMax`.
  ///   - averageLength: Of the segment's documents; decides which documents a tier holds.
  public init(wordCount: Int, averageLength: Float) {
    precondition((2...PairKey.wordsMax).contains(wordCount))
    self.wordCount = wordCount
    self.averageLength = averageLength
    positions = Array(repeating: [], count: wordCount * wordCount)
    encoders = Array(repeating: nil, count: wordCount * wordCount)
    tripleCount = min(wordCount, PairKey.tripleWordsMax)
    nearness = NearnessSums(count: wordCount * wordCount, &arena)
    tripleNearness = NearnessSums(count: tripleCount * tripleCount * tripleCount, &arena)
    recent = arena.slots(wordCount, repeating: 0)
    lastSeen = arena.slots(wordCount, repeating: 0)
    inverses = arena.slots(256, repeating: 1)
    for distance in 1..<inverses.count { inverses[distance] = 1 / Float(distance) }
    tiers = Array(repeating: TierCandidates(), count: wordCount * wordCount)
    tripleTiers = Array(repeating: TierCandidates(), count: tripleCount * tripleCount * tripleCount)
  }

  // MARK: - A document

  /// Adds the positions of a word in the current document.
  public mutating func add(word: Int, positions: Span<UInt32>) {
    for i in positions.indices {
      let place = Int(positions[i])
      if place >= places.count { places.append(contentsOf: repeatElement(255, count: place + 64 - places.count)) }
      end = max(end, place + 1)
      if places[place] == 255 {
        places[place] = UInt8(word)
      } else {
        doubles.append((positions[i], UInt8(word)))
      }
    }
  }

  /// Ends the current document, which is above all before it.
  public mutating func endDocument(_ document: DocID, norm: UInt8) {
    entries.removeAll(keepingCapacity: true)
    for place in 0..<end where places[place] != 255 {
      entries.append((UInt32(place), places[place]))
      places[place] = 255
    }
    end = 0
    if !doubles.isEmpty {
      entries.append(contentsOf: doubles)
      doubles.removeAll(keepingCapacity: true)
      entries.sort { ($0.position, $0.word) < ($1.position, $1.word) }
    }
    addAdjacent(document, norm)
    addNearness(document, norm)
  }

  private mutating func addAdjacent(_ document: DocID, _ norm: UInt8) {
    for i in entries.indices {
      var next = i + 1
      while next < entries.count, entries[next].position <= entries[i].position + 1 {
        if entries[next].position == entries[i].position + 1 {
          let pair = Int(entries[i].word) * wordCount + Int(entries[next].word)
          if positions[pair].isEmpty { touched.append(pair) }
          positions[pair].append(entries[i].position)
        }
        next += 1
      }
    }
    for pair in touched {
      if encoders[pair] == nil { encoders[pair] = PostingListEncoder(withPositions: true) }
      // Taken out and put back: a second reference would make emptying it a new array.
      var found: [UInt32] = []
      swap(&found, &positions[pair])
      encoders[pair]!.add(document, frequency: UInt32(found.count), norm: norm, positions: found.span)
      found.removeAll(keepingCapacity: true)
      swap(&found, &positions[pair])
    }
    touched.removeAll(keepingCapacity: true)
  }

  /// The words seen since the last occurrence of this one are its neighbours in the order of the two.
  private mutating func addNearness(_ document: DocID, _ norm: UInt8) {
    var seen = 0
    for entry in entries {
      let word = Int(entry.word)
      var place = seen
      while place > 0 {
        let other = Int(recent[place - 1])
        if other == word { break }
        let distance = entry.position &- lastSeen[other]
        nearness.add(inverse(distance), to: min(word, other) &* wordCount &+ max(word, other))
        if word < tripleCount, other < tripleCount {
          // Windows that begin with `other` and end here: the third word is one of those seen after it. None of the
          // three stands inside once more.
          let weight = inverse(distance &- 1)
          for next in place..<seen where Int(recent[next]) < tripleCount {
            tripleNearness.add(weight, to: triple(word, other, Int(recent[next])))
          }
        }
        place &-= 1
      }
      // The word moves to the end.
      if place > 0 {
        for next in place..<seen { recent[next - 1] = recent[next] }
        recent[seen - 1] = entry.word
      } else {
        recent[seen] = entry.word
        seen += 1
      }
      lastSeen[word] = entry.position
    }
    let factor = 1 / (0.25 + 0.75 * Float(Norm.decode(norm)) / max(averageLength, 1))
    func entry(_ nearness: Float) -> TierCandidates.Entry {
      // The query adds up the same addends in another order.
      let quarters = UInt32((nearness / NearTier.unit * LeafCursor.slack).rounded(.up))
      return TierCandidates.Entry(weight: Float(quarters) * factor, document: document, quarters: quarters, norm: norm)
    }
    nearness.drain { tiers[$0].add(entry($1)) }
    tripleNearness.drain { tripleTiers[$0].add(entry($1)) }
  }

  @inline(__always)
  private func inverse(_ distance: UInt32) -> Float {
    // Two words at one position, and a window of two positions: as near as can be.
    if distance &- 1 >= 255 { return distance == 0 ? 1 : 1 / Float(distance) }
    return inverses[Int(distance)]
  }

  @inline(__always)
  private func triple(_ a: Int, _ b: Int, _ c: Int) -> Int {
    let least = min(a, b, c)
    let most = max(a, b, c)
    return (least &* tripleCount &+ (a &+ b &+ c &- least &- most)) &* tripleCount &+ most
  }

  // MARK: - The layer

  /// Writes the lists behind what `writer` holds; answers keys and payloads, keys ascending.
  public mutating func finish<E: Error>(
    into writer: inout ExtentWriter<E>
  ) throws(E) -> [(key: [UInt8], payload: [UInt8])] {
    var found: [(key: [UInt8], payload: [UInt8])] = []
    for pair in encoders.indices {
      guard var encoder = encoders[pair] else { continue }
      found.append((PairKey.adjacent(pair / wordCount, pair % wordCount), try encoder.finish(into: &writer)))
      encoders[pair] = nil
    }
    var encoder = PostingListEncoder(withPositions: false)
    for pair in tiers.indices where tiers[pair].isWorthIt {
      let payload = try tiers[pair].write(&encoder, into: &writer)
      found.append((PairKey.near(pair / wordCount, pair % wordCount), payload))
    }
    for triple in tripleTiers.indices where tripleTiers[triple].isWorthIt {
      let (rest, third) = triple.quotientAndRemainder(dividingBy: tripleCount)
      let payload = try tripleTiers[triple].write(&encoder, into: &writer)
      found.append((PairKey.near(rest / tripleCount, rest % tripleCount, third), payload))
    }
    return found
  }
}

/// Sums by number, and which numbers have one.
private struct NearnessSums {
  private let sums: Slots<Float>
  private let touched: Slots<UInt32>
  /// One element: how many are touched.
  private let count: Slots<Int>

  init(count: Int, _ arena: inout ScratchArena) {
    sums = arena.slots(count, repeating: 0)
    touched = arena.slots(count, repeating: 0)
    self.count = arena.slots(1, repeating: 0)
  }

  /// - Parameter weight: Above 0.
  @inline(__always)
  func add(_ weight: Float, to number: Int) {
    let sum = sums[number]
    if sum == 0 {
      touched[count[0]] = UInt32(truncatingIfNeeded: number)
      count[0] &+= 1
    }
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
