import Base
@testable import Index
import TestSupport
import Testing

/// A large batch is written the shorter documents first; nothing else of it changes.
@Suite struct BatchOrderTests {
  private static func batch(_ count: Int, _ random: inout SplitMix64) -> [Document] {
    (0..<count).map { number in
      let words = (0..<Int.random(in: 1...60, using: &random)).map { _ in "w\(Int.random(in: 0..<50, using: &random))" }
      return Document(id: "d\(number)", title: "t\(number % 7)", body: words.joined(separator: " "))
    }
  }

  private static func stored(_ documents: [Document], _ ordering: DocumentOrdering, threads: Int) throws -> [Document] {
    let fixture = try IndexFixture { options in
      options.ordering = ordering
      options.indexingThreads = threads
    }
    let outcomes = try fixture.index.apply(documents.map { .put($0) })
    try #require(outcomes.allSatisfy { $0 == .stored })
    let segment = try #require(fixture.index.snapshot().segments.first)
    try #require(fixture.index.verify().damage == [])
    return try (0..<DocID(segment.documentCount)).map { number in
      let document = try segment.storedDocument(number).document
      // By its identity it is found where it stands.
      let place = try #require(try fixture.index.snapshot().locate(id: document.id))
      try #require(place.document == number)
      return document
    }
  }

  private static func textBytes(_ document: Document) -> Int { document.texts.reduce(0) { $0 + $1.text.count } }

  @Test func shorterDocumentsComeFirst() throws {
    try Property.check("batches are ordered by length") { random in
      let ordering = DocumentOrdering(batchDocumentsMin: Int.random(in: 1...300, using: &random))
      let documents = Self.batch(Int.random(in: 1...400, using: &random), &random)
      let found = try Self.stored(documents, ordering, threads: Int.random(in: 1...3, using: &random))
      guard documents.count >= ordering.batchDocumentsMin else {
        return try #require(found == documents)
      }
      let expected = documents.enumerated().sorted {
        (Self.textBytes($0.element), $0.offset) < (Self.textBytes($1.element), $1.offset)
      }.map(\.element)
      try #require(found == expected)
    }
  }

  @Test func withoutOrderingDocumentsStayAsTheyWerePut() throws {
    var random = SplitMix64(seed: 3)
    let documents = Self.batch(600, &random)
    #expect(try Self.stored(documents, .none, threads: 1) == documents)
    #expect(try Self.stored(documents, DocumentOrdering(), threads: 1) != documents)
  }

  @Test func outcomesAndReplacementsFollowTheOrderOfTheBatch() throws {
    let fixture = try IndexFixture { $0.ordering = DocumentOrdering(batchDocumentsMin: 1) }
    let outcomes = try fixture.index.apply([
      .put(Document(id: "a", body: "a long first text of a")), .put(Document(id: "b", body: "two words")),
      .put(Document(id: "a", body: "second")), .put(Document(id: "", body: "x")), .put(Document(id: "c", body: "c c c")),
    ])
    #expect(outcomes == [.stored, .stored, .replaced, .refused(.emptyID), .stored])
    #expect(try fixture.index.snapshot().body(of: "a") == "second")
    #expect(try fixture.index.snapshot().body(of: "c") == "c c c")
  }
}
