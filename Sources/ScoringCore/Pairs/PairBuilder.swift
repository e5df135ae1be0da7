public import Base

/// Makes the phrase layer of a segment from the positions of its common words, document by document.
///
/// Of a large segment it may be made in several passes over the documents, each of which has the lists of the pairs that
/// begin with some of the words; the tiers come with the last. Written one after the other they are what one pass writes.
///
/// Memory: the encoded lists of a pass and at most 512 entries a pair. Complexity: a step for each occurrence and for each other
/// word seen since the last occurrence of the same. Single thread.
public struct PairBuilder: ~Copyable {
  private let wordCount: Int
  // The current document: the word at each position (255: none), what else stands at a position that is taken, its end.
  private var arena = ScratchArena()
  private var places: Slots<UInt8>
  private var end = 0
  private var doubles: [(position: UInt32, word: UInt8)] = []
  /// Its common words in order.
  private var positions: Slots<UInt32>
  private var words: Slots<UInt8>
  private var count = 0
  private var hasDoubles = false
  // Its ordered pairs of neighbours in order, each with the position of the first, and these by pair; which pairs it has, how
  // often, and where their positions end. Fewer than 2^16 pairs: `PairKey.wordsMax` squared.
  private var adjacentPairs: Slots<UInt16>
  private var adjacentPositions: Slots<UInt32>
  private var adjacentCount = 0
  private var sorted: [UInt32] = []
  private var touched: Slots<UInt16>
  private var touchedCount = 0
  private let adjacentCounts: Slots<UInt32>
  private let ends: Slots<UInt32>
  /// Lists of the pairs that were met, and which of them is a pair's, -1 for none.
  private var encoders: [PostingListEncoder] = []
  private var encoderOfPair: [Int32]
  private var nearness: PairNearness
  private let firstWords: Range<Int>
  private let hasTiers: Bool

  /// - Parameters:
  ///   - wordCount: Common words, at most `PairKey.wordsMax`.
  ///   - averageLength: Of the segment's documents; decides which documents a tier holds.
  ///   - firstWords: The words with which the pairs of this pass begin; nil for all.
  ///   - hasTiers: Whether the tiers are of this pass.
  public init(wordCount: Int, averageLength: Float, firstWords: Range<Int>? = nil, hasTiers: Bool = true) {
    precondition((2...PairKey.wordsMax).contains(wordCount))
    self.firstWords = firstWords ?? 0..<wordCount
    self.hasTiers = hasTiers
    self.wordCount = wordCount
    adjacentCounts = arena.slots(wordCount * wordCount, repeating: 0)
    ends = arena.slots(wordCount * wordCount, repeating: 0)
    encoderOfPair = Array(repeating: -1, count: wordCount * wordCount)
    places = arena.slots(Self.placesMin, repeating: Self.none)
    positions = arena.slots(Self.placesMin, repeating: 0)
    words = arena.slots(Self.placesMin, repeating: 0)
    adjacentPairs = arena.slots(Self.placesMin, repeating: 0)
    adjacentPositions = arena.slots(Self.placesMin, repeating: 0)
    touched = arena.slots(wordCount * wordCount + 1, repeating: 0)
    // They are large: not to be moved as they become more. What is not used of this is never touched.
    encoders.reserveCapacity(min(self.firstWords.count * wordCount, Self.encodersReserved))
    nearness = PairNearness(wordCount: wordCount, averageLength: averageLength)
  }

  private static let none: UInt8 = 255
  private static let placesMin = 4_096
  private static let encodersReserved = 4_096

  // MARK: - A document

  /// Adds the positions of a word in the current document, ascending.
  public mutating func add(word: Int, positions: Span<UInt32>) {
    guard let last = positions.indices.last else { return }
    if Int(positions[last]) >= places.count { grow(places: Int(positions[last]) + 1) }
    end = max(end, Int(positions[last]) + 1)
    for i in positions.indices {
      let place = Int(positions[i])
      precondition(place < end, "positions ascend")
      if places[place] == Self.none {
        places[place] = UInt8(word)
      } else {
        doubles.append((positions[i], UInt8(word)))
      }
    }
  }

  private mutating func grow(places needed: Int) {
    let larger = arena.slots(max(needed, 2 * places.count), repeating: Self.none)
    for place in 0..<end { larger[place] = places[place] }
    places = larger
  }

  /// Ends the current document, which is above all before it.
  public mutating func endDocument(_ document: DocID, norm: UInt8) {
    gatherWords()
    addAdjacent(document, norm)
    if hasTiers { nearness.addDocument(document, norm: norm, positions: positions, words: words, count: count) }
  }

  /// Puts the document's words in order and empties its places.
  private mutating func gatherWords() {
    if end + doubles.count > positions.count {
      positions = arena.slots(2 * (end + doubles.count), repeating: 0)
      words = arena.slots(2 * (end + doubles.count), repeating: 0)
      adjacentPairs = arena.slots(positions.count, repeating: 0)
      adjacentPositions = arena.slots(positions.count, repeating: 0)
    }
    hasDoubles = !doubles.isEmpty
    count = 0
    for place in 0..<end {
      let word = places[place]
      // Written always and kept where there is a word: no branch to guess.
      positions[count] = UInt32(truncatingIfNeeded: place)
      words[count] = word
      count &+= word == Self.none ? 0 : 1
      places[place] = Self.none
    }
    end = 0
    if !doubles.isEmpty { gatherDoubles() }
  }

  private mutating func gatherDoubles() {
    var entries = doubles
    for i in 0..<count { entries.append((positions[i], words[i])) }
    doubles.removeAll(keepingCapacity: true)
    entries.sort { ($0.position, $0.word) < ($1.position, $1.word) }
    for (i, entry) in entries.enumerated() { (positions[i], words[i]) = (entry.position, entry.word) }
    count = entries.count
  }

  private mutating func addAdjacent(_ document: DocID, _ norm: UInt8) {
    adjacentCount = 0
    if hasDoubles { findAdjacentOfDoubles() } else { findAdjacent() }
    countAdjacent()
    // Where the positions of each pair begin among those of all.
    var start: UInt32 = 0
    for i in 0..<touchedCount {
      let number = Int(touched[i])
      ends[number] = start
      start &+= adjacentCounts[number]
    }
    // Taken out and put back, so that all else can be changed meanwhile.
    var sorted: [UInt32] = []
    swap(&sorted, &self.sorted)
    if sorted.count < adjacentCount { sorted = Array(repeating: 0, count: 2 * adjacentCount) }
    for i in 0..<adjacentCount {
      let pair = Int(adjacentPairs[i])
      sorted[Int(ends[pair])] = adjacentPositions[i]
      ends[pair] &+= 1
    }
    start = 0
    for i in 0..<touchedCount {
      let number = Int(touched[i])
      let end = ends[number]
      if encoderOfPair[number] < 0 {
        encoderOfPair[number] = Int32(encoders.count)
        encoders.append(PostingListEncoder(withPositions: true))
      }
      encoders[Int(encoderOfPair[number])].add(
        document, frequency: end - start, norm: norm, positions: sorted.span.extracting(Int(start)..<Int(end)))
      start = end
      adjacentCounts[number] = 0
    }
    swap(&sorted, &self.sorted)
  }

  /// Notes which words stand directly behind one another.
  private mutating func findAdjacent() {
    let (positions, words) = (self.positions, self.words)
    let (pairs, firstPositions) = (adjacentPairs, adjacentPositions)
    let (lowest, firstCount) = (firstWords.lowerBound, firstWords.count)
    var found = 0
    for i in 0..<max(count - 1, 0) {
      // Written always and kept where they do: no branch to guess.
      let first = Int(words[i])
      pairs[found] = UInt16(truncatingIfNeeded: first &* wordCount &+ Int(words[i &+ 1]))
      firstPositions[found] = positions[i]
      let isBehind = positions[i &+ 1] == positions[i] &+ 1
      let isFirst = UInt(bitPattern: first &- lowest) < UInt(bitPattern: firstCount)
      found &+= (isBehind ? 1 : 0) & (isFirst ? 1 : 0)
    }
    adjacentCount = found
  }

  /// The same where several words share a position.
  private mutating func findAdjacentOfDoubles() {
    for i in 0..<count where firstWords.contains(Int(words[i])) {
      var next = i &+ 1
      let behind = positions[i] &+ 1
      while next < count, positions[next] <= behind {
        if positions[next] == behind {
          if adjacentCount == adjacentPairs.count { growAdjacent() }
          adjacentPairs[adjacentCount] = UInt16(truncatingIfNeeded: Int(words[i]) &* wordCount &+ Int(words[next]))
          adjacentPositions[adjacentCount] = positions[i]
          adjacentCount &+= 1
        }
        next &+= 1
      }
    }
  }

  private mutating func growAdjacent() {
    let pairs = arena.slots(2 * adjacentCount, repeating: UInt16(0))
    let firstPositions = arena.slots(2 * adjacentCount, repeating: UInt32(0))
    for i in 0..<adjacentCount { (pairs[i], firstPositions[i]) = (adjacentPairs[i], adjacentPositions[i]) }
    (adjacentPairs, adjacentPositions) = (pairs, firstPositions)
  }

  /// Counts them by pair.
  private mutating func countAdjacent() {
    let (pairs, counts, touched) = (adjacentPairs, adjacentCounts, self.touched)
    var different = 0
    for i in 0..<adjacentCount {
      let pair = pairs[i]
      touched[different] = pair
      different &+= counts[Int(pair)] == 0 ? 1 : 0
      counts[Int(pair)] &+= 1
    }
    touchedCount = different
  }

  // MARK: - The layer

  /// Writes the lists behind what `writer` holds; answers keys and payloads, keys ascending.
  public mutating func finish<E: Error>(
    into writer: inout ExtentWriter<E>
  ) throws(E) -> [(key: [UInt8], payload: [UInt8])] {
    var found: [(key: [UInt8], payload: [UInt8])] = []
    for pair in encoderOfPair.indices where encoderOfPair[pair] >= 0 {
      let payload = try encoders[Int(encoderOfPair[pair])].finish(into: &writer)
      found.append((PairKey.adjacent(pair / wordCount, pair % wordCount), payload))
    }
    encoders = []
    if hasTiers { try nearness.finish(into: &writer) { key, payload in found.append((key, payload)) } }
    return found
  }
}
