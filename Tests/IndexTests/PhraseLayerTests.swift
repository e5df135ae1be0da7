import Base
@testable import Index
import ScoringCore
import TestSupport
import Testing

/// The phrase layer of segments that come and go: every answer is the one without it.
@Suite struct PhraseLayerTests {
  private static let words = ["the", "of", "and", "to", "in", "a", "is", "it"]

  @Test(arguments: [DocumentOrdering.none, DocumentOrdering.always])
  func answersAreThoseWithoutIt(ordering: DocumentOrdering) throws {
    var random = SplitMix64(seed: 31)
    let fixture = try IndexFixture {
      $0.phraseLayer = PhraseLayer(words: 6, segmentWordsMin: 0)
      $0.ordering = ordering
    }
    for batch in 0..<3 {
      _ = try fixture.index.apply((0..<500).map { Self.put("\(batch)-\($0)", &random) })
    }
    try Self.compare(fixture.index.snapshot())
    _ = try fixture.index.apply(stride(from: 0, to: 500, by: 7).map { .delete(id: "1-\($0)") })
    try Self.compare(fixture.index.snapshot())
    try fixture.index.compact()
    let snapshot = fixture.index.snapshot()
    try Self.compare(snapshot)
    #expect(snapshot.segments.count == 1 && snapshot.segments[0].body.common.addresses.count == 6)
    #expect(snapshot.segments[0].body.header.sectionSizes.phraseLayer > 0)
    #expect(snapshot.segments[0].isOrdered == ordering.isOn)
  }

  @Test func shorterDocumentsHaveListsOfFewerWords() {
    let layer = PhraseLayer()
    #expect(layer.wordCount(occurrences: layer.segmentWordsMin - 1, documents: 1) == 0)
    #expect(layer.wordCount(occurrences: 10_677_146, documents: 10_000) == 64)
    #expect(layer.wordCount(occurrences: 2_896_587, documents: 21_578) == 16)
    #expect(layer.wordCount(occurrences: 20 << 20, documents: 1 << 20) == PhraseLayer.wordsLeast)
    #expect(layer.wordCount(occurrences: .max / 64, documents: 1) == 64)
    #expect(layer.wordCount(occurrences: 1 << 30, documents: 0) == 0)
    // What was asked for is never exceeded.
    #expect(PhraseLayer(words: 5).wordCount(occurrences: 20 << 20, documents: 1 << 20) == 5)
    #expect(PhraseLayer.none.wordCount(occurrences: 10_677_146, documents: 10_000) == 0)
  }

  /// Twelve common words in documents of thirty: lists for eight of them.
  @Test func aSegmentOfShortDocumentsHasFewer() throws {
    var random = SplitMix64(seed: 33)
    let fixture = try IndexFixture { $0.phraseLayer = PhraseLayer(words: 12, segmentWordsMin: 0) }
    let words = Self.words + ["on", "at", "by", "as"]
    _ = try fixture.index.apply((0..<400).map { number in
      .put(Document(id: "\(number)", body: (0..<30).map { _ in words.randomElement(using: &random) ?? "" }.joined(separator: " ")))
    })
    try fixture.index.compact()
    #expect(fixture.index.snapshot().segments.map { $0.body.common.addresses.count } == [PhraseLayer.wordsLeast])
    try Self.compare(fixture.index.snapshot())
  }

  @Test func smallSegmentsAndOthersDoWithout() throws {
    var random = SplitMix64(seed: 32)
    for layer in [PhraseLayer.none, PhraseLayer()] {
      let fixture = try IndexFixture { $0.phraseLayer = layer }
      _ = try fixture.index.apply((0..<300).map { Self.put("\($0)", &random) })
      try fixture.index.compact()
      #expect(fixture.index.snapshot().segments.allSatisfy { $0.body.common.isEmpty })
    }
  }

  private static func put(_ id: String, _ random: inout SplitMix64) -> IndexOperation {
    .put(Document(id: id, body: text(&random)))
  }

  private static func text(_ random: inout SplitMix64) -> String {
    (0..<Int.random(in: 1...60, using: &random)).map { _ in
      let number = min(Int.random(in: 0..<12, using: &random), Int.random(in: 0..<12, using: &random))
      return number < words.count ? words[number] : "rare\(number)"
    }.joined(separator: " ")
  }

  private static func compare(_ snapshot: Snapshot) throws {
    for places in [[0, 1], [1, 0], [2, 2], [0, 1, 2], [3, 4, 0, 1], [0, 6, 1], [5, 5, 5]] {
      try compare(snapshot, places) { .phrase($0.map { $0 }) }
    }
    for places in [[0, 1], [4, 2], [0, 1, 2], [0, 6]] {
      try compare(snapshot, places) { .window(N: 6, $0.map { .leaf($0) }) }
    }
  }

  private static func compare(
    _ snapshot: Snapshot, _ places: [Int], _ expression: ([Int]) -> PositionalExpression
  ) throws {
    var distinct: [Int] = []
    for place in places where !distinct.contains(place) { distinct.append(place) }
    let ranking = BM25(averageLength: 30)
    var answers: [([RankedDocument], Int)] = []
    for usesLayer in [false, true] {
      var best = TopK(k: 10)
      var all = TopK(k: 10)
      var counters = ExecutionCounters()
      var count = 0
      for (ordinal, segment) in snapshot.segments.enumerated() {
        let leaves = try distinct.map { WordLeaf(lists: try segment.lookup(Array(words[$0].utf8)).map { [$0] } ?? []) }
        let numbers = places.map { place in distinct.firstIndex(of: place)! }
        var plan = MatchPlan.positional(
          PositionalUnit(
            expression: expression(numbers), leaves: leaves, overlaps: .none(leafCount: leaves.count), weight: 1))
        if usesLayer { plan = try segment.withPairs(plan) }
        _ = try Execution.execute(
          plan, in: segment.view, segmentOrdinal: UInt32(ordinal), ranking: ranking, into: &best, counters: &counters)
        count += try Execution.execute(
          plan, in: segment.view, segmentOrdinal: UInt32(ordinal), ranking: ranking,
          request: ExecutionRequest(counting: .documents), into: &all, counters: &counters)
      }
      try #require(best.sorted() == all.sorted())
      answers.append((best.sorted(), count))
    }
    try #require(answers[0].0 == answers[1].0, "\(places)")
    try #require(answers[0].1 == answers[1].1, "\(places)")
  }
}
