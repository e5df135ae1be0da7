import Base
import TestSupport
import Testing

/// Answers that were worked out by hand, for the engine that all others are compared with.
@Suite("Naive engine")
struct NaiveEngineTests {
  private static let vocabulary = Vocabulary(families: [["walk", "walks"], ["raqqa"], ["town"], ["the"]])

  private static func document(_ id: String, _ bodies: String...) -> NaiveDocument {
    NaiveDocument(
      id: id,
      values: bodies.map { body in
        NaiveDocument.Value(
          field: "body",
          positions: body.split(separator: " ").map { word in
            word.hasSuffix("'s") ? [String(word), String(word.dropLast(2))] : [String(word)]
          })
      })
  }

  private static let engine = NaiveEngine(
    documents: [
      document("a", "raqqa walks the town the walk"),
      document("b", "the town walk raqqa's town"),
      document("c", "raqqa", "town"),
      document("d", ""),
    ], vocabulary: vocabulary)

  private func hits(_ query: NaiveQuery, _ number: Int) -> [[Int]] {
    Self.engine.hits(query, Self.engine.documents[number]).map { [$0.value, $0.lo, $0.hi] }
  }

  private func ids(_ query: NaiveQuery) -> [String] { Self.engine.search(query).map(\.id) }

  @Test("Words, stems and possessives")
  func words() {
    #expect(ids(.exact("walk")) == ["a", "b"])
    #expect(ids(.exact("walks")) == ["a"])
    #expect(hits(.stem("walk"), 0) == [[0, 1, 1], [0, 5, 5]])
    #expect(ids(.exact("raqqa")) == ["a", "b", "c"])
    #expect(ids(.exact("raqqa's")) == ["b"])
    #expect(ids(.stem("raqqa")) == ["a", "b", "c"])
  }

  @Test("Boolean operators")
  func boolean() {
    #expect(ids(.and([.exact("walk"), .exact("raqqa's")])) == ["b"])
    #expect(ids(.or([.exact("walks"), .exact("raqqa's")])) == ["a", "b"])
    #expect(ids(.andNot(.exact("raqqa"), .exact("walk"))) == ["c"])
    #expect(hits(.and([.exact("walks"), .exact("town")]), 0) == [[0, 1, 1], [0, 3, 3]])
  }

  @Test("Phrases")
  func phrases() {
    #expect(hits(.phrase(["the", "town"]), 0) == [[0, 2, 3]])
    #expect(hits(.phrase(["the", nil, "the"]), 0) == [[0, 2, 4]])
    #expect(hits(.phrase(["walk", "raqqa"]), 1) == [[0, 2, 3]])
    #expect(hits(.loosePhrase(["town", "raqqa"], extra: 1), 1) == [[0, 1, 3], [0, 3, 4]])
  }

  @Test("Proximity: distance, order, minimal hulls, no crossing of values")
  func proximity() {
    let near = { NaiveQuery.near(0...$0, .exact("the"), .stem("walk")) }
    #expect(hits(near(1), 0) == [[0, 1, 2], [0, 4, 5]])
    // the(2) … walk(5) holds the(4) … walk(5), and walks(1) … the(4) holds walks(1) … the(2).
    #expect(hits(near(3), 0) == [[0, 1, 2], [0, 4, 5]])
    #expect(hits(.precedes(0...3, .exact("the"), .stem("walk")), 0) == [[0, 4, 5]])
    #expect(ids(.near(0...50, .exact("raqqa"), .exact("town"))) == ["a", "b"])
    #expect(ids(.near(4...4, .exact("town"), .exact("raqqa"))).isEmpty)
    #expect(hits(.near(0...9, .exact("town"), .exact("town")), 1) == [[0, 1, 4]])
    #expect(ids(.near(0...9, .exact("walks"), .exact("walks"))).isEmpty)
    #expect(hits(.window(3, [.exact("town"), .exact("walk"), .exact("raqqa")]), 1) == [[0, 1, 3], [0, 2, 4]])
  }

  @Test("Fields")
  func fields() {
    #expect(ids(.field("body", .exact("walks"))) == ["a"])
    #expect(ids(.field("title", .exact("walks"))).isEmpty)
  }

  @Test("Scores follow the formula, ties the order of documents")
  func scores() throws {
    let found = Self.engine.search(.exact("walks"))
    // N = 4, df = 1: idf = ln(1 + 3.5 / 1.5); 13 words in 4 documents.
    let expected = 1.203972804 * 2.2 / (1 + 1.2 * (0.25 + 0.75 * 6 / 3.25))
    #expect(abs(try #require(found.first).score - expected) < 1e-6)
    let closer = Self.engine.search(.near(0...4, .exact("raqqa"), .exact("town")))
    #expect(closer.count == 2 && closer[1].score > closer[0].score)
    #expect(Self.engine.top(2, .exact("raqqa")).map(\.id) == ["c", "b"])
  }

  @Test("Lengths as one byte holds them")
  func representableLengths() {
    for (length, kept) in [(0, 0), (39, 39), (40, 40), (41, 40), (55, 54), (56, 56), (57, 56), (60, 60), (1_000, 984)] {
      #expect(NaiveRanking.representable(length) == kept)
    }
  }

  @Test("Generated documents: the text says what the tokens say")
  func generator() throws {
    try Property.check("text and tokens of generated documents agree", seconds: 0.2) { random in
      let document = DocumentGenerator(bodyWords: 0...40).document(id: "x", using: &random)
      try #require(document.texts.count == document.naive.values.count)
      for (text, value) in zip(document.texts, document.naive.values) {
        let straight = String(text.text.lowercased().map { $0 == "’" ? "'" : $0 })
        let words = straight.split { !$0.isLetter && !$0.isNumber && $0 != "'" }.map(String.init)
        let forms = value.positions.map { $0[0] }
        try #require(words == forms, "\(text.text)")
      }
    }
  }

  @Test("Generated queries have answers and a spelling")
  func queries() throws {
    try Property.check("queries are answered", seconds: 0.5) { random in
      let documents = DocumentGenerator(vocabulary: .dense, bodyWords: 0...15).documents(4, using: &random)
      let engine = NaiveEngine(documents: documents.map(\.naive), vocabulary: .dense)
      var generator = QueryGenerator(vocabulary: .dense)
      generator.proximityDepth = 1
      let query = generator.query(using: &random)
      for match in engine.search(query) {
        try #require(match.score > 0, "\(query.text)")
        try #require(!match.hits.isEmpty && match.hits == match.hits.sorted(), "\(query.text)")
      }
    }
  }

  @Test("A failing property names its seed, and the seed alone repeats the case")
  func properties() throws {
    var seen: [UInt64] = []
    let failure = #expect(throws: PropertyFailure.self) {
      try Property.check("numbers stay small (meant to fail)", seconds: 5) { random in
        seen.append(random.next() % 100)
        if seen.last! > 90 { throw WrongNumber() }
      }
    }
    var random = SplitMix64(seed: try #require(failure).seed)
    #expect(random.next() % 100 == seen.last)
  }

  private struct WrongNumber: Error {}
}
