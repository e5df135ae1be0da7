import Base
import TestSupport
import Testing

@testable import ScoringCore

/// Merged lists beside the documents that they are about.
@Suite struct MergedListTests {
  @Test func aMergedListIsTheUnionOfItsLists() throws {
    try Property.check("merged lists", seconds: 3) { random in
      let segment = try RandomSegment.random(&random, documentsMax: 600)
      let words = (0..<segment.wordCount).filter { segment.lists[$0] != nil }.shuffled(using: &random)
      let chosen = Array(words.prefix(Int.random(in: 2...8, using: &random)))
      try Self.compare(chosen, segment)
    }
  }

  @Test func aListOfSeveralPagesIsTheUnionToo() throws {
    var random = SplitMix64(seed: 7)
    let documents = (0..<30_000).map { _ in [(0..<20).map { _ in Int.random(in: 0..<4, using: &random) }] }
    let segment = try RandomSegment(
      documents: documents, wordCount: 4, classCount: 2, deleted: documents.map { _ in false }, size: .large)
    try Self.compare([0, 1, 2], segment)
    let merged = try #require(try ListMerger.merge([0, 1, 2].compactMap { segment.lists[$0] }, in: segment.view))
    #expect(merged.extents.extentCount > 1)
  }

  @Test func whatIsNoUnionOfSeveralIsNotMade() throws {
    var random = SplitMix64(seed: 11)
    let segment = try RandomSegment.random(&random, documentsMax: 100)
    let list = try #require(segment.lists.compactMap { $0 }.first)
    #expect(try ListMerger.merge([list], in: segment.view) == nil)
    #expect(try ListMerger.merge([], in: segment.view) == nil)
    // Both hold each of their positions.
    #expect(try ListMerger.merge([list, list], in: segment.view) == nil)
    let many = [PostingListReference](repeating: list, count: ListMerger.listsMax + 1)
    #expect(try ListMerger.merge(many, in: segment.view) == nil)
  }

  /// The twin: what the documents themselves say of the words.
  private static func compare(_ words: [Int], _ segment: RandomSegment) throws {
    let lists = words.compactMap { segment.lists[$0] }
    guard lists.count > 1 else { return }
    let merged = try #require(try ListMerger.merge(lists, in: segment.view))
    let accepted = Set(words)
    var walk = try PostingWalk(
      merged.reference, extents: merged.extents, documentCount: segment.view.documentCount)
    var (documentFrequency, totalFrequency) = (UInt32(0), UInt64(0))
    var found: [UInt32] = []
    for document in segment.documents.indices {
      let expected = segment.positions(document).enumerated()
        .compactMap { position, word in word.map(accepted.contains) == true ? UInt32(position) : nil }
      guard !expected.isEmpty else { continue }
      documentFrequency += 1
      totalFrequency += UInt64(expected.count)
      try #require(try walk.next() == DocID(document))
      try #require(try walk.frequency() == UInt32(expected.count))
      try walk.positions(into: &found)
      try #require(found == expected, "positions of document \(document)")
    }
    #expect(try walk.next() == .terminated)
    #expect(merged.documentFrequency == documentFrequency && merged.totalFrequency == totalFrequency)
  }
}
