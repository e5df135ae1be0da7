import Base
import Foundation
import Index
@testable import Query
import TestSupport
import Testing

/// What a receipt says of a search.
@Suite struct ReceiptTests {
  fileprivate static func record(_ path: String, _ state: FileRecord.State, code: String = "") -> FileRecord {
    FileRecord(path: path, state: state, facts: .unknown, code: code, reason: "")
  }

  private static func receipt(_ fixture: SearchFixture, _ query: String) throws -> SearchReceipt {
    try #require(try fixture.search(query) { $0.givesReceipt = true }.receipt)
  }

  @Test func namesWhatWasSearched() throws {
    let fixture = try SearchFixture()
    try fixture.put("a", "The attack on Raqqa")
    try fixture.put("b", "Attackers attacked the city")
    try fixture.put("b", "Attacks on the city")
    let receipt = try Self.receipt(fixture, "attack* NOT mosul")
    let snapshot = fixture.index.snapshot()
    #expect(receipt.documents == 2)
    #expect(receipt.deletedDocuments + 2 == Int(snapshot.statistics.documents))
    #expect(receipt.snapshot == snapshot.generation)
    #expect(receipt.totalDocuments == 2)
    #expect(!receipt.isBudgetReached)
    #expect(receipt.parsed == "documents with a word like \"attack*\" and without any form of \"mosul\"")
    #expect(receipt.digest == nil)
    #expect(abs(Double(receipt.epochSeconds) - Date().timeIntervalSince1970) < 60)
  }

  @Test func namesFormsOfEveryWord() throws {
    let fixture = try SearchFixture()
    try fixture.put("a", "attack attacks attacked raqqa raqa")
    let receipt = try Self.receipt(fixture, "attack AND \"raqqa\" AND raqa~1 AND att* AND NOT mosul AND attack")
    #expect(receipt.expansions.map(\.term) == ["attack", "\"raqqa\"", "raqa~1", "att*", "mosul"])
    #expect(receipt.expansions.map(\.kind) == [.stem, .exact, .fuzzy, .wildcard, .stem])
    #expect(receipt.expansions.map(\.formCount) == [3, 1, 2, 3, 0])
    #expect(receipt.expansions[2].forms == ["raqa", "raqqa"])
  }

  @Test func theBudgetIsTold() throws {
    var fixture = try SearchFixture()
    try fixture.put("a", "one two one two one two")
    fixture.engine.positionsMax = 1_000
    let receipt = try Self.receipt(fixture, "one NEAR/1 two")
    #expect(receipt.positionsVisited > 0 && receipt.positionsVisited < 1_000)
    #expect(receipt.positionsMax == 1_000 && !receipt.isBudgetReached)
  }

  @Test func aReceiptAlwaysCounts() throws {
    let fixture = try SearchFixture()
    for number in 0..<30 { try fixture.put("d\(number)", "word") }
    let answer = try fixture.search("word") {
      $0.givesReceipt = true
      $0.total = .none
      $0.limit = 1
    }
    #expect(answer.receipt?.totalDocuments == 30)
  }

  /// Files as a ledger may have them, and what a receipt should count.
  private struct Ledger {
    var operations: [IndexOperation] = []
    var counts: [LedgerAccount.Reason: Int] = [:]
    var failed: [String] = []

    mutating func add(_ record: FileRecord, documents: [Document]) {
      operations.append(.file(FileUpdate(record: record, documents: documents)))
      guard !record.code.isEmpty else { return }
      counts[LedgerAccount.Reason(state: record.state.name, code: record.code), default: 0] += 1
      if record.state == .failed { failed.append(record.path) }
    }

    mutating func addRandom(_ path: String, _ random: inout SplitMix64) {
      switch random.next() % 4 {
      case 0: add(ReceiptTests.record(path, .indexed), documents: [Document(id: path, body: "x")])
      case 1: add(ReceiptTests.record(path, .skipped, code: random.next() % 2 == 0 ? "hidden" : "link"), documents: [])
      case 2: add(ReceiptTests.record(path, .failed, code: "unreadable"), documents: [])
      default:
        var record = ReceiptTests.record(path, .indexed, code: "malformed-json")
        record.refused = 2
        add(record, documents: [Document(id: path, body: "x")])
      }
    }
  }

  /// Every file of the ledger is either wholly searched or counted with its reason.
  @Test func theLedgerAddsUp() throws {
    try Property.check("counts by reason are those of the ledger", seconds: 3) { random in
      let fixture = try SearchFixture()
      var expected = Ledger()
      let count = Int(random.next() % 700)
      for number in 0..<count { expected.addRandom("/archive/\(random.next() % 1_000)/\(number).txt", &random) }
      try fixture.apply(expected.operations)
      try Self.compare(try Self.receipt(fixture, "x").ledger, expected, count)
    }
  }

  private static func compare(_ ledger: LedgerAccount, _ expected: Ledger, _ count: Int) throws {
    try #require(ledger.counts.total == count)
    try #require(ledger.reasons.count == expected.counts.count)
    for reason in ledger.reasons { try #require(expected.counts[reason.reason] == reason.files) }
    try #require(ledger.fileCount == expected.counts.values.reduce(0, +))
    try #require(ledger.files.count == min(ledger.fileCount, LedgerAccount.namedMax))
    let named = Array(expected.failed.sorted().prefix(LedgerAccount.namedMax))
    let found = Array(ledger.files.map(\.path).prefix(named.count))
    try #require(found == named)
  }

  @Test(arguments: [
    ("raqqa", QueryClass.word), ("raqqa|mosul", .word), ("a b", .boolean), ("a NOT b", .boolean), ("a OR b", .boolean),
    ("\"a b\"", .phrase), ("\"a b\" c", .phrase), ("a NEAR/3 b", .proximity), ("\"a b\"~2", .proximity),
    ("NEAR/3(a, b, c) d", .proximity), ("raq* NEAR/3 b", .wildcard), ("raqqa~1", .wildcard), ("\"raq* b\"", .wildcard),
    ("date:2016", .filter), ("raqqa date:2016", .word), ("title:raqqa^2", .word),
  ])
  func classesAreTheDearestPart(query: String, expected: QueryClass) throws {
    #expect(try SearchFixture().search(query).queryClass == expected)
  }
}
