import Base
import Foundation
@testable import Index
import Store
import Synchronization
import TestSupport
import Testing

/// Compaction while the index is in use, and one that is broken off.
@Suite struct CompactionTests {
  /// What a history should leave.
  private struct Model {
    var bodies: [String: String] = [:]
    var files: Set<String> = []
  }

  private static func batch(_ model: inout Model, _ random: inout SplitMix64) -> [IndexOperation] {
    (0..<Int.random(in: 1...30, using: &random)).map { _ in
      let number = Int.random(in: 0..<200, using: &random)
      let body = (0..<Int.random(in: 0..<60, using: &random)).map { "w\($0 * number % 40)" }.joined(separator: " ")
      switch Int.random(in: 0..<8, using: &random) {
      case 0:
        model.bodies["d\(number)"] = nil
        return .delete(id: "d\(number)")
      case 1:
        model.bodies["/f\(number)"] = nil
        model.files.remove("/f\(number)")
        return .forgetFile(path: "/f\(number)")
      case 2, 3:
        model.bodies["/f\(number)"] = body
        model.files.insert("/f\(number)")
        let record = FileRecord(path: "/f\(number)", state: .indexed, facts: .unknown, lookedAtNanoseconds: 1)
        return .file(FileUpdate(record: record, documents: [Document(id: "/f\(number)", body: body)]))
      default:
        model.bodies["d\(number)"] = body
        return .put(Document(id: "d\(number)", body: body))
      }
    }
  }

  private static func compare(_ index: Index, _ model: Model) throws {
    let snapshot = index.snapshot()
    try #require(snapshot.documentCount == model.bodies.count)
    try #require(try snapshot.identities() == Set(model.bodies.keys))
    for (id, body) in model.bodies { try #require(try snapshot.body(of: id) == body) }
    for form in ["w0", "w7", "w12"] {
      let expected = model.bodies.filter { $0.value.split(separator: " ").contains(Substring(form)) }
      try #require(try snapshot.identities(holding: form) == Set(expected.keys))
    }
    var files: Set<String> = []
    try snapshot.forEachFile { record in
      files.insert(record.path)
      return true
    }
    try #require(files == model.files)
    try #require(try snapshot.fileCounts().total == model.files.count)
    try #require(index.verify().damage == [])
  }

  /// A segment a transaction, each of which waits for the disk, once kept commits waiting for 0.6 s at the end.
  @Test func segmentsThatCommitsMakeMeanwhileAreCopiedTogether() throws {
    let fixture = try IndexFixture()
    let index = fixture.index
    _ = try index.apply((0..<20_000).map { .put(Document(id: "d\($0)", body: "w\($0) w\($0 % 97) w\($0 % 1_009) w\($0 % 7)")) })
    let isOver = Mutex(false)
    let failure = Mutex<IndexError?>(nil)
    try #require(
      BackgroundThread.start {
        do throws(IndexError) { try index.compact() } catch { failure.withLock { $0 = error } }
        isOver.withLock { $0 = true }
      })
    var number = 0
    while !isOver.withLock({ $0 }) {
      try fixture.put("n\(number)", "w\(number)")
      number += 1
    }
    #expect(failure.withLock { $0 } == nil)
    let (segments, transactions) = index.state.withLock { ($0.records.count, $0.environment.transactionCount) }
    // What stands behind the flip was committed one by one.
    let after = Int(index.snapshot().generation)
    #expect(index.snapshot().documentCount == 20_000 + number)
    print("compaction: \(number) commits meanwhile, \(segments) segments, \(transactions) transactions, generation \(after)")
    #expect(transactions < 40 || transactions < segments)
    #expect(index.verify().isSound)
  }

  @Test func changesGoOnMeanwhileAndNoneIsLost() throws {
    try Property.check("compaction with changes equals a dictionary", seconds: 6) { random in
      let orders = Bool.random(using: &random)
      var fixture = try IndexFixture {
        $0.mergesInBackground = true
        $0.ordering = orders ? .always : .none
      }
      var model = Model()
      for _ in 0..<20 { _ = try fixture.index.apply(Self.batch(&model, &random)) }
      let index = fixture.index
      let ended = Mutex(0)
      let failure = Mutex<IndexError?>(nil)
      try #require(
        BackgroundThread.start {
          for _ in 0..<3 {
            do throws(IndexError) { try index.compact() } catch { failure.withLock { $0 = error } }
            ended.withLock { $0 += 1 }
          }
        })
      var commits = 0
      while ended.withLock({ $0 }) < 3 {
        _ = try index.apply(Self.batch(&model, &random))
        commits += 1
      }
      try #require(failure.withLock { $0 } == nil)
      try #require(commits > 0)
      try Self.compare(index, model)
      try fixture.reopen()
      try Self.compare(fixture.index, model)
    }
  }

  @Test func whereAllIsDeletedMeanwhileNothingIsLeft() throws {
    let fixture = try IndexFixture()
    for number in 0..<40 { try fixture.put("d\(number)", "alpha bravo") }
    _ = try fixture.index.apply((0..<40).map { .delete(id: "d\($0)") })
    try fixture.index.compact()
    #expect(fixture.index.snapshot().segments.isEmpty)
    try fixture.put("new", "alpha")
    #expect(try fixture.index.snapshot().identities() == ["new"])
  }

  /// What a killed process leaves at any moment is what is in its files at that moment.
  @Test func aKilledCompactionLeavesTheIndexAsItWas() throws {
    try Property.check("a killed compaction loses nothing", seconds: 6) { random in
      let fixture = try IndexFixture()
      var model = Model()
      for _ in 0..<Int.random(in: 1...20, using: &random) { _ = try fixture.index.apply(Self.batch(&model, &random)) }
      let index = fixture.index
      let isDone = Mutex(false)
      try #require(
        BackgroundThread.start {
          try? index.compact()
          isDone.withLock { $0 = true }
        })
      let clock = SystemTime()
      let end = clock.monotonicNanoseconds() + UInt64.random(in: 0...30_000_000, using: &random)
      while clock.monotonicNanoseconds() < end {}
      let copy = try TemporaryDirectory("kwic-killed")
      try Self.copy(fixture.directory.path("index"), to: copy.path("index"))
      while !isDone.withLock({ $0 }) {}
      let reopened = try IndexFixture.open(copy)
      try Self.compare(reopened, model)
      let environments = try FileManager.default.contentsOfDirectory(atPath: copy.path("index")).filter {
        $0.hasPrefix("env-")
      }
      try #require(environments.count == 1, "the rest was swept")
    }
  }

  /// `CURRENT` first: what it names is whole, and is not written to any more by a compaction alone.
  private static func copy(_ source: String, to target: String) throws {
    let files = FileManager.default
    try files.createDirectory(atPath: target, withIntermediateDirectories: true)
    try files.copyItem(atPath: source + "/CURRENT", toPath: target + "/CURRENT")
    for name in try files.contentsOfDirectory(atPath: source) where name.hasPrefix("env-") {
      // An environment may go while it is copied: then CURRENT does not name it, or the copy begins again.
      try? files.copyItem(atPath: source + "/" + name, toPath: target + "/" + name)
    }
    let current = String(decoding: try FileBytes.read(target + "/CURRENT"), as: UTF8.self).dropLast()
    if !files.fileExists(atPath: target + "/" + current + "/data.mdb") {
      try files.removeItem(atPath: target)
      try copy(source, to: target)
    }
  }

  @Test func aCompactionThatIsStoppedLeavesTheIndexAsItWas() throws {
    var random = SplitMix64(seed: 11)
    var model = Model()
    var fixture = try IndexFixture()
    for _ in 0..<30 { _ = try fixture.index.apply(Self.batch(&model, &random)) }
    fixture.index.merges.stop()
    #expect(throws: IndexError.closed) { try fixture.index.compact() }
    try Self.compare(fixture.index, model)
    try fixture.reopen()
    try Self.compare(fixture.index, model)
    try fixture.index.compact()
    try Self.compare(fixture.index, model)
  }
}
