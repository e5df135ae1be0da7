import Dispatch
import Foundation
@testable import Server
import TestSupport
import Testing

/// Pages, orders, groups, marked texts and work on the whole index through a real socket.
@Suite("Pages and orders")
struct PagingTests {
  static func parts(_ answer: JSON) throws -> [String] {
    try answer["results"].array.flatMap { result in
      let id = try result["id"].string
      return try result["hits"].array.map { "\(id) \(try $0["lo"].integer)" }
    }
  }

  @Test("Pages are slices of one list, whatever is added meanwhile", arguments: ["score", "date", "-date", "left", "right"])
  func pages(order: String) async throws {
    try await OutputTests.withDocuments { fixture in
      let hits = order == "left" || order == "right" ? "" : "&all-hits=true"
      let base = "/v1/search?query=storm&sort=\(order)\(hits)"
      let whole = try Self.parts(try await fixture.request("GET", base + "&limit=0").json)
      var paged: [String] = []
      var cursor: String?
      var snapshots: Set<Int> = []
      repeat {
        let answer = try await fixture.request("GET", base + "&limit=7" + (cursor.map { "&after=\($0)" } ?? "")).json
        paged += try Self.parts(answer)
        snapshots.insert(try answer["snapshot"].integer)
        cursor = try answer.has("cursor") ? answer["cursor"].string : nil
        // What comes and goes meanwhile is for others.
        _ = try await fixture.upload(#"{"id":"new\#(paged.count)","body":"storm storm storm"}"#)
        _ = try await fixture.request("DELETE", "/v1/documents/d\(paged.count % 60)")
      } while cursor != nil
      #expect(paged == whole)
      #expect(snapshots.count == 1)
    }
  }

  @Test("A cursor is refused where it does not belong, and clearly where its snapshot is gone")
  func cursors() async throws {
    try await OutputTests.withDocuments(60) { fixture in
      let cursor = try await fixture.request("GET", "/v1/search?query=storm&limit=2").json["cursor"].string
      for (path, status, code) in [
        ("query=storm&after=nonsense", 400, "bad-parameter"), ("query=sea&after=\(cursor)", 409, "cursor-of-another-search"),
        ("query=storm&sort=date&after=\(cursor)", 409, "cursor-of-another-search"),
        ("query=storm&from=2012&after=\(cursor)", 409, "cursor-of-another-search"),
        ("query=storm&offset=1&after=\(cursor)", 400, "bad-parameter"),
      ] {
        let answer = try await fixture.request("GET", "/v1/search?" + path)
        #expect(answer.status == status)
        #expect(try answer.json["error"]["code"].string == code)
      }
      #expect(try await fixture.request("GET", "/v1/search?query=storm&limit=3&hits=1&after=\(cursor)").status == 200)
      _ = try await fixture.upload(#"{"id":"new","body":"storm"}"#)
      fixture.daemon.service.recent.removeAll()
      let late = try await fixture.request("GET", "/v1/search?query=storm&limit=2&after=\(cursor)")
      #expect(late.status == 410)
      #expect(try late.json["error"]["code"].string == "cursor-expired")
    }
  }

  @Test("A snapshot is let go when its life is over")
  func lives() async throws {
    try await OutputTests.withDocuments(60) { configuration, _ in
      configuration.cursorLifeMilliseconds = 50
    } _: { fixture in
      let cursor = try await fixture.request("GET", "/v1/search?query=storm&limit=2").json["cursor"].string
      _ = try await fixture.upload(#"{"id":"new","body":"storm"}"#)
      let recent = fixture.daemon.service.recent
      for _ in 0..<3_000 where recent.count > 0 { try await Task.sleep(for: .milliseconds(10)) }
      #expect(recent.count == 0)
      #expect(try await fixture.request("GET", "/v1/search?query=storm&limit=2&after=\(cursor)").status == 410)
    }
  }

  @Test("No more snapshots are kept than promised")
  func fewSnapshots() async throws {
    try await OutputTests.withDocuments { fixture in
      for number in 0..<RecentSnapshots.countMax + 4 {
        _ = try await fixture.upload(#"{"id":"more\#(number)","body":"storm"}"#)
        _ = try await fixture.request("GET", "/v1/search?query=storm&limit=1")
      }
      #expect(fixture.daemon.service.recent.count == RecentSnapshots.countMax)
    }
  }

  @Test("Dates, groups and sentences reach the search; what is refused names the option")
  func options() async throws {
    try await OutputTests.withDocuments { fixture in
      let path = "/v1/search?query=storm&from=2012&to=2013-03&group=date:year&context=sentence&limit=1"
      let answer = try await fixture.request("GET", path).json
      let groups = try answer["groups"].array.map { "\(try $0["value"].string) \(try $0["documents"].integer)" }
      #expect(groups.map { $0.prefix(5) } == ["2012 ", "2013 "])
      let hit = try answer["results"].array[0]["hits"].array[0]
      #expect(try hit["right"].string.hasPrefix(" after"))
      #expect(try hit["right"].string.hasSuffix("."))
      var options = SearchOptions()
      options.group = "date:year"
      options.from = "2012"
      options.to = "2013"
      let printed = try await OutputTests.print(fixture, "storm", options, .kwic)
      #expect(printed.output.contains("\n" + (groups.map { $0.replacing(" ", with: "  ") }.joined(separator: "\n"))))
      for bad in ["from=soon", "group=date:week", "group=absent", "context=-1", "sort=left&hits=3", "sort=right&all-hits=true"] {
        #expect(try await fixture.request("GET", "/v1/search?query=storm&" + bad).status == 400, "\(bad)")
      }
    }
  }

  @Test("Exactly the words of the hits are marked in a document's text")
  func highlight() async throws {
    try await DaemonFixture.run { fixture in
      _ = try await fixture.upload(#"{"id":"a/1","title":"A storm","body":"No storm\u001b[2J here, then a storm hit.\nThe end."}"#)
      let path = DocumentPath.of("a/1", highlighting: "\"storm hit\"")
      let answer = try await fixture.request("GET", path)
      let values = try answer.json["values"].array
      #expect(try answer.json["hit_count"].integer == 1)
      #expect(try values.map { try $0["field"].string } == ["title", "body"])
      #expect(try values.map { try $0["ranges"].array.count } == [0, 2])
      let body = try await fixture.client { try await $0.request("GET", path).body }
      let plain = try HighlightFormat(screen: Screen()).text(body)
      #expect(plain.hasHits)
      #expect(plain.text == "A storm\n\nNo storm\u{FFFD}[2J here, then a [storm] [hit].\nThe end.\n")
      let coloured = try HighlightFormat(screen: Screen(hasColours: true)).text(body)
      #expect(coloured.text.contains("a \u{1B}[1;31mstorm\u{1B}[0m \u{1B}[1;31mhit\u{1B}[0m."))
      for (path, status) in [
        (DocumentPath.of("none", highlighting: "a"), 404), (DocumentPath.of("a/1", highlighting: "a AND"), 400),
        (DocumentPath.of("a/1") + "?colour=red", 400), (DocumentPath.of("a/1", highlighting: "absent"), 200),
      ] {
        #expect(try await fixture.request("GET", path).status == status)
      }
    }
  }

  @Test("An index is checked and compacted while it serves, one such work at a time")
  func maintenance() async throws {
    try await OutputTests.withDocuments { fixture in
      _ = try await fixture.upload(OutputTests.lines(60..<90))
      _ = try await fixture.request("DELETE", "/v1/documents/d0")
      let report = try await fixture.client { try await $0.request("POST", "/v1/verify", json: []) }
      #expect(VerifyAnswer.isSound(report.body))
      #expect(try JSON(report.body)["extents"].integer > 0)
      let before = try await fixture.ids("storm")
      let compacted = try await fixture.request("POST", "/v1/compact")
      #expect(compacted.status == 200)
      #expect(try compacted.json["segments"].integer == 1)
      #expect(try compacted.json["documents"].integer == 89)
      #expect(try await fixture.ids("storm") == before)
      #expect(try await fixture.request("GET", "/v1/status").json["index"]["deleted_documents"].integer == 0)
      // One that waits for us keeps every other out.
      let gate = DispatchSemaphore(value: 0)
      let begun = AsyncStream.makeStream(of: Void.self)
      let maintenance = fixture.daemon.service.maintenance
      async let first: Int = maintenance.run("a long work") {
        begun.continuation.yield()
        gate.wait()
        return .success(1)
      }
      for await _ in begun.stream { break }
      let refused = try await fixture.request("POST", "/v1/verify")
      #expect(refused.status == 409)
      #expect(try refused.json["error"]["message"].string.contains("a long work"))
      gate.signal()
      #expect(try await first == 1)
    }
  }

  @Test("A damaged index is told by its check")
  func damage() async throws {
    let folder = try TemporaryDirectory("kwic-damage")
    var configuration = Configuration()
    configuration.index = folder.path("index")
    configuration.socket = folder.path("kwic.sock")
    let daemon = try await Daemon.start(configuration, logger: DaemonFixture.quiet)
    let filler = String(repeating: "storm after0 ", count: 20_000)
    _ = try await DaemonFixture(folder: folder, daemon: daemon).upload(
      #"{"id":"long","body":"\#(filler)storm tailmarker \#(filler)"}"#)
    await daemon.stop()
    let sound = try OfflineIndex(directory: configuration.index).verify()
    #expect(sound.isSound && VerifyAnswer.isSound(sound.json))
    let file = try #require(
      FileManager.default.enumerator(atPath: configuration.index)?.compactMap { $0 as? String }
        .first { $0.hasSuffix("data.mdb") }.map { configuration.index + "/" + $0 })
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
    // The middle of a long text: what lies at its ends is checked when the index is opened.
    let text = Array("storm tailmarker".utf8)
    let place = try #require(bytes.indices.last { bytes[$0] == text[0] && bytes[$0...].starts(with: text) })
    bytes[place] ^= 1
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    let damaged = try OfflineIndex(directory: configuration.index).verify()
    #expect(!damaged.isSound && !VerifyAnswer.isSound(damaged.json))
  }

  @Test("Lint works without a daemon, and with the fields that are named")
  func lint() async throws {
    let session = LintSession(socketPath: "/nonexistent/kwic.sock")
    #expect(try JSON(try await session.run("a near b", fields: nil).body)["parsed"].string.contains("at most 50 words"))
    #expect(try await session.run("a AND", fields: nil).status == 400)
    #expect(try JSON(try await session.run("head:a", fields: "head").body)["parsed"].string.contains("head"))
  }
}
