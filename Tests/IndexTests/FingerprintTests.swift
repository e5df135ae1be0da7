import Base
import ScoringCore
@testable import Index
import TestSupport
import Testing

/// Fingerprints of texts, and the column that keeps them.
@Suite struct FingerprintTests {
  private static func fingerprint(_ text: String) -> Fingerprint? { Fingerprint([Array(text.utf8)]) }
  private static let story =
    "The ministry said on Monday that wheat exports would resume once the ports reopen after the storm of last week"

  @Test func textsWithoutWordsHaveNone() {
    #expect(Self.fingerprint("") == nil)
    #expect(Self.fingerprint(" \n -- ") == nil)
    #expect(Fingerprint([]) == nil)
  }

  @Test func caseAndPunctuationDoNotCount() {
    let plain = Self.fingerprint(Self.story)
    #expect(plain != nil)
    #expect(Self.fingerprint(Self.story.uppercased()) == plain)
    #expect(Self.fingerprint("  " + Self.story.split(separator: " ").joined(separator: ", ") + "!") == plain)
  }

  /// The bits are on disks: another algorithm wants another column.
  @Test func bitsStandAsTheyAreStored() {
    #expect(Self.fingerprint(Self.story)?.bits == 0x1370_6B53_552B_1820)
    #expect(Self.fingerprint("one")?.bits == 0xC119_CCB6_1D15_B10A)
  }

  @Test func agreementCountsPlaces() throws {
    try Property.check("agreement is the number of equal places", seconds: 1) { random in
      let a = random.next()
      var b = a
      for _ in 0..<Int.random(in: 0...16, using: &random) {
        let place = UInt64.random(in: 0..<16, using: &random)
        b ^= UInt64.random(in: 0..<16, using: &random) << (4 * place)
      }
      var equal = 0
      for place in 0..<UInt64(16) {
        let difference: UInt64 = (a ^ b) >> (4 * place)
        if difference & 15 == 0 { equal += 1 }
      }
      try #require(Fingerprint.agreement(a, b) == equal)
    }
  }

  /// Each place agrees with the probability r + (1 - r) / 16.
  @Test func agreementEstimatesTheResemblance() throws {
    var random = SplitMix64(seed: 7)
    for shared in [0, 50, 80, 95, 100] {
      var agreeing = 0
      var expected = 0.0
      let pairs = 200
      for _ in 0..<pairs {
        let words = (0..<200).map { _ in "w\(random.next() % 1_000_000)" }
        let cut = words.count * shared / 100
        let other = words[..<cut] + (cut..<words.count).map { _ in "w\(random.next() % 1_000_000)" }
        let texts = [words.joined(separator: " "), other.joined(separator: " ")].map { Array($0.utf8) }
        let (a, b) = (try #require(Fingerprint([texts[0]])), try #require(Fingerprint([texts[1]])))
        agreeing += Fingerprint.agreement(a.bits, b.bits)
        let resemblance = Shingles([texts[0]]).resemblance(Shingles([texts[1]]))
        expected += resemblance + (1 - resemblance) / 16
      }
      let share = Double(agreeing) / Double(pairs * Fingerprint.placeCount)
      #expect(abs(share - expected / Double(pairs)) < 0.03, "\(shared) of 100 words shared")
    }
  }

  @Test func mergesCarryTheColumn() throws {
    var fixture = try IndexFixture { $0.schema = IndexSchema(keywordFields: ["lang"]) }
    try fixture.put("old", Self.story)
    try fixture.reopen { $0.schema = IndexSchema(keywordFields: ["lang"], keepsFingerprints: true) }
    for number in 0..<20 { try fixture.put("d\(number)", "\(Self.story) \(number) \(number * number)") }
    try fixture.put("silent", "--")
    try fixture.put("d3", "quite another text than the one before it")
    let before = try Self.fingerprints(fixture.index.snapshot())
    #expect(before.count == 22)
    #expect(before["old"] == .some(nil))
    #expect(before["silent"] == .some(nil))
    #expect(before["d3"] == Self.fingerprint("quite another text than the one before it"))
    #expect(before["d4"] == Self.fingerprint("\(Self.story) 4 16"))
    while try fixture.index.mergeOnce() {}
    #expect(try Self.fingerprints(fixture.index.snapshot()) == before)
    try fixture.index.compact()
    try fixture.reopen()
    #expect(try Self.fingerprints(fixture.index.snapshot()) == before)
    #expect(fixture.index.snapshot().schema.keepsFingerprints)
    #expect(fixture.index.verify().damage == [])
  }

  @Test func titleAndBodyBothCount() {
    let document = Document(id: "a", title: "Storm closes ports", body: Self.story)
    #expect(Fingerprint(document.texts.map(\.text)) != Self.fingerprint(Self.story))
  }

  private static func fingerprints(_ snapshot: Snapshot) throws -> [String: Fingerprint?] {
    var found: [String: Fingerprint?] = [:]
    for segment in snapshot.segments {
      for document in 0..<DocID(segment.documentCount) where !segment.isDeleted(document) {
        found[try segment.identifier(document)] = .some(try segment.fingerprint(document))
      }
    }
    return found
  }
}
