import Base
import TestSupport
import Testing

@testable import ScoringCore

/// The phrase layer against the documents: lists of pairs, tiers and what they spare.
@Suite struct PairTests {
  @Test func pairsStandWhereTheirWordsDo() throws {
    let segment = try Self.segment(documents: 400, seed: 20)
    for first in 0..<segment.pairWordCount {
      for second in 0..<segment.pairWordCount {
        var expected: [[UInt32]] = []
        for document in segment.documents.indices {
          let words = segment.positions(document)
          let found = words.indices.dropLast().filter { words[$0] == first && words[$0 + 1] == second }
          if !found.isEmpty { expected.append([UInt32(document)] + found.map { UInt32($0) }) }
        }
        guard let payload = segment.pairs[PairKey.adjacent(first, second)] else {
          #expect(expected == [])
          continue
        }
        #expect(try Self.read(try PostingListReference(payload), segment) == expected)
      }
    }
  }

  @Test func aTierHoldsTheNearestAndBoundsTheRest() throws {
    let segment = try Self.segment(documents: 1_500, seed: 21)
    var tiers = 0
    for words in [[0, 1], [1, 2], [0, 3], [0, 1, 2], [1, 2, 3]] {
      let key = words.count == 2 ? PairKey.near(words[0], words[1]) : PairKey.near(words[0], words[1], words[2])
      guard let payload = segment.pairs[key] else { continue }
      tiers += 1
      let tier = try NearTier(payload: payload)
      let kept = try Self.read(tier.list, segment)
      #expect(kept.count <= NearTier.documentsMax)
      let bounds = Dictionary(uniqueKeysWithValues: kept.map { ($0[0], $0[1]) })
      for document in segment.documents.indices {
        let nearness = Self.nearness(segment, document, words)
        guard nearness > 0 else { continue }
        let norm = Norm.encode(length: UInt32(segment.documents[document].reduce(0) { $0 + $1.count }))
        if let quarters = bounds[UInt32(document)] {
          #expect(Float(quarters) * NearTier.unit >= nearness && Float(quarters) * NearTier.unit < nearness * 1.01 + 0.26)
        } else {
          #expect(tier.rest.contains { $0.norm <= norm && Float($0.quarters) * NearTier.unit >= nearness })
        }
      }
    }
    #expect(tiers >= 3)
  }

  @Test func commonWordsCostFewPositions() throws {
    // All documents hold the words equally often; twenty hold them side by side, all others in different parts.
    let documents = (0..<8_000).map { number in
      [(0..<90).map { place in
        number % 400 == 7 ? (place < 60 ? place % 3 : 3) : place % 30 < 20 ? place / 30 : 3 + place % 9
      }]
    }
    let segment = try RandomSegment(
      documents: documents, wordCount: 12, classCount: 1, deleted: documents.map { _ in false }, size: .large)
    for query: RandomPlan in [
      .near(3, [0, 1], weight: 1), .near(9, [0, 1, 2], weight: 1), .precedes(5, 0, 1, weight: 1),
      .phrase([0, 1, 2], weight: 1),
    ] {
      let with = try Self.counters(query, segment, .all)
      let without = try Self.counters(query, segment, .all.subtracting(.pairs))
      #expect(with.positionsDecoded * 2 < without.positionsDecoded, "\(query): \(with) \(without)")
    }
    let pair = try Self.counters(.phrase([0, 1], weight: 1), segment, .all)
    #expect(pair.positionsDecoded == 0)
  }

  @Test func rarerFormsOfCommonWordsAreFoundToo() throws {
    var halves = 0
    var isFirst = true
    try Property.check("phrases and proximities of forms of common words", seconds: 6) { random in
      // However slow the build, one segment is sure to have phrases in halves.
      let segment = try Self.segmentOfForms(&random, isLarge: isFirst)
      let ranking = BM25(averageLength: 20)
      for _ in 0..<6 {
        let classes = Array(0..<segment.classCount).shuffled(using: &random)
        let distance = isFirst ? 1 : [1, 1, 2, 3].randomElement(using: &random)!
        let query = RandomPlan.families(distance, classes[0], classes[1], weight: 2)
        let k = [1, 10, 60].randomElement(using: &random)!
        let matches = ExecutionTests.naive(query, segment, ranking)
        if try PhraseHalves(query.plan(segment), in: segment.view, ExecutionRequest()) != nil { halves += 1 }
        for without: Optimisations in [.none, .pairs, .unionForms, .reach, .frequencyBounds, .classLists, .unitLoop, .mergedLists] {
          let choice = Optimisations.all.subtracting(without)
          for counting: ExecutionRequest.Counting in [.none, .documents] {
            let found = try ExecutionTests.execute(query, segment, ranking, k: k, counting, choice)
            try #require(found.documents == Array(matches.prefix(k)), "\(query) without \(without)")
            if counting == .documents { try #require(found.count == matches.count, "\(query) without \(without)") }
          }
          let collected = try ExecutionTests.collect(query, segment, ranking, k: k, choice)
          try #require(collected.documents == Array(matches.prefix(k)) && collected.set.count == matches.count)
        }
      }
      isFirst = false
    }
    #expect(halves > 0)
  }

  /// Words of the first third are common, and each has two rarer forms or none.
  /// - Parameter isLarge: With so many documents, and other forms so rare, that halves are worth it.
  private static func segmentOfForms(_ random: inout SplitMix64, isLarge: Bool = false) throws -> RandomSegment {
    let rarity = isLarge ? 600 : [6, 30, 200].randomElement(using: &random)!
    let documents = (0..<(isLarge ? 2_000 : Int.random(in: 1...2_000, using: &random))).map { _ in
      (0..<[1, 1, 2].randomElement(using: &random)!).map { _ in
        (0..<Int.random(in: 1...40, using: &random)).map { _ in
          let word = min(Int.random(in: 0..<12, using: &random), Int.random(in: 0..<12, using: &random))
          return Int.random(in: 0..<rarity, using: &random) > 0 ? word : word + [12, 12, 24].randomElement(using: &random)!
        }
      }
    }
    let deletes = Bool.random(using: &random)
    let deleted = documents.map { _ in deletes && Int.random(in: 0..<5, using: &random) == 0 }
    // Of six classes each has two common forms.
    let classCount = isLarge ? 12 : [12, 12, 6].randomElement(using: &random)!
    return try RandomSegment(documents: documents, wordCount: 36, classCount: classCount, deleted: deleted, size: .large)
  }

  @Test func damagedTiersAreErrors() {
    for payload: [UInt8] in [[], [1], [3, 1, 2], [0], [1, 9, 9]] {
      #expect(throws: PostingError.payload) { try NearTier(payload: payload) }
    }
  }

  // MARK: - Helpers

  private static func segment(documents: Int, seed: UInt64) throws -> RandomSegment {
    var random = SplitMix64(seed: seed)
    let texts = (0..<documents).map { _ in
      (0..<Int.random(in: 1...2, using: &random)).map { _ in
        (0..<Int.random(in: 5...40, using: &random)).map { _ in
          min(Int.random(in: 0..<9, using: &random), Int.random(in: 0..<9, using: &random))
        }
      }
    }
    return try RandomSegment(
      documents: texts, wordCount: 9, classCount: 1, deleted: texts.map { _ in false }, size: .large)
  }

  /// Documents of a list, each with its positions, or its frequency where there are none.
  private static func read(_ list: PostingListReference, _ segment: RandomSegment) throws -> [[UInt32]] {
    var walk = try PostingWalk(list, in: segment.view)
    var found: [[UInt32]] = []
    var positions: [UInt32] = []
    while try walk.next() != .terminated {
      try walk.positions(into: &positions)
      found.append([walk.document] + (list.hasPositions ? positions : [try walk.frequency()]))
    }
    return found
  }

  /// Σ 1 / (1 + excess) over the minimal windows of the whole document, tried from every beginning.
  private static func nearness(_ segment: RandomSegment, _ document: Int, _ words: [Int]) -> Float {
    let text = segment.positions(document)
    func end(_ from: Int) -> Int? {
      let ends = words.compactMap { word in text.indices.dropFirst(from).first { text[$0] == word } }
      return ends.count == words.count ? ends.max() : nil
    }
    var sum: Float = 0
    for lo in text.indices {
      guard let word = text[lo], words.contains(word), let hi = end(lo), end(lo + 1) != hi else { continue }
      sum += 1 / Float(1 + hi - lo + 1 - words.count)
    }
    return sum
  }

  private static func counters(
    _ query: RandomPlan, _ segment: RandomSegment, _ optimisations: Optimisations
  ) throws -> ExecutionCounters {
    var topK = TopK(k: 10)
    var counters = ExecutionCounters()
    _ = try Execution.execute(
      query.plan(segment), in: segment.view, segmentOrdinal: 0, ranking: BM25(averageLength: 60),
      request: ExecutionRequest(optimisations: optimisations), into: &topK, counters: &counters)
    return counters
  }
}
