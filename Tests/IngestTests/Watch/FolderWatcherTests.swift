import Foundation
import Glibc
import Index
import Ingest
import Synchronization
import TestSupport
import Testing

@Suite("Watched folders", .serialized)
struct FolderWatcherTests {
  @Test("What is there is read, and what comes, changes, moves and goes is followed")
  func follows() async throws {
    let fixture = try WatchFixture()
    try fixture.write("one", to: "a.txt")
    try fixture.write("two", to: "deep/er/b.txt")
    #expect(try await fixture.follows(["a.txt": "one", "deep/er/b.txt": "two"]))
    try fixture.write("new", to: "a.txt")
    try fixture.write("three", to: "other/c.txt")
    #expect(try await fixture.follows(["a.txt": "new", "deep/er/b.txt": "two", "other/c.txt": "three"]))
    try fixture.move("other/c.txt", to: "deep/d.txt")
    try fixture.move("deep", to: "moved")
    #expect(try await fixture.follows(["a.txt": "new", "moved/er/b.txt": "two", "moved/d.txt": "three"]))
    // A folder that was moved is still watched, under its new name.
    try fixture.write("four", to: "moved/er/e.txt")
    #expect(
      try await fixture.follows([
        "a.txt": "new", "moved/er/b.txt": "two", "moved/d.txt": "three", "moved/er/e.txt": "four",
      ]))
    try fixture.remove("moved")
    #expect(try await fixture.follows(["a.txt": "new"]))
    #expect(try await fixture.eventually { try fixture.ledger() == ["a.txt": "indexed"] })
    await fixture.stop()
  }

  @Test("Files of many documents: what a file no longer has goes, ids of others are refused until they are free")
  func containers() async throws {
    let fixture = try WatchFixture()
    try fixture.write(#"{"id":"x","body":"1"}"# + "\n" + #"{"id":"y","body":"2"}"#, to: "a.jsonl")
    #expect(try await fixture.follows(["x": "1", "y": "2"]))
    try fixture.write(#"{"id":"y","body":"3"}"# + "\n" + #"{"id":"z","body":"4"}"# + "\nbad\n", to: "b.jsonl")
    #expect(try await fixture.follows(["x": "1", "y": "2", "z": "4"]))
    #expect(try await fixture.eventually { try fixture.ledger()["b.jsonl"] == "indexed malformed-json" })
    let record = try #require(try fixture.index.snapshot().file(path: fixture.path("b.jsonl")))
    #expect((record.documents, record.refused, record.clashes) == (1, 2, 1))
    #expect(record.reason.hasPrefix("line 3: "))
    try fixture.write(#"{"id":"x","body":"5"}"#, to: "a.jsonl")
    #expect(try await fixture.follows(["x": "5", "y": "3", "z": "4"]))
    // A container that is renamed keeps its documents under their own ids.
    try fixture.move("b.jsonl", to: "c.jsonl")
    #expect(try await fixture.eventually { try fixture.ledger().keys.sorted() == ["a.jsonl", "c.jsonl"] })
    #expect(try await fixture.follows(["x": "5", "y": "3", "z": "4"]))
    await fixture.stop()
  }

  @Test("What changed while nobody watched is found at the next start, and nothing else is read")
  func downtime() async throws {
    let directory = try TemporaryDirectory("kwic-downtime")
    var fixture = try WatchFixture(in: directory)
    for name in ["same.txt", "edited.txt", "gone.txt", "swapped.txt", "folder/inside.txt"] { try fixture.write("first", to: name) }
    #expect(try await fixture.eventually { try fixture.documents().count == 5 })
    await fixture.stop()
    try fixture.write("again", to: "edited.txt")  // Of the same size.
    try fixture.remove("gone.txt")
    try fixture.remove("folder")
    try fixture.write("other", to: "new.txt")
    try fixture.write("third", to: "swap")
    try fixture.move("swap", to: "swapped.txt")
    fixture = try WatchFixture(in: directory)
    await fixture.watcher.waitUntilDone()
    #expect(
      try fixture.documents() == [
        "same.txt": "first", "edited.txt": "again", "new.txt": "other", "swapped.txt": "third",
      ])
    #expect(fixture.watcher.report.unchanged == 1)
    #expect(fixture.watcher.report.files == 3)
    await fixture.stop()
  }

  @Test("A file written within the tick of the last look is compared by its content")
  func racyClean() async throws {
    let directory = try TemporaryDirectory("kwic-racy")
    var fixture = try WatchFixture(in: directory)
    try fixture.write("first", to: "a.txt")
    // A time in whole seconds, as coarse file systems have: looks less than two seconds later prove nothing.
    let date = Date(timeIntervalSince1970: Double(Int(Date().timeIntervalSince1970)))
    try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: fixture.path("a.txt"))
    #expect(try await fixture.follows(["a.txt": "first"]))
    await fixture.stop()
    let facts = FileFacts(byteCount: 5, modifiedNanoseconds: 3_000_000_000, changedNanoseconds: 3_000_000_000, inode: 1, device: 1)
    #expect(facts.isRacy(lookedAtNanoseconds: 4_900_000_000))
    #expect(!facts.isRacy(lookedAtNanoseconds: 5_100_000_000))
    var fine = facts
    fine.modifiedNanoseconds = 3_000_000_001
    #expect(fine.isRacy(lookedAtNanoseconds: 3_015_000_000))
    #expect(!fine.isRacy(lookedAtNanoseconds: 3_021_000_000))
    // The same facts in the ledger, written so near to the look that another content could hide behind them.
    fixture = try WatchFixture(in: directory, index: "index") { $0.folders = [] }
    var record = try #require(try fixture.index.snapshot().file(path: fixture.path("a.txt")))
    record.lookedAtNanoseconds = record.facts.changedNanoseconds
    record.contentHash = 1
    _ = try fixture.index.apply([.file(FileUpdate(record: record, documents: [Document(id: record.path, body: "stale")]))])
    await fixture.stop()
    fixture = try WatchFixture(in: directory)
    await fixture.watcher.waitUntilDone()
    #expect(try fixture.documents() == ["a.txt": "first"])
    #expect(fixture.watcher.report.files == 1)
    await fixture.stop()
  }

  @Test("Every file is in the ledger: pipes, links, hidden ones and unknown formats with the reason; none of them opened")
  func kinds() async throws {
    let outside = try TemporaryDirectory("kwic-outside")
    try outside.write(Array("outside".utf8), to: "t.txt")
    let fixture = try WatchFixture { options in
      options.rules.exclude = [try #require(GlobPattern("drafts/"))]
    }
    try fixture.write("text", to: "a.txt")
    try fixture.write("x", to: "b.png")
    try fixture.write("x", to: "c.docx")
    try fixture.write("x", to: ".hidden.txt")
    try fixture.write("x", to: ".git/config.txt")
    try fixture.write("x", to: "drafts/c.txt")
    try fixture.write("", to: "empty.txt")
    try fixture.write("{", to: "bad.json")
    try fixture.write("no gzip", to: "bad.txt.gz")
    try SystemCalls.makePipe(fixture.path("pipe.txt"))
    try FileManager.default.createSymbolicLink(atPath: fixture.path("link.txt"), withDestinationPath: outside.path("t.txt"))
    try FileManager.default.createSymbolicLink(atPath: fixture.path("linked"), withDestinationPath: outside.path)
    let expected = [
      "a.txt": "indexed", "b.png": "skipped unknown-format", "c.docx": "failed damaged-file", ".hidden.txt": "skipped hidden", ".git": "skipped hidden",
      "drafts": "skipped excluded", "empty.txt": "skipped empty-file", "bad.json": "failed malformed-json",
      "pipe.txt": "skipped no-file", "link.txt": "skipped link", "linked": "skipped link",
      "bad.txt.gz": "indexed",
    ]
    #expect(try await fixture.eventually { try fixture.ledger().count == expected.count })
    // zlib hands on what is no gzip data as it is.
    #expect(try await fixture.follows(["a.txt": "text", "bad.txt.gz": "no gzip"]))
    #expect(try fixture.ledger() == expected)
    try fixture.remove("b.png")
    try fixture.remove("drafts")
    try fixture.remove("pipe.txt")
    #expect(try await fixture.eventually { try fixture.ledger().count == expected.count - 3 })
    await fixture.stop()
  }

  @Test("Links are followed where that is asked for, a folder never by two ways")
  func links() async throws {
    let outside = try TemporaryDirectory("kwic-outside")
    try outside.write(Array("outside".utf8), to: "t.txt")
    let fixture = try WatchFixture { options in
      options.rules.followsLinks = true
      options.rescanSeconds = 1
    }
    try FileManager.default.createSymbolicLink(atPath: fixture.path("link.txt"), withDestinationPath: outside.path("t.txt"))
    try FileManager.default.createSymbolicLink(atPath: fixture.path("linked"), withDestinationPath: outside.path)
    try FileManager.default.createSymbolicLink(atPath: fixture.path("loop"), withDestinationPath: fixture.root)
    try FileManager.default.createSymbolicLink(atPath: fixture.path("dangling.txt"), withDestinationPath: "/nowhere")
    #expect(try await fixture.follows(["link.txt": "outside", "linked/t.txt": "outside"]))
    try outside.write(Array("changed".utf8), to: "t.txt")
    #expect(try await fixture.follows(["link.txt": "changed", "linked/t.txt": "changed"]))
    #expect(try fixture.ledger()["dangling.txt"] == "skipped link")
    await fixture.stop()
  }

  @Test("Above the limit of watches the other folders are scanned from time to time")
  func limit() async throws {
    let fixture = try WatchFixture { options in
      options.watchesMax = 2
      options.rescanSeconds = 1
    }
    for number in 0..<5 { try fixture.write("one", to: "f\(number)/a.txt") }
    #expect(try await fixture.eventually { try fixture.documents().count == 5 })
    #expect(try await fixture.eventually { fixture.watcher.report.unwatchedFolders == 4 })
    for number in 0..<5 { try fixture.write("two", to: "f\(number)/b.txt") }
    #expect(try await fixture.eventually { try fixture.documents().count == 10 })
    await fixture.stop()
  }

  @Test("A watched folder that is gone keeps its documents until it is back")
  func missingRoot() async throws {
    let fixture = try WatchFixture { $0.rescanSeconds = 1 }
    try fixture.write("one", to: "a.txt")
    #expect(try await fixture.follows(["a.txt": "one"]))
    try SystemCalls.rename(fixture.root, fixture.directory.path("away"))
    try await Task.sleep(for: .milliseconds(1_500))
    #expect(try fixture.documents() == ["a.txt": "one"])
    try SystemCalls.rename(fixture.directory.path("away"), fixture.root)
    try fixture.write("two", to: "b.txt")
    #expect(try await fixture.follows(["a.txt": "one", "b.txt": "two"]))
    await fixture.stop()
  }

  @Test("A failed commit is made up for; a file that is appended to without being closed is read when it rests")
  func failuresAndAppends() async throws {
    let fixture = try WatchFixture()
    await fixture.watcher.waitUntilDone()
    fixture.writer.failures.withLock { $0 = 1 }
    try fixture.write("one", to: "a.txt")
    #expect(try await fixture.follows(["a.txt": "one"]))
    let log = try SystemCalls.create(fixture.path("log.jsonl"))
    defer { close(log) }
    try SystemCalls.append("{\"id\":\"l1\",\"body\":\"1\"}\n", to: log)
    #expect(try await fixture.follows(["a.txt": "one", "l1": "1"]))
    try SystemCalls.append("{\"id\":\"l2\",\"body\":\"2\"}\n", to: log)
    #expect(try await fixture.follows(["a.txt": "one", "l1": "1", "l2": "2"]))
    await fixture.stop()
  }
}
