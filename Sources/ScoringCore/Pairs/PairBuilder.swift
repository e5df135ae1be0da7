public import Base

/// Makes the phrase layer of a segment from the positions of its common words, document by document.
///
/// Memory: the encoded lists and at most 512 entries a pair. Complexity: a step for each occurrence and for each other
/// word seen since the last occurrence of the same. Single thread.
public struct PairBuilder {
  private let wordCount: Int
  private let averageLength: Float
  // The current document: the word at each position (255: none), what else stands at a position that is taken, its end.
  private var places: [UInt8] = []
  private var doubles: [(position: UInt32, word: UInt8)] = []
  private var entries: [(position: UInt32, word: UInt8)] = []
  // Positions of each ordered pair in it, and which pairs have some.
  private var positions: [[UInt32]]
  private var touched: [Int] = []
  private var encoders: [PostingListEncoder?]
  // Nearness of each pair in it; words by how recently they were seen, and where.
  private var nearness: [Float]
  private var nearPairs: [Int] = []
  private var recent: [UInt8] = []
  private var lastSeen: [UInt32]
  private var tiers: [TierCandidates]
  // The same for triples of the first words.
  private let tripleCount: Int
  private var tripleNearness: [Float]
  private var nearTriples: [Int] = []
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
    nearness = Array(repeating: 0, count: wordCount * wordCount)
    lastSeen = Array(repeating: 0, count: wordCount)
    tiers = Array(repeating: TierCandidates(), count: wordCount * wordCount)
    tripleCount = min(wordCount, PairKey.tripleWordsMax)
    tripleNearness = Array(repeating: 0, count: tripleCount * tripleCount * tripleCount)
    tripleTiers = Array(repeating: TierCandidates(), count: tripleNearness.count)
  }

  // MARK: - A document

  /// Adds the positions of a word in the current document.
  public mutating func add(word: Int, positions: Span<UInt32>) {
    for i in positions.indices {
      let place = Int(positions[i])
      if place >= places.count { places.append(contentsOf: repeatElement(255, count: place + 64 - places.count)) }
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
    for place in places.indices where places[place] != 255 {
      entries.append((UInt32(place), places[place]))
      places[place] = 255
    }
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
      let found = positions[pair]
      encoders[pair]!.add(document, frequency: UInt32(found.count), norm: norm, positions: found.span)
      positions[pair].removeAll(keepingCapacity: true)
    }
    touched.removeAll(keepingCapacity: true)
  }

  /// The words seen since the last occurrence of this one are its neighbours in the order of the two.
  private mutating func addNearness(_ document: DocID, _ norm: UInt8) {
    recent.removeAll(keepingCapacity: true)
    for entry in entries {
      let word = Int(entry.word)
      var place = recent.count
      while place > 0 {
        let other = Int(recent[place - 1])
        if other == word { break }
        let pair = min(word, other) * wordCount + max(word, other)
        if nearness[pair] == 0 { nearPairs.append(pair) }
        nearness[pair] += 1 / Float(max(1, entry.position - lastSeen[other]))
        if word < tripleCount, other < tripleCount { addTriples(word, other, entry.position, after: place) }
        place -= 1
      }
      if place > 0 { recent.remove(at: place - 1) }
      recent.append(entry.word)
      lastSeen[word] = entry.position
    }
    let length = Float(Norm.decode(norm)) / max(averageLength, 1)
    let factor = 1 / (0.25 + 0.75 * length)
    func entry(_ nearness: Float) -> TierCandidates.Entry {
      // The query adds up the same addends in another order.
      let quarters = UInt32((nearness / NearTier.unit * LeafCursor.slack).rounded(.up))
      return TierCandidates.Entry(weight: Float(quarters) * factor, document: document, quarters: quarters, norm: norm)
    }
    for pair in nearPairs {
      tiers[pair].add(entry(nearness[pair]))
      nearness[pair] = 0
    }
    nearPairs.removeAll(keepingCapacity: true)
    for triple in nearTriples {
      tripleTiers[triple].add(entry(tripleNearness[triple]))
      tripleNearness[triple] = 0
    }
    nearTriples.removeAll(keepingCapacity: true)
  }

  /// The windows that end with `word` at `position` and begin with `other`: the third word is one of those seen after
  /// `other`, from `place` in `recent` on. None of the three stands inside once more.
  @inline(__always)
  private mutating func addTriples(_ word: Int, _ other: Int, _ position: UInt32, after place: Int) {
    let distance = position - lastSeen[other]
    let weight = 1 / Float(max(1, Int(distance) - 1))
    for next in place..<recent.count {
      let third = Int(recent[next])
      guard third < tripleCount else { continue }
      let triple = triple(word, other, third)
      if tripleNearness[triple] == 0 { nearTriples.append(triple) }
      tripleNearness[triple] += weight
    }
  }

  @inline(__always)
  private func triple(_ a: Int, _ b: Int, _ c: Int) -> Int {
    let least = min(a, b, c)
    let most = max(a, b, c)
    return (least * tripleCount + (a + b + c - least - most)) * tripleCount + most
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
