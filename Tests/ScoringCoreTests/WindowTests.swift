import Base
import TestSupport
import Testing

@testable import ScoringCore

/// What streams from window to window is what each document says alone.
@Suite struct WindowTests {
  @Test func windowsGiveEveryMatchOnceWithItsHits() throws {
    try Property.check("windows equal documents one by one", seconds: 5) { random in
      let segment = try RandomSegment.random(&random, documentsMax: 300)
      for _ in 0..<10 {
        let plan = RandomPlan.random(segment, &random).plan(segment)
        let (documents, hits) = try Self.streamed(plan, segment, &random)
        var best = TopK(k: .max)
        var counters = ExecutionCounters()
        _ = try Execution.execute(
          plan, in: segment.view, segmentOrdinal: 0, ranking: BM25(averageLength: 10), into: &best, counters: &counters)
        try #require(documents == best.sorted().map(\.document).sorted())
        for (document, found) in zip(documents, hits) {
          let alone = try Execution.hits(plan, in: segment.view, document: document, counters: &counters)
          try #require(found == alone)
        }
      }
    }
  }

  /// Windows of random lengths, each ended early at random.
  private static func streamed(
    _ plan: MatchPlan, _ segment: RandomSegment, _ random: inout SplitMix64
  ) throws -> (documents: [DocID], hits: [[Hit]]) {
    var documents: [DocID] = []
    var all: [[Hit]] = []
    var next: DocID = 0
    while next < DocID(segment.documents.count) {
      var counters = ExecutionCounters()
      let end = next + DocID.random(in: 1...80, using: &random)
      var room = Int.random(in: 1...20, using: &random)
      next = try Execution.forEachMatch(plan, in: segment.view, window: next..<end, counters: &counters) {
        documents.append($0)
        all.append($1)
        room -= 1
        return room > 0
      }
    }
    return (documents, all)
  }

  @Test func theBudgetIsThatOfTheWindow() throws {
    var random = SplitMix64(seed: 7)
    let segment = try RandomSegment.random(&random, documentsMax: 200)
    let word = try #require(segment.lists.compactMap { $0 }.max { $0.documentFrequency < $1.documentFrequency })
    var counters = ExecutionCounters(budget: PositionBudget(limit: 0))
    #expect(throws: ExecutionError.self) {
      _ = try Execution.forEachMatch(
        .words(WordLeaf(lists: [word])), in: segment.view, window: 0..<DocID.max, counters: &counters
      ) { _, _ in true }
    }
  }
}
