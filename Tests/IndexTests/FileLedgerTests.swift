import Base
@testable import Index
import TestSupport
import Testing

@Suite("Ledger of files")
struct FileLedgerTests {
  private static func update(
    _ path: String, _ documents: [(String, String)], part: FileUpdate.Part = .whole, state: FileRecord.State = .indexed
  ) -> IndexOperation {
    let facts = FileFacts(byteCount: 7, modifiedNanoseconds: 1, changedNanoseconds: 2, inode: 3, device: 4)
    let record = FileRecord(path: path, state: state, facts: facts, lookedAtNanoseconds: 5, contentHash: 1 << 100)
    return .file(FileUpdate(record: record, documents: documents.map { Document(id: $0.0, body: $0.1) }, part: part))
  }

  private static func outcome(_ outcomes: [OperationOutcome]) throws -> FileOutcome {
    guard case .file(let outcome)? = outcomes.last else { throw IndexError.closed }
    return outcome
  }

  @Test("A file's documents and its record stand in one commit, and are there after reopening")
  func recorded() throws {
    var fixture = try IndexFixture()
    let generation = fixture.index.snapshot().generation
    let outcome = try Self.outcome(fixture.index.apply([Self.update("/a", [("x", "one two"), ("y", "three")])]))
    #expect(outcome.stored == 2)
    #expect(fixture.index.snapshot().generation == generation + 1)
    try fixture.reopen()
    let snapshot = fixture.index.snapshot()
    let record = try #require(try snapshot.file(path: "/a"))
    #expect((record.documents, record.words) == (2, 3))
    #expect((record.state, record.facts.inode, record.contentHash) == (.indexed, 3, 1 << 100))
    #expect(try snapshot.file(path: "/b") == nil)
    #expect(try snapshot.fileCounts()[.indexed] == 1)
    #expect(try snapshot.fileCounts().documents == 2)
    #expect(try snapshot.identities() == ["x", "y"])
  }

  @Test("What a file no longer has goes when it changes; all of it when the file goes")
  func owned() throws {
    let fixture = try IndexFixture()
    try fixture.put("sent", "over the socket")
    _ = try fixture.index.apply([Self.update("/a", [("x", "one"), ("y", "two")]), Self.update("/t", [("/t", "text")])])
    let changed = try Self.outcome(fixture.index.apply([Self.update("/a", [("y", "new"), ("z", "three")])]))
    #expect((changed.stored, changed.removed) == (2, 1))
    #expect(try fixture.index.snapshot().identities() == ["sent", "/t", "y", "z"])
    #expect(try fixture.index.snapshot().body(of: "y") == "new")
    let gone = try Self.outcome(fixture.index.apply([.forgetFile(path: "/a")]))
    #expect(gone.removed == 2)
    #expect(try Self.outcome(fixture.index.apply([.forgetFile(path: "/t"), .forgetFile(path: "/t")])).removed == 0)
    #expect(try fixture.index.snapshot().identities() == ["sent"])
    #expect(try fixture.index.snapshot().fileCounts() == FileCounts())
  }

  @Test("An id belongs to who brought it first; the later file is told, and has it once it is free")
  func clash() throws {
    let fixture = try IndexFixture()
    try fixture.put("sent", "socket")
    _ = try fixture.index.apply([Self.update("/a", [("x", "first")])])
    let later = try Self.outcome(fixture.index.apply([Self.update("/b", [("x", "second"), ("sent", "no"), ("own", "y")])]))
    #expect(later.refused == [.init(place: 0, refusal: .taken), .init(place: 1, refusal: .taken)])
    #expect(try fixture.index.snapshot().body(of: "x") == "first")
    #expect(try fixture.index.snapshot().file(path: "/b")?.clashes == 2)
    #expect(try fixture.index.snapshot().file(path: "/b")?.documents == 1)
    // In the other order inside one batch.
    _ = try fixture.index.apply([.forgetFile(path: "/a"), Self.update("/b", [("x", "second"), ("own", "y")])])
    #expect(try fixture.index.snapshot().body(of: "x") == "second")
    #expect(try fixture.index.snapshot().file(path: "/b")?.clashes == 0)
  }

  @Test("A file in parts owns old and new until its last part; a crash between leaves a file to be read again")
  func parts() throws {
    var fixture = try IndexFixture()
    _ = try fixture.index.apply([Self.update("/a", [("old", "1"), ("kept", "2")])])
    _ = try fixture.index.apply([Self.update("/a", [("kept", "3"), ("new", "4")], part: .first)])
    #expect(try fixture.index.snapshot().identities() == ["old", "kept", "new"])
    let half = try #require(try fixture.index.snapshot().file(path: "/a"))
    #expect((half.state, half.facts) == (.reading, .unknown))
    try fixture.reopen()
    // The rest of what was lost with the process is refused as a whole.
    #expect(try Self.outcome(fixture.index.apply([Self.update("/a", [("more", "5")], part: .last)])).isOutOfStep)
    #expect(try fixture.index.snapshot().identities() == ["old", "kept", "new"])
    _ = try fixture.index.apply([
      Self.update("/a", [("kept", "6")], part: .first), Self.update("/a", [("more", "7")], part: .middle),
    ])
    let end = try Self.outcome(fixture.index.apply([Self.update("/a", [("last", "8")], part: .last)]))
    #expect((end.stored, end.removed) == (1, 2))
    #expect(try fixture.index.snapshot().identities() == ["kept", "more", "last"])
    #expect(try fixture.index.snapshot().file(path: "/a")?.documents == 3)
    #expect(try fixture.index.snapshot().file(path: "/a")?.lists.count == 1)
  }

  @Test("Compaction keeps the ledger, and the sums are those of the records")
  func compacted() throws {
    var fixture = try IndexFixture()
    var random = SplitMix64(seed: 5)
    var model: [String: Set<String>] = [:]
    for round in 0..<60 {
      let path = "/f\(random.next() % 9)"
      if random.next() % 4 == 0 {
        _ = try fixture.index.apply([.forgetFile(path: path)])
        model[path] = nil
      } else {
        let ids = Set((0..<Int(random.next() % 400)).map { "\(path)#\($0 * Int(1 + random.next() % 2))" })
        _ = try fixture.index.apply([Self.update(path, ids.sorted().map { ($0, "round \(round)") })])
        model[path] = ids
      }
      if round % 20 == 19 { try fixture.index.compact() }
      if round % 30 == 29 { try fixture.reopen() }
      let snapshot = fixture.index.snapshot()
      #expect(try snapshot.identities() == model.values.reduce(into: Set()) { $0.formUnion($1) })
      var counts = FileCounts()
      try snapshot.forEachFile { record in
        counts.add(record, 1)
        return true
      }
      #expect(try snapshot.fileCounts() == counts)
      #expect(counts.total == model.count)
    }
  }

  @Test("SipHash-128 gives the reference's values, in pieces too")
  func hash() {
    // Vectors of the reference implementation: key 00 01 … 0f, input 00 01 … (n - 1).
    let key: (UInt64, UInt64) = (0x0706_0504_0302_0100, 0x0F0E_0D0C_0B0A_0908)
    let expected: [Int: UInt128] = [
      0: Self.vector("a3817f04ba25a8e66df67214c7550293"),
      1: Self.vector("da87c1d86b99af44347659119b22fc45"),
      8: Self.vector("3b62a9ba6258f5610f83e264f31497b4"),
    ]
    for (count, value) in expected {
      var hash = SipHash128(key: key)
      hash.append((0..<count).map { UInt8($0) })
      #expect(hash.finish() == value)
    }
    let text = (0..<100).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    for cut in 0...100 {
      var hash = SipHash128()
      hash.append([UInt8](text[..<cut]))
      hash.append([UInt8](text[cut...]))
      #expect(hash.finish() == SipHash128.hash(text))
    }
  }

  /// Sixteen bytes in the order in which the reference writes them.
  private static func vector(_ hex: String) -> UInt128 {
    var value: UInt128 = 0
    let digits = Array(hex.utf8).map { UInt128($0 < 0x3A ? $0 - 0x30 : $0 - 0x57) }
    for byte in 0..<16 { value |= (digits[byte * 2] << 4 | digits[byte * 2 + 1]) << UInt128(byte * 8) }
    return value
  }
}
