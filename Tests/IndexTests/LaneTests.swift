import Base
@testable import Index
import ScoringCore
import TestSupport
import Testing

/// Indexing on several cores against indexing on one.
@Suite struct LaneTests {
  private static let vocabulary = (0..<30_000).map { "w\($0 * 7_919 % 30_000)x" }

  /// Some megabytes of text, so that several lanes get some: common words, rare ones, names that stem, columns, dates.
  private static func operations(_ count: Int, _ random: inout SplitMix64) -> [IndexOperation] {
    (0..<count).map { number in
      if Int.random(in: 0..<20, using: &random) == 0 {
        return .delete(id: "d\(Int.random(in: 0...number, using: &random))")
      }
      var words: [String] = []
      for _ in 0..<Int.random(in: 0..<1_500, using: &random) {
        let isCommon = Int.random(in: 0..<3, using: &random) == 0
        words.append(
          isCommon
            ? ["the", "of", "running", "runs", "iraq's", "U.S.", "Über"].randomElement(using: &random)!
            : vocabulary[Int.random(in: 0..<vocabulary.count, using: &random)])
      }
      let id = Int.random(in: 0..<10, using: &random) == 0 ? "d\(number / 2)" : "d\(number)"
      let source = ["reuters", "ap", "afp"].randomElement(using: &random)!
      var document = Document(id: id, title: "Title \(number)", body: words.joined(separator: " "))
      document.date = number % 3 == 0 ? "2016-10-\(10 + number % 20)" : nil
      document.extras = number % 5 == 0 ? [] : [.init(name: "source", json: Array("\"\(source)\"".utf8))]
      return .put(document)
    }
  }

  private static func fixture(threads: Int, bufferBytes: Int = 96 << 20) throws -> IndexFixture {
    try IndexFixture { options in
      options.indexingThreads = threads
      options.bufferBytes = bufferBytes
      options.schema = IndexSchema(keywordFields: ["source"], numberFields: [], dateFields: [])
      options.phraseLayer = PhraseLayer(words: 5, segmentWordsMin: 1_000)
    }
  }

  private static func bytes(_ segment: Segment) throws -> [UInt8] {
    let memory = segment.body.memory
    return try memory.copyBytes(at: 0, count: Int(memory.extents.byteCount))
  }

  @Test func aSegmentIsTheSameForAnyNumberOfLanes() throws {
    try Property.check("lanes equal one thread", seconds: 4) { random in
      let operations = Self.operations(Int.random(in: 200...900, using: &random), &random)
      let threads = Int.random(in: 2...5, using: &random)
      let one = try Self.fixture(threads: 1)
      let several = try Self.fixture(threads: threads)
      let outcomes = try one.index.apply(operations)
      try #require(try several.index.apply(operations) == outcomes)
      let expected = one.index.snapshot()
      let found = several.index.snapshot()
      try #require(found.segments.count == 1 && expected.segments.count == 1)
      try #require(try Self.bytes(found.segments[0]) == Self.bytes(expected.segments[0]), "\(threads) lanes")
      try #require(several.index.verify().damage == [])
    }
  }

  @Test func fullBuffersBecomeSegmentsOfOneCommit() throws {
    var random = SplitMix64(seed: 7)
    let operations = Self.operations(600, &random)
    let one = try Self.fixture(threads: 1)
    let several = try Self.fixture(threads: 3, bufferBytes: 1 << 20)
    let generation = several.index.snapshot().generation
    try #require(try several.index.apply(operations) == one.index.apply(operations))
    let (expected, found) = (one.index.snapshot(), several.index.snapshot())
    #expect(found.segments.count > 1)
    #expect(found.generation == generation + 1)
    #expect(try found.identities() == expected.identities())
    for form in ["running", "iraq", "us", "w7x"] {
      #expect(try found.identities(holding: form) == expected.identities(holding: form))
    }
    #expect(several.index.verify().damage == [])
    try several.index.compact()
    #expect(several.index.snapshot().segments.count == 1)
    #expect(try several.index.snapshot().identities() == expected.identities())
  }

  @Test func runsCoverAllDocumentsInOrder() throws {
    try Property.check("runs cover all documents") { random in
      let bytes = (0..<Int.random(in: 1...200, using: &random)).map { _ in
        Int.random(in: 0...5, using: &random) == 0 ? Int.random(in: 0...(8 << 20), using: &random) : 0
      }
      let most = Int.random(in: 1...9, using: &random)
      let runs = IndexingLanes.runs(bytes, most: most)
      try #require(runs.count <= most && !runs.isEmpty)
      try #require(runs.allSatisfy { !$0.isEmpty })
      try #require(runs.flatMap { Array($0) } == Array(bytes.indices))
    }
  }
}
