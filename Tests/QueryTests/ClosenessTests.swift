import Base
import Index
import Query
import TestSupport
import Testing

/// Moving words closer never lowers the score (semantics.md, Ranking), through the whole engine.
struct ClosenessTests {
  /// Forms whose words stand once each; the last two hold for any number of them.
  private static let queries = [
    "alpha NEAR/20 bravo", "alpha PRE/20 bravo", "alpha BEFORE bravo", "\"alpha bravo charlie\"~20",
    "NEAR/30(alpha, bravo, charlie)", "alpha SENT bravo", "alpha PARA bravo", "(alpha NEAR/9 bravo) NEAR/9 charlie",
    "(alpha NEAR/12 bravo) BEFORE (charlie|delta)", "\"alpha bravo\" NEAR/20 charlie",
    "(alpha NEAR/20 bravo) OR (charlie PRE/10 delta)", "(alpha NEAR/20 bravo)^2 (charlie NEAR/20 delta)",
    "alpha NEAR/8 bravo", "alpha PRE/8 bravo",
  ]

  @Test func closerWordsNeverScoreLess() throws {
    let fixture = try SearchFixture()
    var compared = 0
    var rises = 0
    try Property.check("closer words never score less") { random in
      let number = Int.random(in: 0..<Self.queries.count, using: &random)
      var text = Array(repeating: "zulu", count: Int.random(in: 8...40, using: &random))
      let isOnce = number < Self.queries.count - 2
      for word in ["alpha", "bravo", "charlie", "delta"] {
        for _ in 0..<(isOnce ? 1 : Int.random(in: 1...3, using: &random)) {
          text.insert(word, at: Int.random(in: 0...text.count, using: &random))
        }
      }
      // A word between others goes to the end: what is behind it moves up, and the length stays.
      let gaps = text.indices.filter { text[$0] == "zulu" }
      var closer = text
      closer.append(closer.remove(at: gaps[Int.random(in: 0..<gaps.count, using: &random)]))
      try fixture.apply([
        .put(Document(id: "far", body: text.joined(separator: " "))),
        .put(Document(id: "near", body: closer.joined(separator: " "))),
      ])
      let found = try fixture.search(Self.queries[number]).results
      let scores = Dictionary(uniqueKeysWithValues: found.map { ($0.id, $0.score) })
      guard let far = scores["far"] else { return }
      let near = try #require(scores["near"], "\(Self.queries[number]): \(text)")
      try #require(near >= far, "\(Self.queries[number]): \(text), then \(closer)")
      compared += 1
      if near > far { rises += 1 }
    }
    #expect(rises > 0, "\(compared) pairs match")
  }
}
