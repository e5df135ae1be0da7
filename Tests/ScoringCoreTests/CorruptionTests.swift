import Base
import TestSupport
import Testing

@testable import ScoringCore

/// Damaged bytes end in an error or in a wrong answer, never in a crash or a read outside the segment.
@Suite struct CorruptionTests {
  @Test func damagedSegmentsNeverCrash() throws {
    try Property.check("damaged segments are survived", seconds: 6) { random in
      let segment = try RandomSegment.random(&random)
      let count = segment.extents.byteCount
      for _ in 0..<30 {
        let damage = (0..<Int.random(in: 1...20, using: &random)).map { _ in
          (Int.random(in: 0..<min(count, 40_000), using: &random), UInt8.random(in: 0...255, using: &random))
        }
        let before = damage.map { segment.extents[$0.0] }
        for (address, value) in damage { segment.extents[address] = value }
        let query = RandomPlan.random(segment, &random)
        for counting: ExecutionRequest.Counting in [.none, .documents] {
          _ = try? ExecutionTests.execute(query, segment, BM25(averageLength: 10), k: 10, counting, .all)
          _ = try? ExecutionTests.execute(query, segment, BM25(averageLength: 10), k: 10, counting, .none)
        }
        for (i, value) in zip(damage, before).reversed() { segment.extents[i.0] = value }
      }
    }
  }

  /// Merging encodes what it reads, and the encoder traps on what does not ascend.
  @Test func damagedListsAreNotMerged() throws {
    try Property.check("merging damaged lists is survived", seconds: 4) { random in
      let segment = try RandomSegment.random(&random, documentsMax: 400)
      let lists = segment.lists.compactMap { $0 }
      for _ in 0..<40 {
        let damage = (0..<Int.random(in: 1...6, using: &random)).map { _ in
          (Int.random(in: 0..<min(segment.extents.byteCount, 8_000), using: &random), UInt8.random(in: 0...255, using: &random))
        }
        let before = damage.map { segment.extents[$0.0] }
        for (address, value) in damage { segment.extents[address] = value }
        let chosen = Array(lists.shuffled(using: &random).prefix(Int.random(in: 2...6, using: &random)))
        if let merged = try? ListMerger.merge(chosen, in: segment.view) {
          Self.readAll(merged.reference, merged.extents, documentCount: segment.view.documentCount)
        }
        for (i, value) in zip(damage, before).reversed() { segment.extents[i.0] = value }
      }
    }
  }

  @Test func damagedListsNeverCrash() throws {
    try Property.check("damaged lists are survived", seconds: 4) { random in
      let postings = PostingListTests.randomPostings(&random)
      let (reference, extents, documentCount) = try PostingListTests.write(postings, withPositions: true, &random)
      let map = extents.map()
      for _ in 0..<20 {
        let address = Int.random(in: 0..<extents.byteCount, using: &random)
        let before = extents[address]
        extents[address] = UInt8.random(in: 0...255, using: &random)
        Self.readAll(reference, map, documentCount: documentCount)
        extents[address] = before
      }
    }
  }

  /// A block's frequencies that are not there were found out in the middle of the block: the list then stood on its old
  /// documents again, and a merged union walked it for ever.
  @Test func aDamagedFrequencyWidthEndsTheList() throws {
    var random = SplitMix64(seed: 11)
    let postings = (0..<512).map { i in
      PostingListTests.Posting(document: UInt32(3 * i), positions: [1, 5, UInt32(7 + i % 3)], norm: 20)
    }
    let (reference, extents, documentCount) = try PostingListTests.write(postings, withPositions: true, &random)
    let map = extents.map()
    for address in 0..<min(extents.byteCount, 1 << 16) {
      let before = extents[address]
      extents[address] = 63  // As a width it is none.
      let found = Self.walkFrequencies(reference, map, documentCount: documentCount)
      #expect(found.documents <= postings.count && found.isWhole)
      extents[address] = before
    }
  }

  /// Documents that a list hands out until its end or an error, at most 1,000; and whether each had a frequency.
  private static func walkFrequencies(
    _ reference: PostingListReference, _ map: ExtentMap, documentCount: UInt32
  ) -> (documents: Int, isWhole: Bool) {
    guard var walk = try? PostingWalk(reference, extents: map, documentCount: documentCount) else { return (0, true) }
    var documents = 0
    while documents < 1_000, let document = try? walk.next(), document != .terminated {
      documents += 1
      if (try? walk.frequency()) == nil { return (documents, false) }
    }
    return (documents, true)
  }

  @Test func randomPayloadsNeverCrash() throws {
    try Property.check("random payloads are survived", seconds: 2) { random in
      let (_, extents, _) = try PostingListTests.write(
        PostingListTests.randomPostings(&random), withPositions: true, &random)
      let map = extents.map()
      for _ in 0..<50 {
        let payload = (0..<Int.random(in: 0...36, using: &random)).map { _ in
          Bool.random(using: &random) ? UInt8.random(in: 0...255, using: &random) : UInt8.random(in: 0...9, using: &random)
        }
        guard let reference = try? PostingListReference(payload, withPositions: Bool.random(using: &random)) else {
          continue
        }
        Self.readAll(reference, map, documentCount: UInt32.random(in: 1...20_000, using: &random))
      }
    }
  }

  /// Reads until the end or the first error; documents stay below the segment's number.
  private static func readAll(_ reference: PostingListReference, _ map: ExtentMap, documentCount: UInt32) {
    guard var cursor = try? PostingWalk(reference, extents: map, documentCount: documentCount) else { return }
    var positions: [UInt32] = []
    do {
      while try cursor.next() != .terminated {
        #expect(cursor.document < documentCount)
        try cursor.positions(into: &positions)
        #expect(zip(positions, positions.dropFirst()).allSatisfy { $0 < $1 })
      }
    } catch {
      // The damage was found.
    }
  }
}
