internal import CKernels

/// The numbers of the pairs and triples of common words, in the order of their keys, and the kernel that sums them up.
@safe
struct NearWords: BitwiseCopyable {
  let pairCount: Int
  let tripleCount: Int
  /// Numbers of pairs by both words in any order, a row of `stride` for each word; of triples by all three.
  private let pairs: Slots<UInt16>
  private let triples: Slots<UInt16>
  private let stride: Int
  /// 1 / distance; longer distances are divided out.
  private let inverses: Slots<Float>

  private static let tripleWords = PairKey.tripleWordsMax

  init(count: Int, _ arena: inout ScratchArena) {
    // Rows that the kernel reads whole.
    stride = max(count, 64)
    pairs = arena.slots(stride * stride, repeating: 0)
    triples = arena.slots(Self.tripleWords * Self.tripleWords * Self.tripleWords, repeating: 0)
    inverses = arena.slots(Int(KWIC_INVERSES), repeating: 1)
    for distance in 1..<inverses.count { inverses[distance] = 1 / Float(distance) }
    pairCount = Self.number(pairsOf: count, in: pairs, stride: stride)
    tripleCount = Self.number(triplesOf: min(count, Self.tripleWords), in: triples)
  }

  /// A word with itself has no number.
  private static func number(pairsOf count: Int, in numbers: Slots<UInt16>, stride: Int) -> Int {
    var next: UInt16 = 0
    for a in 0..<count {
      for b in a + 1..<count {
        numbers[a * stride + b] = next
        numbers[b * stride + a] = next
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
            numbers[(x * tripleWords + y) * tripleWords + z] = next
          }
          next += 1
        }
      }
    }
    return Int(next)
  }

  func pair(_ a: Int, _ b: Int) -> Int { Int(pairs[a * stride + b]) }
  func triple(_ a: Int, _ b: Int, _ c: Int) -> Int {
    Int(triples[(a * Self.tripleWords + b) * Self.tripleWords + c])
  }

  /// Adds the nearness in one document, whose common words are given in order, to the sums by number.
  /// - Parameter words: Each below the count of words.
  func addNearness(
    _ positions: Slots<UInt32>, _ words: Slots<UInt8>, count: Int, pairs sums: Slots<Float>, triples tripleSums: Slots<Float>
  ) {
    assert(count <= positions.count && count <= words.count)
    assert(sums.count == pairCount && tripleSums.count == tripleCount)
    // SAFETY: as asserted; the tables have a number below those counts for each two and three words that occur.
    unsafe withUnsafePointer(
      to: kwic_near_words(
        pairs: pairs.pointer(), pairStride: stride, triples: triples.pointer(), inverses: inverses.pointer())
    ) { unsafe kwic_add_nearness($0, positions.pointer(), words.pointer(), count, sums.pointer(), tripleSums.pointer()) }
  }
}
