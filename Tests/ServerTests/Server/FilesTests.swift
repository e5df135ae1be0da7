import Foundation
@testable import Server
import TestSupport
import Testing

/// Watched folders and their ledger through the daemon.
@Suite("Files over the socket", .serialized)
struct FilesTests {
  @Test("A file that comes is found, and stands in the ledger with what became of it")
  func ledger() async throws {
    try await DaemonFixture.run { configuration, folder in
      try FileManager.default.createDirectory(atPath: folder.path("texts"), withIntermediateDirectories: false)
      configuration.watch = [folder.path("texts") + "/"]
      configuration.exclude = ["*.old.txt"]
    } _: { fixture in
      await fixture.daemon.waitForImport()
      try fixture.folder.write(Array("Harbour\n\nThe storm.\n".utf8), to: "texts/a.txt")
      try fixture.folder.write(Array("{\"id\":\"j\",\"body\":\"storm\"}\nbad\n".utf8), to: "texts/b.jsonl")
      try fixture.folder.write(Array("storm".utf8), to: "texts/c.old.txt")
      let a = fixture.folder.path("texts/a.txt")
      let end = ContinuousClock.now + .seconds(10)
      var states: [String: String] = [:]
      while states.count < 3 && ContinuousClock.now < end {
        states = try await Self.files(fixture, "").reduce(into: [:]) { $0[try $1["path"].string] = try $1["state"].string }
        try await Task.sleep(for: .milliseconds(20))
      }
      #expect(try await fixture.ids("storm") == [a, "j"])
      #expect(
        states == [
          a: "indexed", fixture.folder.path("texts/b.jsonl"): "indexed", fixture.folder.path("texts/c.old.txt"): "skipped",
        ])
      let failed = try await Self.files(fixture, "?state=failed")
      #expect(failed.count == 1)
      #expect(try failed[0]["code"].string == "malformed-json")
      #expect(try failed[0]["refused"].integer == 1)
      let refused = try await fixture.request("GET", "/v1/files?state=lost")
      #expect(refused.status == 400)
      let status = try await fixture.request("GET", "/v1/status").json["files"]
      #expect(try [status["total"].integer, status["indexed"].integer, status["documents"].integer] == [3, 2, 2])
      try FileManager.default.removeItem(atPath: a)
      while try await fixture.ids("storm") != ["j"] {
        try #require(ContinuousClock.now < end + .seconds(10))
        try await Task.sleep(for: .milliseconds(20))
      }
    }
  }

  private static func files(_ fixture: DaemonFixture, _ query: String) async throws -> [JSON] {
    let answer = try await fixture.client { try await $0.request("GET", "/v1/files" + query) }
    return try answer.body.split(separator: 0x0A).map { try JSON([UInt8]($0)) }
  }

  @Test("A line of the ledger for people has no control characters")
  func text() throws {
    let line = #"{"path":"/a\u001b[1m","state":"failed","code":"x","reason":"why\nnot","documents":3,"words":4,"refused":2,"at":"t"}"#
    let text = try FileListFormat.text(Array(line.utf8))
    #expect(text.hasPrefix("failed          3  /a"))
    #expect(text.hasSuffix("  2 refused  why not\n"))
    #expect(!text.dropLast().unicodeScalars.contains { $0.value < 0x20 })
  }
}
