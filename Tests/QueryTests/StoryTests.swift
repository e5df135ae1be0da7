import Base
import Index
@testable import Query
import TestSupport
import Testing

/// Near-duplicates collapsed into stories.
@Suite struct StoryTests {
  /// Connected components by comparing each with each until nothing changes.
  private static func naive(_ fingerprints: [UInt64]) -> [Int] {
    var firsts = Array(fingerprints.indices)
    var changes = true
    while changes {
      changes = false
      for a in fingerprints.indices where fingerprints[a] != 0 {
        for b in fingerprints.indices where fingerprints[b] != 0 {
          guard isNear(fingerprints[a], fingerprints[b]), firsts[a] != firsts[b] else { continue }
          let least = min(firsts[a], firsts[b])
          (firsts[a], firsts[b]) = (least, least)
          changes = true
        }
      }
    }
    return firsts
  }

  private static func isNear(_ a: UInt64, _ b: UInt64) -> Bool {
    var agreeing = 0
    for place in 0..<UInt64(16) {
      let difference: UInt64 = (a ^ b) >> (4 * place)
      if difference & 15 == 0 { agreeing += 1 }
    }
    return agreeing >= 12
  }

  /// One place of a fingerprint written anew.
  private static func changed(_ fingerprint: UInt64, _ random: inout SplitMix64) -> UInt64 {
    let place = UInt64.random(in: 0..<16, using: &random)
    let bits = UInt64.random(in: 0..<16, using: &random)
    return fingerprint ^ (bits << (4 * place))
  }

  /// Fingerprints of which many are near others, some equal, some in chains, some none.
  private static func fingerprints(_ count: Int, _ random: inout SplitMix64) -> [UInt64] {
    var all: [UInt64] = []
    while all.count < count {
      guard let base = all.randomElement(using: &random), Int.random(in: 0..<4, using: &random) > 0 else {
        all.append(Int.random(in: 0..<8, using: &random) == 0 ? 0 : random.next())
        continue
      }
      var near = base
      for _ in 0..<Int.random(in: 0...6, using: &random) { near = changed(near, &random) }
      all.append(near)
    }
    return all
  }

  @Test func storiesAreTheComponentsOfTheRelation() throws {
    try Property.check("stories equal the naive components", seconds: 4) { random in
      // Below and above the number from which blocks are used.
      let all = Self.fingerprints(Int.random(in: 1...400, using: &random), &random)
      let stories = NearDuplicates.firstOfStory(all) {}
      try #require(stories == Self.naive(all))
    }
  }

  @Test func theOrderOfDocumentsDoesNotCount() throws {
    try Property.check("stories are a property of the set", seconds: 2) { random in
      let all = Self.fingerprints(300, &random)
      let order = all.indices.shuffled(using: &random)
      let stories = NearDuplicates.firstOfStory(all) {}
      let others = NearDuplicates.firstOfStory(order.map { all[$0] }) {}
      var partners: [Int: Int] = [:]
      for (place, document) in order.enumerated() {
        let story = order[others[place]]
        try #require(partners[stories[document], default: story] == story)
        partners[stories[document]] = story
      }
      try #require(Set(partners.values).count == partners.count)
    }
  }

  @Test func aThousandCopiesOfOneStoryCostAsManyComparisons() throws {
    var random = SplitMix64(seed: 3)
    let base: UInt64 = 0x1234_5678_9ABC_DEF0
    var all: [UInt64] = []
    for _ in 0..<100_000 { all.append(Self.changed(Self.changed(base, &random), &random)) }
    #expect(NearDuplicates.firstOfStory(all) {} == [Int](repeating: 0, count: all.count))
  }

  // MARK: Through the engine

  private static let lead =
    "The ministry of agriculture said on Monday that wheat exports would resume once the ports on the river reopen"
  private static let tail = "after the storm that closed them for nine days and left forty ships waiting outside the bar"

  private static func documents() -> [Document] {
    [
      Document(id: "wire", title: "Wheat exports to resume", body: "\(lead) \(tail).", date: "2019-03-04"),
      Document(id: "daily", title: "WHEAT EXPORTS TO RESUME", body: "\(lead) \(tail)!", date: "2019-03-05"),
      Document(id: "update", title: "Wheat exports to resume", body: "\(lead) \(tail), officials added.", date: "2019-03-02"),
      Document(id: "other", body: "Wheat prices fell in Chicago as traders waited for the crop report.", date: "2019-01-01"),
      Document(id: "silent", body: "wheat"),
    ]
  }

  /// Stories do not depend on how documents lie in segments.
  @Test func collapsesWhateverTheSegments() throws {
    for size in [1, 2, 5] {
      var fixture = try SearchFixture { $0.schema = IndexSchema(keepsFingerprints: true) }
      fixture.engine = SearchEngine(analyzer: fixture.index.analyzer)
      let documents = Self.documents()
      for first in stride(from: 0, to: documents.count, by: size) {
        try fixture.apply(documents[first..<min(first + size, documents.count)].map { .put($0) })
      }
      let answer = try fixture.search("wheat") { $0.collapses = true }
      #expect(answer.totalDocuments == 5)
      #expect(answer.totalStories == 3)
      #expect(answer.results.count == 3)
      let story = try #require(answer.results.first { ["wire", "daily", "update"].contains($0.id) })
      #expect(story.copies == 3)
      #expect(story.firstDate == "2019-03-02T00:00:00Z")
      #expect(answer.results.first { $0.id == "other" }?.copies == 1)
      #expect(answer.warnings.isEmpty)
      // The best of the story is shown, in its place.
      let all = try fixture.ids("wheat")
      let best = all.first { ["wire", "daily", "update"].contains($0) }
      #expect(story.id == best)
      #expect(answer.results.map(\.id) == all.filter { $0 == best || ["other", "silent"].contains($0) })
    }
  }

  @Test func pagesHoldStoriesAndTotalsDocuments() throws {
    let fixture = try SearchFixture { $0.schema = IndexSchema(keepsFingerprints: true) }
    try fixture.apply(Self.documents().map { .put($0) })
    let first = try fixture.search("wheat") {
      $0.collapses = true
      $0.limit = 2
      $0.total = .hits
    }
    #expect(first.results.count == 2)
    #expect(first.nextOffset == 2)
    #expect(first.totalHits == (try fixture.search("wheat") { $0.total = .hits }).totalHits)
    let second = try fixture.search("wheat") {
      $0.collapses = true
      $0.offset = 2
    }
    #expect(second.results.count == 1)
    #expect(second.nextOffset == nil)
    let oldest = try fixture.search("wheat") {
      $0.collapses = true
      $0.order = .date
    }
    #expect(oldest.results.map(\.id) == ["other", "update", "silent"])
  }

  @Test func documentsWithoutFingerprintsStandAlone() throws {
    let fixture = try SearchFixture()
    try fixture.apply(Self.documents().map { .put($0) })
    let answer = try fixture.search("wheat") { $0.collapses = true }
    #expect(answer.totalStories == 5)
    #expect(answer.warnings.map(\.code) == [.noFingerprint])
    #expect(answer.warnings.first?.message.hasPrefix("5 documents have no fingerprint") == true)
  }
}
