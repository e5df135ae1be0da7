import Base
import ScoringCore
import TestSupport
import Testing

@testable import Index

/// What queries are told of stems: the same as the dictionary tells, however often and by however many it is asked.
@Suite struct StemCacheTests {
  private static let stems = ["run", "walk", "charli", "strike", "nowher", "citi"].map { [UInt8]($0.utf8) }
  private static let words = [
    "run", "runs", "running", "walk", "walked", "walks", "charlie", "charlies", "strike", "strikes", "striking", "city",
    "cities", "the",
  ]

  private static func fill(_ fixture: IndexFixture, _ random: inout SplitMix64, batches: Int = 1) throws {
    for batch in 0..<batches {
      _ = try fixture.index.apply(
        (0..<Int.random(in: 1...200, using: &random)).map { number in
          let body = (0..<Int.random(in: 1...30, using: &random)).map { _ in words.randomElement(using: &random)! }
          return .put(Document(id: "\(batch)-\(number)", title: nil, body: body.joined(separator: " "), date: nil))
        })
    }
  }

  @Test func whatIsAskedAgainIsMerged() throws {
    var random = SplitMix64(seed: 3)
    let fixture = try IndexFixture()
    try Self.fill(fixture, &random)
    let segment = fixture.index.snapshot().segments[0]
    let stem = Self.stems[0]
    #expect(try segment.stemClass(stem)?.merged == nil)
    let merged = try #require(try segment.stemClass(stem)?.merged)
    #expect(try segment.stemClass(stem)?.merged === merged)
    #expect(fixture.index.stems.bytes > 0)
    // A commit beside it leaves the segment and what is known of it.
    try fixture.put("another", "runs")
    #expect(try fixture.index.snapshot().segments[0].stemClass(stem)?.merged === merged)
    // Of one form there is nothing to merge.
    let alone = fixture.index.snapshot().segments[1]
    for _ in 0..<3 { #expect(try alone.stemClass(stem)?.merged == nil) }
  }

  @Test func answersAreThoseOfTheDictionaryWhateverTheRoom() throws {
    try Property.check("stem classes", seconds: 3) { random in
      let bytes = [0, 500, 6_000, 60_000, 32 << 20].randomElement(using: &random)!
      let fixture = try IndexFixture { $0.stemCacheBytes = bytes }
      try Self.fill(fixture, &random, batches: 3)
      for _ in 0..<60 {
        let stem = Self.stems.randomElement(using: &random)!
        for segment in fixture.index.snapshot().segments { try Self.compare(stem, segment) }
        try #require((0...bytes).contains(fixture.index.stems.bytes))
      }
    }
  }

  @Test func manyMayAskAtOnce() async throws {
    var random = SplitMix64(seed: 5)
    let fixture = try IndexFixture { $0.stemCacheBytes = 40_000 }
    try Self.fill(fixture, &random, batches: 4)
    let snapshot = fixture.index.snapshot()
    try await withThrowingTaskGroup { group in
      for task in 0..<8 {
        group.addTask {
          for round in 0..<200 {
            let stem = Self.stems[(task + round) % Self.stems.count]
            for segment in snapshot.segments { try Self.compare(stem, segment) }
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(fixture.index.stems.bytes <= 40_000)
  }

  @Test func segmentsThatGoGiveTheirRoomBack() throws {
    var random = SplitMix64(seed: 9)
    let fixture = try IndexFixture()
    try Self.fill(fixture, &random)
    for _ in 0..<2 { for stem in Self.stems { _ = try fixture.index.snapshot().segments[0].stemClass(stem) } }
    #expect(fixture.index.stems.bytes > 0)
    try fixture.put("another", "walk")
    try fixture.index.compact()
    #expect(fixture.index.stems.bytes == 0)
  }

  /// What one segment has not asked for lately makes room for what another asks for.
  @Test func aSegmentWithoutRoomIsGivenSome() throws {
    var random = SplitMix64(seed: 13)
    let fixture = try IndexFixture { $0.stemCacheBytes = 9_000 }
    try Self.fill(fixture, &random, batches: 2)
    let (first, second) = (fixture.index.snapshot().segments[0], fixture.index.snapshot().segments[1])
    for stem in Self.stems { _ = try first.stemClass(stem) }
    let before = fixture.index.stems.shortages
    for _ in 0..<8 { for stem in Self.stems { _ = try second.stemClass(stem) } }
    #expect(fixture.index.stems.shortages > before)
    for _ in 0..<2 { _ = try first.stemClass(Self.stems[0]) }
    for _ in 0..<3 { _ = try second.stemClass(Self.stems[1]) }
    guard case .unknown = second.body.stems.find(Self.stems[1]) else { return }
    Issue.record("the second segment has found no room")
  }

  /// The twin is the dictionary.
  private static func compare(_ stem: [UInt8], _ segment: Segment) throws {
    let expected = try segment.lookupClass(stem)
    let found = try segment.stemClass(stem)
    try #require(found?.lists == expected?.lists && found?.documentFrequency == expected?.documentFrequency)
    try #require(found?.forms.map(\.form) == expected?.forms.map(\.form) && found?.classList == expected?.classList)
    guard let merged = found?.merged, let expected else { return }
    try #require(merged.documentFrequency == expected.documentFrequency)
    try #require(merged.totalFrequency == expected.lists.reduce(0) { $0 + $1.totalFrequency })
  }
}
