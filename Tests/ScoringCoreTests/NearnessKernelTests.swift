import Base
import CKernels
import Testing

@testable import ScoringCore

/// The kernels of the phrase layer against their scalar twins and against the definition.
@Suite struct NearnessKernelTests {
  @Test func theNearnessOfADocumentIsTakenOut() {
    var random = SplitMix64(seed: 31)
    for round in 0..<3_000 {
      let count = Int.random(in: 1...90, using: &random)
      // Now and then beyond what converts to a number with a sign, and beyond what is kept.
      let scale: Float = [1, 1, 1, 1e9, 1e12][round % 5]
      let sums = (0..<count).map { _ in
        Bool.random(using: &random) ? 0 : Float.random(in: 0.001...40, using: &random) * scale
      }
      let least = (0..<count).map { _ in Float.random(in: 0...60, using: &random) }
      let dropped = (0..<count).map { _ in UInt32.random(in: 0...60, using: &random) }
      let factor = Float.random(in: 0.1...3, using: &random)
      let chosen = Drained(sums, dropped, least, factor, isScalar: false)
      #expect(chosen == Drained(sums, dropped, least, factor, isScalar: true))
      for number in 0..<count {
        #expect(chosen.sums[number] == 0 && chosen.totals[number] == (sums[number] > 0 ? 1 : 0))
        guard sums[number] > 0 else { continue }
        let exact = sums[number] / NearTier.unit * LeafCursor.slack
        let quarters = exact < 4e9 ? UInt32(exact.rounded(.up)) : UInt32(4e9)
        let isHeavy = Float(quarters) * factor > least[number]
        #expect(chosen.heavy.contains { $0 == UInt32(number) } == isHeavy)
        #expect(chosen.dropped[number] == (isHeavy ? dropped[number] : max(dropped[number], quarters)))
      }
    }
  }

  @Test func howNearTheWordsOfADocumentStandIsSummedUpInItsOrder() {
    var random = SplitMix64(seed: 30)
    for round in 0..<600 {
      // Fewer words than have triples, as many as the vectors hold, more; now and then far apart, or two at one place.
      let wordCount = [2, 5, 24, 25, 40, 64, 65, 255][round % 8]
      let gaps: ClosedRange<UInt32> = [1...3, 1...40, 0...2, 1...1_500, 900...1_100][round % 5]
      let sum = Sums(wordCount: wordCount)
      var document: [(position: UInt32, word: UInt8)] = []
      var position: UInt32 = round % 3 == 0 ? 0 : UInt32.random(in: 0...70_000, using: &random)
      for _ in 0..<Int.random(in: 0...(round % 7 == 0 ? 2_000 : 120), using: &random) {
        // Commoner words more often.
        let word = UInt8(Int.random(in: 0..<Int.random(in: 1...wordCount, using: &random), using: &random))
        if let last = document.last, last.position == position, last.word >= word { position += 1 }
        document.append((position, word))
        position += UInt32.random(in: gaps, using: &random)
      }
      let expected = sum.byDefinition(document)
      #expect(sum.byKernel(document, isScalar: false) == expected)
      #expect(sum.byKernel(document, isScalar: true) == expected)
    }
  }

  /// How near the words of documents stand: the same by the kernels and by the definition, to the bit.
  private struct Sums {
    struct Result: Equatable {
      var pairs: [Float]
      var triples: [Float]
    }

    private let wordCount: Int
    private let tripleWords = Int(KWIC_TRIPLE_WORDS)
    private let stride: Int
    private var pairNumbers: [UInt16]
    private var tripleNumbers: [UInt16]

    init(wordCount: Int) {
      self.wordCount = wordCount
      stride = max(wordCount, 64)
      pairNumbers = Array(repeating: 0, count: stride * stride)
      tripleNumbers = Array(repeating: 0, count: tripleWords * tripleWords * tripleWords)
      var next: UInt16 = 0
      for a in 0..<wordCount {
        for b in 0..<a {
          for (x, y) in [(a, b), (b, a)] { pairNumbers[x * stride + y] = next }
          next += 1
        }
      }
      next = 0
      for a in 0..<min(wordCount, tripleWords) {
        for b in 0..<a {
          for c in 0..<b {
            for (x, y, z) in [(a, b, c), (a, c, b), (b, a, c), (b, c, a), (c, a, b), (c, b, a)] {
              tripleNumbers[(x * tripleWords + y) * tripleWords + z] = next
            }
            next += 1
          }
        }
      }
    }

    private var empty: Result {
      let words = min(wordCount, tripleWords)
      return Result(
        pairs: Array(repeating: 0, count: wordCount * (wordCount - 1) / 2),
        triples: Array(repeating: 0, count: words * (words - 1) * (words - 2) / 6))
    }

    func byDefinition(_ document: [(position: UInt32, word: UInt8)]) -> Result {
      var result = empty
      for end in document.indices {
        let (position, word) = document[end]
        // What stands between the last occurrence of the word and this one, each word where it stands last.
        let start = document[..<end].lastIndex { $0.word == word }.map { $0 + 1 } ?? 0
        let between = (start..<end).filter { place in !document[(place + 1)..<end].contains { $0.word == document[place].word } }
        for place in between {
          let (first, other) = document[place]
          let distance = position - first
          result.pairs[Int(pairNumbers[Int(word) * stride + Int(other)])] += distance == 0 ? 1 : 1 / Float(distance)
          guard word < tripleWords, other < tripleWords else { continue }
          let width = distance &- 1
          for third in between where third > place && document[third].word < tripleWords {
            let row = (Int(word) * tripleWords + Int(other)) * tripleWords
            result.triples[Int(tripleNumbers[row + Int(document[third].word)])] += width == 0 ? 1 : 1 / Float(width)
          }
        }
      }
      return result
    }

    func byKernel(_ document: [(position: UInt32, word: UInt8)], isScalar: Bool) -> Result {
      var result = empty
      let inverses = (0..<Int(KWIC_INVERSES)).map { $0 == 0 ? 1 : 1 / Float($0) }
      let positions = document.map(\.position)
      let words = document.map(\.word)
      // SAFETY: the tables have a number inside the results for each two and three words.
      unsafe pairNumbers.withUnsafeBufferPointer { pairs in
        unsafe tripleNumbers.withUnsafeBufferPointer { triples in
          unsafe inverses.withUnsafeBufferPointer { inverses in
            var near = unsafe kwic_near_words(
              pairs: pairs.baseAddress, pairStride: stride, triples: triples.baseAddress, inverses: inverses.baseAddress)
            let kernel = unsafe isScalar ? kwic_add_nearness_scalar : kwic_add_nearness
            unsafe kernel(&near, positions, words, document.count, &result.pairs, &result.triples)
          }
        }
      }
      return result
    }
  }

  @Test func theLargestOfManyIsFound() {
    var random = SplitMix64(seed: 32)
    for _ in 0..<3_000 {
      let kinds = [2, 40, 1_000_000].randomElement(using: &random) ?? 1
      let values = (0..<Int.random(in: 1...600, using: &random)).map { _ in
        Float(Int.random(in: 0...kinds, using: &random)) * 0.37
      }
      let rank = Int.random(in: 1...values.count, using: &random)
      let expected = values.sorted(by: >)[rank - 1]
      // SAFETY (both calls): the count is the array's, the rank inside.
      #expect(unsafe kwic_largest(values, values.count, rank) == expected)
      #expect(unsafe kwic_largest_scalar(values, values.count, rank) == expected)
    }
  }

  @Test func theHeaviestAreKept() {
    var random = SplitMix64(seed: 33)
    for _ in 0..<3_000 {
      let count = Int.random(in: 1...600, using: &random)
      let kinds = [1, 3, 1_000].randomElement(using: &random) ?? 1
      let weights = (0..<count).map { _ in Float(Int.random(in: 0...kinds, using: &random)) * 0.37 }
      let rank = Int.random(in: 1...count, using: &random)
      let bound = weights.sorted(by: >)[rank - 1]
      var entries = (0..<UInt64(count)).map { $0 * 3 }
      var light = [UInt64](repeating: 0, count: count)
      // SAFETY: the count is that of all arrays.
      let kept = unsafe kwic_keep_heaviest(&entries, weights, count, bound, rank, &light)
      let order = weights.indices.sorted { weights[$0] != weights[$1] ? weights[$0] > weights[$1] : $0 < $1 }
      #expect(kept == rank)
      #expect(Array(entries[..<kept]) == order[..<rank].sorted().map { UInt64($0) * 3 })
      #expect(Array(light[..<(count - kept)]) == order[rank...].sorted().map { UInt64($0) * 3 })
    }
  }

  private struct Drained: Equatable {
    var sums: [Float]
    var totals: [UInt32]
    var dropped: [UInt32]
    var heavy: [UInt32]
    var units: [UInt32]

    init(_ sums: [Float], _ dropped: [UInt32], _ least: [Float], _ factor: Float, isScalar: Bool) {
      let count = sums.count
      self.sums = sums
      self.dropped = dropped
      totals = Array(repeating: 0, count: count)
      heavy = totals
      units = totals
      // SAFETY: all arrays have `count` values and stay where they are during the call.
      let found = unsafe self.sums.withUnsafeMutableBufferPointer { sums in
        unsafe self.dropped.withUnsafeMutableBufferPointer { dropped in
          unsafe totals.withUnsafeMutableBufferPointer { totals in
            unsafe least.withUnsafeBufferPointer { least in
              let nearness = unsafe kwic_nearness(
                sums: sums.baseAddress, totals: totals.baseAddress, dropped: dropped.baseAddress,
                least: least.baseAddress, factor: factor, unit: NearTier.unit, slack: LeafCursor.slack)
              return unsafe isScalar
                ? kwic_drain_nearness_scalar(nearness, count, &heavy, &units)
                : kwic_drain_nearness(nearness, count, &heavy, &units)
            }
          }
        }
      }
      heavy = Array(heavy[..<found])
      units = Array(units[..<found])
    }
  }
}
