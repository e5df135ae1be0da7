import Foundation
@testable import Server
import TestSupport
import Testing

/// The whole way through a real socket.
@Suite("End to end")
struct EndToEndTests {
  @Test("Add, search, get, replace, delete, refresh, status")
  func life() async throws {
    try await DaemonFixture.run { fixture in
      let added = try await fixture.upload(
        """
        {"id":"a/b ü","title":"Harbour","body":"The pilots refused the storm.","date":"2019-03-02","n":1.50}
        {"id":"c","body":"A storm passed the harbour."}
        """)
      #expect(try added.map { try $0.has("result") ? $0["result"].string : "sum" } == ["stored", "stored", "sum"])
      #expect(try added[2]["stored"].integer == 2)
      #expect(try await fixture.ids("storm") == ["a/b ü", "c"])
      #expect(try await fixture.ids("\"the storm\"") == ["a/b ü"])

      let got = try await fixture.client { try await $0.request("GET", DocumentPath.of("a/b ü")) }
      #expect(
        String(decoding: got.body, as: UTF8.self)
          == #"{"id":"a/b ü","title":"Harbour","body":"The pilots refused the storm.","date":"2019-03-02","n":1.50}"# + "\n")

      #expect(try await fixture.upload(#"{"id":"c","body":"Calm."}"#)[0]["result"].string == "replaced")
      #expect(try await fixture.ids("storm") == ["a/b ü"])
      let deleted = try await fixture.request("DELETE", DocumentPath.of("a/b ü"))
      #expect(deleted.status == 200)
      #expect(try deleted.json["result"].string == "deleted")
      #expect(try await fixture.ids("storm") == [])
      #expect(try await fixture.request("GET", DocumentPath.of("a/b ü")).status == 404)
      #expect(try await fixture.request("DELETE", DocumentPath.of("a/b ü")).status == 404)

      let snapshot = try await fixture.request("POST", "/v1/refresh").json["snapshot"].integer
      let status = try await fixture.request("GET", "/v1/status").json
      #expect(try status["snapshot"].integer == snapshot)
      #expect(try status["documents"].integer == 1)
      #expect(try await fixture.request("GET", "/healthz").json["status"].string == "ok")
    }
  }

  @Test("A document is explained through the socket")
  func explained() async throws {
    try await DaemonFixture.run { fixture in
      _ = try await fixture.upload(#"{"id":"a/b","body":"The pilots of the harbour refused the storm."}"#)
      let answer = try await fixture.client { client in
        try await client.explain(ExplainRequest(query: "pilots NEAR/3 storm", id: "a/b"))
      }
      let found = try #require(answer)
      #expect(!found.isMatch && found.json.contains("\"distance\":6"))
      #expect(found.text.contains("NEAR/3  closest: 6 words apart, you asked at most 3 words"))
      let missing = try await fixture.client { try await $0.explain(ExplainRequest(query: "a", id: "none")) }
      #expect(missing == nil)
      let object = try await fixture.request("GET", "/v1/explain?query=storm&id=a%2Fb").json
      #expect(try object["tree"]["hits"].integer == 1)
      #expect(try await fixture.request("GET", "/v1/explain?query=storm").status == 400)
      #expect(try await fixture.request("GET", "/v1/explain?query=(&id=a%2Fb").status == 400)
    }
  }

  @Test("Acknowledged is searchable: what an answer says is stored, the next search finds")
  func acknowledged() async throws {
    try await DaemonFixture.run { fixture in
      for round in 0..<20 {
        _ = try await fixture.upload(#"{"id":"d\#(round)","body":"round\#(round)"}"#)
        #expect(try await fixture.ids("round\(round)") == ["d\(round)"])
      }
    }
  }

  @Test("Fields of the configuration are filters, and what does not fit them is refused")
  func filters() async throws {
    try await DaemonFixture.run { fixture in
      let added = try await fixture.upload(
        """
        {"id":"a","body":"A storm.","lang":"en","tags":["sea","wind"]}
        {"id":"b","body":"Ein Storm.","lang":"de"}
        """)
      #expect(try added[0]["result"].string == "stored")
      #expect(try await fixture.ids("storm lang:en") == ["a"])
      #expect(try await fixture.ids("lang:de OR tags:wind") == ["a", "b"])
      #expect(try await fixture.ids("storm -tags:sea") == ["b"])
    }
  }

  @Test("Many clients add and search at once; nothing is lost")
  func concurrent() async throws {
    try await DaemonFixture.run { fixture in
      let socket = fixture.socket
      try await withThrowingTaskGroup(of: Void.self) { clients in
        for number in 0..<16 {
          clients.addTask {
            try await Client.withConnection(to: socket) { client in
              for round in 0..<10 {
                let line = #"{"id":"\#(number)-\#(round)","body":"common word\#(number)"}"#
                let answer = try await client.upload(Array(line.utf8))
                #expect(answer.status == 200)
                let found = try await client.request("GET", "/v1/search?limit=0&query=word\(number)")
                #expect(try JSON(found.body)["total"]["documents"].integer == round + 1)
              }
            }
          }
        }
        try await clients.waitForAll()
      }
      #expect(try await fixture.ids("common").count == 160)
      let status = try await fixture.request("GET", "/v1/status").json
      #expect(try status["writer"]["operations"].integer == 160)
    }
  }

  @Test("Answers of a stream come while it is still being sent")
  func streamed() async throws {
    try await DaemonFixture.run { fixture in
      let connection = try RawConnection(path: fixture.socket)
      await connection.send(Array("POST /v1/documents HTTP/1.1\r\nhost: kwic\r\ntransfer-encoding: chunked\r\n\r\n".utf8))
      for number in 1...3 {
        let line = #"{"id":"s\#(number)"}"# + "\n"
        await connection.send(Array("\(String(line.utf8.count, radix: 16))\r\n\(line)\r\n".utf8))
        var answer = ""
        while !answer.contains("\"line\":\(number),") { answer += String(decoding: await connection.read(), as: UTF8.self) }
        #expect(answer.contains("\"id\":\"s\(number)\",\"result\":\"stored\""))
      }
      // The client goes without an end: what was acknowledged stays.
    }
  }

  @Test("Watched folders are read at start, the seed of every format")
  func watched() async throws {
    try await DaemonFixture.run { configuration, folder in
      try FileManager.default.createDirectory(atPath: folder.path("texts"), withIntermediateDirectories: false)
      try folder.write(Array("Harbour\n\nThe storm.\n".utf8), to: "texts/a.txt")
      try folder.write(Array("{\"id\":\"j\",\"body\":\"storm\"}\nbad\n".utf8), to: "texts/b.jsonl")
      configuration.watch = [folder.path("texts"), folder.path("absent")]
    } _: { fixture in
      await fixture.daemon.waitForImport()
      #expect(try await fixture.ids("storm") == [fixture.folder.path("texts/a.txt"), "j"])
      let watched = try await fixture.request("GET", "/v1/status").json["watched"]
      #expect(try watched["files"].integer == 2)
      #expect(try watched["documents"].integer == 2)
      #expect(try watched["problems"].integer == 2)
    }
  }

  @Test("What was acknowledged is there after a stop and a start, and the socket is gone in between")
  func restart() async throws {
    let folder = try TemporaryDirectory("kwic-restart")
    var configuration = Configuration()
    configuration.index = folder.path("index")
    configuration.socket = folder.path("run/kwic.sock")
    let first = try await Daemon.start(configuration, logger: DaemonFixture.quiet)
    let fixture = DaemonFixture(folder: folder, daemon: first)
    _ = try await fixture.upload(#"{"id":"a","body":"kept"}"#)
    await first.stop()
    #expect(!FileManager.default.fileExists(atPath: configuration.socket))
    await #expect(throws: ClientError.self) { try await fixture.ids("kept") }
    let second = try await Daemon.start(configuration, logger: DaemonFixture.quiet)
    #expect(try await DaemonFixture(folder: folder, daemon: second).ids("kept") == ["a"])
    await second.stop()
  }
}
