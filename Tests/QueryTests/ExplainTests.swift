import Base
import Index
import Query
import TestSupport
import Testing

/// Why a document matches or not.
struct ExplainTests {
  private let fixture: SearchFixture

  init() throws {
    fixture = try SearchFixture()
    // 0 air 1 strike 2 hit 3 raqqa | 4 few 5 civilians 6 saw 7 the 8 strike || 9 nobody 10 left
    try fixture.put(
      "a", "Air strike hit Raqqa. Few civilians saw the strike.\n\nNobody left.", title: "War in Syria",
      date: "2016-10-28")
    try fixture.put("b", "Raqqa, Raqqa and again Raqqa.", date: "2017-01-01")
  }

  private func explain(_ query: String, _ id: String = "a") throws -> Explanation {
    try #require(try fixture.engine.explain(SearchRequest(query: query), id: id, in: fixture.index.snapshot()))
  }

  @Test(arguments: [
    ("hit NEAR/2 civilians", "closest: 3 words apart, you asked at most 2 words", 3),
    ("hit NEAR/5..9 civilians", "closest: 3 words apart, you asked 5 to 9 words", 3),
    ("strike NEAR/2..2 hit", "closest: 1 word apart, you asked exactly 2 words", 1),
    ("raqqa PRE/1 civilians", "closest in this order: 2 words apart, you asked at most 1 word", 2),
    ("civilians PRE/9 raqqa", "only in the other order; closest: 2 words apart", 2),
    ("nobody BEFORE raqqa", "only in the other order; closest: 6 words apart", 6),
    ("air SENT civilians", "closest: 1 sentence apart", 1),
    ("air SENT nobody", "closest: 2 sentences apart", 2),
    ("strike PARA nobody", "closest: 1 paragraph apart", 1),
    ("NEAR/3(air, raqqa, civilians)", "closest: within 5 words, you asked 3", 5),
    ("\"air raqqa\"~1", "closest: 2 words more between, you asked 1", 2),
    (
      "\"air raqqa\"",
      "all words are there, but not in these places; closest: in any order with 2 words more between", 2
    ),
    (
      "raqqa NOT NEAR/9 civilians",
      "every place is near one to be avoided; the clearest: 2 words away, you asked more than 9", 2
    ),
  ])
  func sayWhatCameClosest(_ query: String, _ note: String, _ distance: Int) throws {
    let explanation = try explain(query)
    #expect(!explanation.matches && explanation.score == 0 && explanation.parts == [])
    #expect(explanation.root.note == note)
    #expect(explanation.root.closest?.distance == distance)
    let missing = explanation.root.children.filter { !$0.matches }
    #expect(missing == [])
  }

  @Test func operandsThatAreNeverTogetherSayWhy() throws {
    #expect(try explain("syria NEAR/5 civilians").root.note == "never in one field together")
    let shared = try #require(try explain("civilians NEAR/5 civilians").root.note)
    #expect(shared.contains("sharing words"))
    #expect(try explain("title:civilians").root.note == "1 hit in other fields")
    #expect(try explain("\"air missile\"").root.note == "not all of its words are there")
    #expect(try explain("civilians NEAR/5 missile").root.children.map(\.matches) == [true, false])
  }

  @Test func filtersShowTheDocumentsValue() throws {
    let explanation = try explain("raqqa date:2017")
    #expect(explanation.root.children.map(\.matches) == [true, false])
    #expect(explanation.root.children[1].note == "the document's date is 2016-10-28")
    #expect(try explain("raqqa NOT civilians").root.children[1].note == "excluded, since this is there")
  }

  @Test func aWholeExplanationAsText() throws {
    #expect(
      try explain("(raqqa NEAR/1 civilians) OR missile").text() == """
        a does not match
        no   OR
        no     NEAR/1  closest: 2 words apart, you asked at most 1 word
        yes      raqqa  1 hit
        yes      civilians  1 hit
        no     missile

        """)
    let matching = try explain("\"air strike\"^2").text()
    let tree = "a matches\nyes  \"air strike\"  1 hit\nyes    \"air\"  1 hit\nyes    \"strike\"  2 hits\nscore "
    #expect(matching.hasPrefix(tree))
  }

  @Test func unknownDocumentsHaveNoExplanation() throws {
    let none = try fixture.engine.explain(SearchRequest(query: "a"), id: "nobody", in: fixture.index.snapshot())
    #expect(none == nil)
    #expect(throws: SearchError.self) {
      try fixture.engine.explain(SearchRequest(query: "a AND"), id: "a", in: fixture.index.snapshot())
    }
  }

  @Test func theObjectHasItsShape() throws {
    let json = String(decoding: try explain("hit NEAR/2 civilians").json(), as: UTF8.self)
    #expect(json.contains(#""matches":false,"score":0.0"#) || json.contains(#""matches":false,"score":0"#))
    #expect(json.contains(#""closest":{"distance":3,"unit":"words"}"#))
    #expect(json.contains(#""parts":[{"part":"hit","bytes":[0,3],"matches":true,"hits":1}"#))
  }

  /// Random queries: the same documents, hits and scores as the search, and parts that add up to the last bit.
  @Test func explanationsAgreeWithTheSearch() throws {
    try Property.check("explanations agree with the search", seconds: 3) { random in
      let fixture = try SearchFixture()
      let documents = DocumentGenerator().documents(Int.random(in: 1...12, using: &random), using: &random)
      for part in 0..<3 {
        try fixture.apply(
          documents.enumerated().filter { $0.offset % 3 == part }.map { .put(Self.document($0.element)) })
      }
      let snapshot = fixture.index.snapshot()
      for _ in 0..<8 {
        let query = QueryGenerator().query(using: &random).text
        let answer = try fixture.search(query) { $0.limit = 0 }
        for document in documents {
          let explanation = try #require(
            try fixture.engine.explain(SearchRequest(query: query), id: document.id, in: snapshot))
          let found = answer.results.first { $0.id == document.id }
          try #require(explanation.matches == (found != nil), "\(query)")
          try #require(explanation.root.matches == explanation.matches, "\(query)")
          try #require(explanation.score == found?.score ?? 0, "\(query)")
          try #require(explanation.root.hits ?? 0 == found?.hitCount ?? 0, "\(query)")
          var sum: Float = 0
          for part in explanation.parts { sum += part.score }
          try #require(sum == explanation.score, "\(query): parts")
          for part in explanation.parts { try #require(part.frequency > 0 && part.score > 0, "\(query)") }
        }
      }
    }
  }

  private static func document(_ generated: GeneratedDocument) -> Document {
    Document(
      id: generated.id,
      texts: generated.texts.map { Document.TextValue(field: $0.field, text: Array($0.text.utf8)) })
  }

  /// The closest distance over full match sets, beside the brute force of the reference.
  @Test func closestDistancesAreThoseOfTheReference() throws {
    try Property.check("closest distances are exact", seconds: 3) { random in
      var generator = OracleGenerator(seed: random.next(), allowsOverlap: false)
      let fixture = try SearchFixture()
      let document = generator.document(words: 4...20)
      try fixture.put("d", OracleText.text(of: document))
      let snapshot = fixture.index.snapshot()
      for _ in 0..<10 {
        let query = generator.positional(2)
        guard let text = OracleText.query(query) else { continue }
        let explanation = try #require(
          try fixture.engine.explain(SearchRequest(query: text), id: "d", in: snapshot))
        guard !explanation.matches, let closest = explanation.root.closest else { continue }
        var oracle = Oracle(document)
        guard let expected = try? oracle.closest(query) else { continue }
        try #require(closest.distance == expected, "\(text): \(explanation.text())\(OracleText.text(of: document))")
      }
    }
  }
}
