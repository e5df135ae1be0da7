internal import Base

/// Sums up how near common words stand to one another, two and three at a time, and keeps the tiers (`NearTier`).
///
/// A document is walked once (`NearWords`); a word's neighbours are those seen since its last occurrence. Complexity: a step
/// for each occurrence and each neighbour, and for each two neighbours among the words that have triples; then one for each
/// pair and triple the document has. Single thread.
struct PairNearness: ~Copyable {
  private let wordCount: Int
  private let tripleCount: Int
  private let averageLength: Float
  private var arena = ScratchArena()
  /// The nearness in the document under way, by number.
  private let pairs: Slots<Float>
  private let triples: Slots<Float>
  private let words: NearWords
  private var pairTiers: TierCandidates
  private var tripleTiers: TierCandidates

  init(wordCount: Int, averageLength: Float) {
    self.wordCount = wordCount
    self.averageLength = averageLength
    tripleCount = min(wordCount, PairKey.tripleWordsMax)
    words = NearWords(count: wordCount, &arena)
    pairs = arena.slots(words.pairCount, repeating: 0)
    triples = arena.slots(words.tripleCount, repeating: 0)
    pairTiers = TierCandidates(count: words.pairCount)
    tripleTiers = TierCandidates(count: words.tripleCount)
  }

  // MARK: - A document

  /// Adds a document above all before it, by its common words in order.
  mutating func addDocument(
    _ document: DocID, norm: UInt8, positions: Slots<UInt32>, words wordAt: Slots<UInt8>, count: Int
  ) {
    words.addNearness(positions, wordAt, count: count, pairs: pairs, triples: triples)
    let factor = 1 / (0.25 + 0.75 * Float(Norm.decode(norm)) / max(averageLength, 1))
    pairTiers.addDocument(document, norm: norm, factor: factor, pairs)
    tripleTiers.addDocument(document, norm: norm, factor: factor, triples)
  }

  // MARK: - The tiers

  /// Writes the tiers that are worth it; hands over keys, ascending, and payloads.
  mutating func finish<E: Error>(
    into writer: inout ExtentWriter<E>, _ found: (_ key: [UInt8], _ payload: [UInt8]) -> Void
  ) throws(E) {
    var encoder = PostingListEncoder(withPositions: false)
    for a in 0..<wordCount {
      for b in a + 1..<wordCount {
        let number = words.pair(a, b)
        guard pairTiers.isWorthIt(number) else { continue }
        found(PairKey.near(a, b), try pairTiers.write(number, &encoder, into: &writer))
      }
    }
    for a in 0..<tripleCount {
      for b in a + 1..<tripleCount {
        for c in b + 1..<tripleCount {
          let number = words.triple(a, b, c)
          guard tripleTiers.isWorthIt(number) else { continue }
          found(PairKey.near(a, b, c), try tripleTiers.write(number, &encoder, into: &writer))
        }
      }
    }
  }
}
