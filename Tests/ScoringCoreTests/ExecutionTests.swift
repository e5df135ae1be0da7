import Base
import TestSupport
import Testing

@testable import ScoringCore

/// Whatever is skipped, the answer is that of the definition: documents, scores to the last bit, order, counts, hits.
@Suite struct ExecutionTests {
  @Test func answersEqualTheDocumentsThemselves() throws {
    try Property.check("execution equals the definition", seconds: 8) { random in
      let segment = try RandomSegment.random(&random)
      let ranking = BM25(averageLength: Float.random(in: 1...40, using: &random))
      for _ in 0..<12 {
        let query = RandomPlan.random(segment, &random)
        let expected = Self.naive(query, segment, ranking)
        let k = [1, 3, 10, 100, Int.max].randomElement(using: &random)!
        let optimisations: Optimisations = [.all, .none].randomElement(using: &random)!
        let (documents, count) = try Self.execute(query, segment, ranking, k: k, .documents, optimisations)
        try #require(count == expected.count, "\(query)")
        try #require(documents == Array(expected.prefix(k)), "\(query)")
        var found: [DocID] = []
        try Self.collect(query, segment, ranking, k: k, optimisations).set.forEach { found.append($0) }
        try #require(found == expected.map(\.document).sorted(), "\(query)")
      }
    }
  }

  @Test func prunedEqualsExhaustiveWithEveryOptimisation() throws {
    try Property.check("pruned equals exhaustive", seconds: 10) { random in
      let segment = try RandomSegment.random(&random, documentsMax: 30_000)
      let ranking = BM25(averageLength: Float.random(in: 1...40, using: &random))
      for _ in 0..<8 {
        let query = RandomPlan.random(segment, &random)
        let k = Int.random(in: 1...30, using: &random)
        var topK = TopK(k: k)
        var counters = ExecutionCounters()
        let count = try Execution.scoreExhaustively(
          query.plan(segment), in: segment.view, segmentOrdinal: 0, ranking: ranking, into: &topK, counters: &counters)
        let expected = topK.sorted()
        var choices: [Optimisations] = [.all, .none]
        for bit in 0..<UInt32(Optimisations.all.rawValue.nonzeroBitCount) {
          choices.append(Optimisations(rawValue: Optimisations.all.rawValue & ~(1 << bit)))
          choices.append(Optimisations(rawValue: 1 << bit))
        }
        choices.append(Optimisations(rawValue: UInt32.random(in: 0...Optimisations.all.rawValue, using: &random)))
        for choice in choices {
          let pruned = try Self.execute(query, segment, ranking, k: k, .none, choice)
          try #require(pruned.documents == expected, "\(query) with \(choice)")
          let counted = try Self.execute(query, segment, ranking, k: k, .documents, choice)
          try #require(counted.documents == expected, "\(query) with \(choice), counting")
          try #require(counted.count == count, "\(query) with \(choice), counting")
          let parts = try Self.executeInParts(query, segment, ranking, k: k, choice, &random)
          try #require(parts.documents == expected, "\(query) with \(choice), in parts")
          try #require(parts.count == count, "\(query) with \(choice), in parts")
          let collected = try Self.collect(query, segment, ranking, k: k, choice)
          try #require(collected.documents == expected, "\(query) with \(choice), collecting")
          try #require(collected.set.count == count, "\(query) with \(choice), collecting")
        }
      }
    }
  }

  @Test func segmentsShareTheThresholdInAnyOrder() throws {
    try Property.check("segments in any order give one answer", seconds: 4) { random in
      let documents = try (0..<4).map { _ in try RandomSegment.random(&random, documentsMax: 400) }
      let wordCount = documents.map(\.wordCount).min()!
      let word = Int.random(in: 0..<wordCount, using: &random)
      let other = Int.random(in: 0..<wordCount, using: &random)
      let query: RandomPlan = [
        .word(word, weight: 2), .or([.word(word, weight: 1), .word(other, weight: 1)]),
        .and([.word(word, weight: 1), .word(other, weight: 1)]),
      ].randomElement(using: &random)!
      // Lengths count for nothing, so that scores tie across segments.
      let ranking = BM25(averageLength: 5, b: 0)
      let k = Int.random(in: 1...20, using: &random)
      var expected: [RankedDocument] = []
      for (ordinal, segment) in documents.enumerated() {
        expected += Self.naive(query, segment, ranking, ordinal: UInt32(ordinal))
      }
      expected.sort(by: RankedDocument.precedes)
      var topK = TopK(k: k)
      var counters = ExecutionCounters()
      for ordinal in documents.indices.shuffled(using: &random) {
        _ = try Execution.execute(
          query.plan(documents[ordinal]), in: documents[ordinal].view, segmentOrdinal: UInt32(ordinal),
          ranking: ranking, into: &topK, counters: &counters)
      }
      try #require(topK.sorted() == Array(expected.prefix(k)))
    }
  }

  @Test func hitsEqualTheDefinition() throws {
    try Property.check("hits equal the definition", seconds: 4) { random in
      let segment = try RandomSegment.random(&random, documentsMax: 60)
      for _ in 0..<10 {
        let query = RandomPlan.random(segment, &random)
        let plan = query.plan(segment)
        for document in 0..<segment.documents.count {
          var expected: [ClosedRange<Int>] = []
          if !segment.deleted[document], query.matches(segment, document) {
            query.addHits(segment, document, &expected)
          }
          let distinct = Set(expected).sorted { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }
          var counters = ExecutionCounters()
          let hits = try Execution.hits(plan, in: segment.view, document: UInt32(document), counters: &counters)
          try #require(hits.map { Int($0.lo)...Int($0.hi) } == distinct, "\(query)")
          for hit in hits {
            try #require(hit.words.allSatisfy { (hit.lo...hit.hi).contains($0.position) })
          }
        }
      }
    }
  }

  @Test func manyFormsAreOneWord() throws {
    try Property.check("a union of many lists counts as one word", seconds: 3) { random in
      let segment = try RandomSegment.random(&random, documentsMax: 20_000)
      let words = (0..<segment.wordCount).filter { _ in Int.random(in: 0..<3, using: &random) > 0 }
      let leaf = WordLeaf(lists: words.compactMap { segment.lists[$0] }, weight: 3)
      let expected = segment.documents.count { $0.contains { $0.contains { words.contains($0) } } }
      try #require(try Execution.documentFrequency(of: leaf, in: segment.view) == UInt64(expected))
    }
  }

  @Test func theBudgetEndsInAnErrorThatNamesTheOperator() throws {
    var random = SplitMix64(seed: 3)
    let documents = (0..<300).map { _ in [(0..<50).map { _ in Int.random(in: 0..<3, using: &random) }] }
    let segment = try RandomSegment(
      documents: documents, wordCount: 3, classCount: 1, deleted: documents.map { _ in false }, size: .small)
    let query = RandomPlan.and([.word(2, weight: 1), .near(5, [0, 1], weight: 1)])
    var topK = TopK(k: 5)
    var counters = ExecutionCounters(budget: PositionBudget(limit: 1_000))
    #expect(throws: ExecutionError.budgetExhausted(unit: 1, operator: .near, node: 0)) {
      try Execution.execute(
        query.plan(segment), in: segment.view, segmentOrdinal: 0, ranking: BM25(averageLength: 50),
        request: ExecutionRequest(counting: .documents), into: &topK, counters: &counters)
    }
  }

  @Test func pruningSkipsMostBlocks() throws {
    // Thirty early documents hold the words often, the others rarely: the rest of the lists must not be read through.
    var random = SplitMix64(seed: 4)
    let documents = (0..<60_000).map { number in
      [(0..<20).map { _ in Int.random(in: 0..<(number < 12_000 && number % 400 == 7 ? 3 : 40), using: &random) }]
    }
    let segment = try RandomSegment(
      documents: documents, wordCount: 40, classCount: 1, deleted: documents.map { _ in false }, size: .large)
    for query: RandomPlan in [
      .word(0, weight: 1), .and([.word(0, weight: 1), .word(1, weight: 1)]), .phrase([0, 1, 2], weight: 1),
      .or([.word(0, weight: 1), .word(1, weight: 1), .word(2, weight: 1)]),
    ] {
      for plan in [query, .and([query, .chosen(seed: 9, parts: 2, run: 1)])] {
        let pruned = try Self.counters(plan, segment, .all)
        let exhaustive = try Self.counters(plan, segment, .none)
        if case .phrase = query {
          // Three rare occurrences bound a block no better than one phrase: it is the frequencies that save the positions.
          #expect(pruned.documentsVerified * 2 < exhaustive.documentsVerified, "\(plan): \(pruned) \(exhaustive)")
          #expect(pruned.positionsDecoded < exhaustive.positionsDecoded, "\(plan): \(pruned) \(exhaustive)")
        } else {
          #expect(pruned.blocksDecoded * 3 < exhaustive.blocksDecoded * 2, "\(plan): \(pruned) \(exhaustive)")
          #expect(pruned.documentsScored * 2 < exhaustive.documentsScored, "\(plan): \(pruned) \(exhaustive)")
        }
      }
    }
  }

  @Test func aWindowOfLongDocumentsFirstLeavesMoreOut() throws {
    // The shorter ones first; a third of the words are words 0 and 1, for which long documents are best.
    var random = SplitMix64(seed: 5)
    let documents = (0..<20_000).map { number in
      let most = Int.random(in: 10...40, using: &random)
      return [
        (0..<4 + number / 20).map { _ in
          Int.random(in: 0..<(Int.random(in: 0..<3, using: &random) == 0 ? 2 : most), using: &random)
        }
      ]
    }
    let segment = try RandomSegment(
      documents: documents, wordCount: 40, classCount: 1, deleted: documents.map { _ in false }, size: .large)
    let averageLength = Float(documents.reduce(0) { $0 + RandomSegment.length($1) }) / Float(documents.count)
    let query = RandomPlan.or([.word(0, weight: 1), .word(1, weight: 1)])
    let with = try Self.counters(query, segment, .all, averageLength: averageLength)
    let without = try Self.counters(
      query, segment, Optimisations.all.subtracting(.longFirst), averageLength: averageLength)
    #expect(with.documentsScored * 10 < without.documentsScored * 9, "\(with) \(without)")
    #expect(with.blocksDecoded * 10 < without.blocksDecoded * 9, "\(with) \(without)")
  }

  private static func counters(
    _ query: RandomPlan, _ segment: RandomSegment, _ optimisations: Optimisations, averageLength: Float = 15
  ) throws -> ExecutionCounters {
    var topK = TopK(k: 10)
    var counters = ExecutionCounters()
    _ = try Execution.execute(
      query.plan(segment), in: segment.view, segmentOrdinal: 0, ranking: BM25(averageLength: averageLength),
      request: ExecutionRequest(optimisations: optimisations), into: &topK, counters: &counters)
    return counters
  }

  // MARK: - Twins

  static func naive(
    _ query: RandomPlan, _ segment: RandomSegment, _ ranking: BM25, ordinal: UInt32 = 0
  ) -> [RankedDocument] {
    var result: [RankedDocument] = []
    for document in segment.documents.indices where !segment.deleted[document] && query.matches(segment, document) {
      var score: Float = 0
      query.addScore(segment, document, ranking, &score)
      result.append(RankedDocument(score: score, segment: ordinal, document: UInt32(document)))
    }
    return result.sorted(by: RankedDocument.precedes)
  }

  static func execute(
    _ query: RandomPlan, _ segment: RandomSegment, _ ranking: BM25, k: Int, _ counting: ExecutionRequest.Counting,
    _ optimisations: Optimisations
  ) throws -> (documents: [RankedDocument], count: Int) {
    var topK = TopK(k: k)
    var counters = ExecutionCounters()
    let count = try Execution.execute(
      query.plan(segment), in: segment.view, segmentOrdinal: 0, ranking: ranking,
      request: ExecutionRequest(counting: counting, optimisations: optimisations), into: &topK, counters: &counters)
    return (topK.sorted(), count)
  }

  /// Parts of the segment in any order, as several cores run them: each finds its own best above the shared floor.
  static func executeInParts(
    _ query: RandomPlan, _ segment: RandomSegment, _ ranking: BM25, k: Int, _ optimisations: Optimisations,
    _ random: inout SplitMix64
  ) throws -> (documents: [RankedDocument], count: Int) {
    let end = DocID(segment.documents.count)
    let starts = stride(from: DocID(0), to: end, by: Int(SegmentView.partMultiple)).shuffled(using: &random)
    let floor = SharedFloor()
    var best = TopK(k: k)
    var count = 0
    for start in starts {
      var topK = TopK(k: k)
      var counters = ExecutionCounters()
      count += try Execution.execute(
        query.plan(segment), in: segment.view.part(start..<min(end, start + SegmentView.partMultiple)), segmentOrdinal: 0,
        ranking: ranking, request: ExecutionRequest(counting: .documents, optimisations: optimisations, sharedFloor: floor),
        into: &topK, counters: &counters)
      for document in topK.sorted() { best.insert(document) }
    }
    return (best.sorted(), count)
  }

  static func collect(
    _ query: RandomPlan, _ segment: RandomSegment, _ ranking: BM25, k: Int, _ optimisations: Optimisations
  ) throws -> (documents: [RankedDocument], set: DocumentSet) {
    var topK = TopK(k: k)
    var counters = ExecutionCounters()
    let set = try Execution.collect(
      query.plan(segment), in: segment.view, segmentOrdinal: 0, ranking: ranking, optimisations: optimisations,
      into: &topK, counters: &counters)
    return (topK.sorted(), set)
  }
}
