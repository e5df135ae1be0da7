import Foundation
import Index
@testable import Server
import TestSupport
import Testing

/// Backups while the index changes.
@Suite("Backup")
struct BackupTests {
  private static func backup(_ fixture: DaemonFixture, _ folder: String) async throws -> (status: Int, json: JSON) {
    let body = BackupRequest.json(directory: folder)
    return try await fixture.request("POST", "/v1/backup", json: String(decoding: body, as: UTF8.self))
  }

  @Test("A backup made while documents come is the index as it was at one commit")
  func underWrites() async throws {
    try await OutputTests.withDocuments(100) { fixture in
      let copy = fixture.folder.path("copies/monday")
      // Uploads of ten. A commit may take part of one: the last line, which ends with the body, comes by itself.
      async let writing: Void = {
        for batch in 0..<40 {
          let lines = (0..<10).map { #"{"id":"w\#(batch)-\#($0)","body":"written storm batch\#(batch)"}"# }
          _ = try await fixture.upload(lines.joined(separator: "\n"))
        }
      }()
      let answer = try await Self.backup(fixture, copy)
      try await writing
      #expect(answer.status == 200)
      let documents = try answer.json["documents"].integer
      #expect(documents >= 100 && documents <= 500)
      let index = try OfflineIndex(directory: copy)
      #expect(index.verify().isSound)
      let found = try JSON(try await index.search(Array(#"{"query":"storm OR calm","limit":0}"#.utf8)).body)
      #expect(try found["total"]["documents"].integer == documents)
      #expect(try found["snapshot"].integer == answer.json["snapshot"].integer)
      let ids = Set(try found["results"].array.map { try $0["id"].string })
      // What was written in order is in it up to one place, and nothing of what came after.
      let written = (0..<400).map { "w\($0 / 10)-\($0 % 10)" }
      #expect(ids == Set((0..<100).map { "d\($0)" } + written.prefix(documents - 100)))
      #expect(try await fixture.ids("written").count == 400)
    }
  }

  @Test("A copy has deletions, the ledger and fields, is served, and changes by itself")
  func served() async throws {
    let copy = try await DaemonFixture.run { configuration, folder in
      try FileManager.default.createDirectory(atPath: folder.path("texts"), withIntermediateDirectories: false)
      try folder.write(Array("Harbour\n\nThe storm.\n".utf8), to: "texts/a.txt")
      try folder.write([1, 0, 2], to: "texts/c.txt")
      configuration.watch = [folder.path("texts")]
    } _: { fixture in
      await fixture.daemon.waitForImport()
      _ = try await fixture.upload("{\"id\":\"a\",\"body\":\"storm\",\"lang\":\"en\"}\n{\"id\":\"b\",\"body\":\"storm\"}")
      _ = try await fixture.request("DELETE", "/v1/documents/b")
      let copy = try TemporaryDirectory("kwic-copy")
      let answer = try await Self.backup(fixture, copy.path("index"))
      #expect(answer.status == 200)
      #expect(try answer.json["documents"].integer == 2)
      let again = try await Self.backup(fixture, copy.path("index"))
      #expect(again.status == 409)
      #expect(try again.json["error"]["code"].string == "already-exists")
      #expect(try await Self.backup(fixture, fixture.folder.path("index")).status == 409)
      #expect(try await Self.backup(fixture, "relative").status == 400)
      #expect(try await Self.backup(fixture, "/proc/nothing/here").status == 507)
      return copy
    }
    var configuration = Configuration()
    configuration.index = copy.path("index")
    configuration.socket = copy.path("kwic.sock")
    let daemon = try await Daemon.start(configuration, logger: DaemonFixture.quiet)
    let fixture = DaemonFixture(folder: copy, daemon: daemon)
    #expect(try await fixture.ids("lang:en") == ["a"])
    #expect(try await fixture.ids("storm").count == 2)
    let files = try await fixture.request("GET", "/v1/status").json["files"]
    #expect(try [files["total"].integer, files["indexed"].integer, files["failed"].integer] == [2, 1, 1])
    _ = try await fixture.upload(#"{"id":"c","body":"storm"}"#)
    #expect(try await fixture.ids("storm").count == 3)
    await daemon.stop()
  }
}
