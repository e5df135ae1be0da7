import Analysis
import Base
import Index
import TestSupport
import Testing

@Suite struct ApplyTests {
  @Test func aDocumentIsFoundAndGivenBackAsItCame() throws {
    let fixture = try IndexFixture()
    let document = Document(
      id: "putin-aleppo", texts: [
        .init(field: "title", text: Array("Aleppo".utf8)), .init(field: "body", text: Array("Raqqa’s civilians".utf8)),
      ], date: "2016-10-28", extras: [.init(name: "url", json: Array("\"https://example.org\"".utf8))])
    #expect(try fixture.index.apply([.put(document)]) == [.stored])
    let snapshot = fixture.index.snapshot()
    #expect(snapshot.documentCount == 1)
    let (segment, number) = try #require(try snapshot.locate(id: "putin-aleppo"))
    #expect(try segment.storedDocument(number).document == document)
    #expect(segment.date(number) == 1_477_612_800)
    for form in ["aleppo", "raqqa's", "raqqa", "civilians"] {
      #expect(try snapshot.identities(holding: form) == ["putin-aleppo"])
    }
    #expect(try snapshot.identities(holding: "putin") == [])
  }

  @Test func aRecordReadInPlaceSaysWhatTheDocumentSays() throws {
    let fixture = try IndexFixture()
    // Some are cut by the end of an extent, some lie in one; some have no text at all.
    let documents = (0..<40).map { number in
      let word = ["one ", "zwei ", "três "][number % 3]
      return Document(
        id: "d\(number)",
        texts: number % 7 == 6
          ? []
          : [
            .init(field: "title", text: Array("T\(number)".utf8)),
            .init(field: "body", text: Array(String(repeating: word, count: number * number * 20).utf8)),
            .init(field: "note", text: [0xFF, 0x20, 0x61]),
          ], date: number % 2 == 0 ? "2016-10-28" : nil, extras: [.init(name: "url", json: Array("1".utf8))])
    }
    #expect(try fixture.index.apply(documents.map { .put($0) }).allSatisfy { $0 == .stored })
    var count = 0
    for segment in fixture.index.snapshot().segments {
      for document in 0..<DocID(segment.documentCount) {
        let stored = try segment.storedDocument(document)
        let record = try segment.storedRecord(document)
        #expect(record.byteCount == (try segment.storedByteCount(document)))
        #expect(record.id == stored.id)
        #expect(record.date == stored.date)
        #expect(record.values.map(record.name) == stored.values.map(\.name))
        #expect(record.value(of: "note")?.text.count == stored.text(of: "note")?.count)
        for (value, copied) in zip(record.values, stored.values) {
          #expect(record.withBytes { text in value.text.map { text[$0] } } == copied.text)
          #expect(value.checkpointCount == copied.checkpoints.count)
          let checkpoints = (0...value.checkpointCount).map { record.checkpoint($0, of: value) }
          #expect(checkpoints == [0] + copied.checkpoints.map(Int.init))
        }
        count += 1
      }
    }
    #expect(count == documents.count)
  }

  @Test func aKnownIdentityIsReplacedInTheSameCommit() throws {
    let fixture = try IndexFixture()
    #expect(try fixture.put("a", "first text") == .stored)
    let before = fixture.index.snapshot()
    #expect(try fixture.put("a", "second text") == .replaced)
    #expect(try before.body(of: "a") == "first text")
    let after = fixture.index.snapshot()
    #expect(try after.body(of: "a") == "second text")
    #expect(after.documentCount == 1)
    #expect(try after.identities(holding: "first") == [])
    #expect(after.generation == before.generation + 1)
  }

  @Test func aBatchIsCarriedOutInOrder() throws {
    let fixture = try IndexFixture()
    let outcomes = try fixture.index.apply([
      .put(Document(id: "a", body: "one")), .put(Document(id: "a", body: "two")), .delete(id: "a"), .delete(id: "a"),
      .put(Document(id: "a", body: "three")), .put(Document(id: "b", body: "four")), .delete(id: "c"),
    ])
    #expect(outcomes == [.stored, .replaced, .deleted, .notFound, .stored, .stored, .notFound])
    let snapshot = fixture.index.snapshot()
    #expect(try snapshot.identities() == ["a", "b"])
    #expect(try snapshot.body(of: "a") == "three")
  }

  @Test func aRefusedDocumentDoesNotKeepTheOthersOut() throws {
    let fixture = try IndexFixture()
    let long = String(repeating: "x", count: Limits.documentIDBytesMax + 1)
    let outcomes = try fixture.index.apply([
      .put(Document(id: "", body: "x")), .put(Document(id: long, body: "x")),
      .put(Document(id: "d", body: "x", date: "yesterday")), .put(Document(id: "ok", body: "x")),
    ])
    #expect(
      outcomes == [
        .refused(.emptyID), .refused(.idTooLong(bytes: long.utf8.count)), .refused(.badDate("yesterday")), .stored,
      ])
    #expect(try fixture.index.snapshot().identities() == ["ok"])
  }

  @Test func documentsWithoutAnyWordAreStored() throws {
    let fixture = try IndexFixture()
    #expect(try fixture.put("empty", "") == .stored)
    #expect(try fixture.put("marks", "… — !") == .stored)
    #expect(try fixture.index.snapshot().identities() == ["empty", "marks"])
  }

  @Test func whatWasAnsweredIsThereAfterReopening() throws {
    var fixture = try IndexFixture()
    try fixture.put("a", "alpha bravo")
    try fixture.put("b", "bravo", date: "2020-02-29T12:00:00+02:00")
    _ = try fixture.index.apply([.delete(id: "a")])
    let generation = fixture.index.snapshot().generation
    try fixture.reopen()
    let snapshot = fixture.index.snapshot()
    #expect(snapshot.generation == generation)
    #expect(try snapshot.identities() == ["b"])
    #expect(try snapshot.identities(holding: "bravo") == ["b"])
  }

  @Test func aBatchLargerThanTheBufferIsCommittedInParts() throws {
    let fixture = try IndexFixture { $0.bufferBytes = 1 << 20 }
    let body = (0..<400).map { "word\($0)" }.joined(separator: " ")
    let operations = (0..<600).map { IndexOperation.put(Document(id: "d\($0)", body: body + " own\($0)")) }
    #expect(try fixture.index.apply(operations).allSatisfy { $0 == .stored })
    let snapshot = fixture.index.snapshot()
    #expect(snapshot.segments.count > 1)
    #expect(snapshot.documentCount == 600)
    #expect(try snapshot.identities(holding: "own17") == ["d17"])
    #expect(try snapshot.identities(holding: "word3").count == 600)
  }

  @Test func onlyOneProcessWrites() throws {
    let fixture = try IndexFixture()
    #expect(throws: IndexError.self) { try IndexFixture.open(fixture.directory) }
    #expect(throws: IndexError.self) { try Index.openReadOnly(directory: fixture.directory.path("index")) }
    try fixture.put("a", "x")
    fixture.index.close()
    let reader = try Index.openReadOnly(directory: fixture.directory.path("index"))
    #expect(try reader.snapshot().identities() == ["a"])
    #expect(throws: IndexError.readOnly) { try reader.apply([.delete(id: "a")]) }
  }

  @Test func anotherStemmerIsRefused() throws {
    var fixture = try IndexFixture()
    try fixture.put("a", "x")
    #expect(throws: IndexError.stemming(found: 1, asked: 0)) { try fixture.reopen { $0.stemming = .none } }
  }
}
