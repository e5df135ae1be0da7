import Foundation
import NIOHTTP1
@testable import Server
import TestSupport
import Testing

/// Searching an index without its daemon, and uploading files to one.
@Suite("Without and with a daemon")
struct OfflineTests {
  @Test("A daemon's index is refused with the name of its socket; afterwards it is read")
  func offline() async throws {
    let folder = try TemporaryDirectory("kwic-offline")
    var configuration = Configuration()
    configuration.index = folder.path("index")
    configuration.socket = folder.path("kwic.sock")
    let daemon = try await Daemon.start(configuration, logger: DaemonFixture.quiet)
    _ = try await DaemonFixture(folder: folder, daemon: daemon).upload(#"{"id":"a","body":"one two","lang":"en"}"#)
    let problem = try #require(throws: OfflineIndex.Problem.self) { try OfflineIndex(directory: configuration.index) }
    #expect(problem.description.contains(configuration.socket))
    await daemon.stop()
    let index = try OfflineIndex(directory: configuration.index)
    let answer = try await index.search(Array(#"{"query":"two"}"#.utf8))
    #expect(answer.status == 200)
    #expect(try JSON(answer.body)["results"].array.map { try $0["id"].string } == ["a"])
    let filtered = try await index.search(Array(#"{"query":"lang:en"}"#.utf8))
    #expect(try JSON(filtered.body)["results"].array.count == 1)
    #expect(try await index.search(Array(#"{"query":"two","limit":-1}"#.utf8)).status == 400)
    let explained = try #require(try index.explain(ExplainRequest(query: "one NEAR/1 two", id: "a")))
    #expect(explained.isMatch && explained.text.hasPrefix("a matches\n"))
    let none = try index.explain(ExplainRequest(query: "one", id: "b"))
    #expect(none == nil)
    #expect(throws: RefusedRequest.self) { try index.explain(ExplainRequest(query: "(", id: "a")) }
    let absent = #expect(throws: OfflineIndex.Problem.self) { try OfflineIndex(directory: folder.path("absent")) }
    #expect(absent?.description.contains("absent") == true)
  }

  @Test("Files of every format are uploaded; problems name file and line")
  func upload() async throws {
    try await DaemonFixture.run { fixture in
      let folder = fixture.folder
      try folder.write(Array("{\"id\":\"a\",\"body\":\"common\"}\n\nbad\n{\"id\":\"\"}".utf8), to: "a.jsonl")
      try folder.write(Array("Title\n\ncommon\n".utf8), to: "b.txt")
      try folder.write(Array("[{\"body\":\"common\"},{\"id\":\"c\",\"body\":\"common\"}]".utf8), to: "c.json")
      try folder.write([], to: "d.txt")
      let (progress, problems) = try await fixture.client { client in
        var problems: [String] = []
        var uploader = Uploader(
          client: client, onProblem: { problems.append("\($0.place) \($0.code)") }, onProgress: { _ in })
        for name in ["a.jsonl", "b.txt", "c.json", "d.txt", "absent.jsonl", "e.png"] {
          try await uploader.add(file: folder.path(name))
        }
        try await uploader.finish()
        return (uploader.progress, problems)
      }
      let places = problems.map { $0.replacing(folder.path, with: "") }.sorted()
      #expect(progress.stored == 4)
      #expect(
        places == [
          "/a.jsonl:3 malformed-json", "/a.jsonl:4 missing-id", "/absent.jsonl unreadable", "/d.txt empty-file",
          "/e.png unknown-format",
        ])
      #expect(try await fixture.ids("common") == [folder.path("b.txt"), folder.path("c.json#1"), "a", "c"])
    }
  }

  @Test("Ids survive the way through a path", arguments: ["a", "a/b", "ü 😀", "%41", "a?b#c", "+", "..", "a b"])
  func paths(id: String) throws {
    let path = DocumentPath.of(id)
    #expect(path.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
    #expect(try Route(method: .GET, path: path) == .getDocument(id: id))
  }
}
