import Base
import Foundation
import Index
import Query
@testable import Server
import TestSupport
import Testing

/// Exports, pages, orders, highlighting and maintenance through a real socket.
@Suite("Output")
struct OutputTests {
  /// Documents d0 … with two to four hits of `storm`; every fifth has none.
  static func lines(_ numbers: Range<Int>) -> String {
    numbers.map { number in
      let body = number % 5 == 4 ? "calm sea" : (0..<2 + number % 3).map { "word\(number * 7 % 13) storm after\($0)." }.joined(separator: " ")
      return #"{"id":"d\#(number)","title":"T, \"\#(number)\"","body":"\#(body)","date":"20\#(10 + number % 9)-03-04"}"#
    }.joined(separator: "\n")
  }

  static func withDocuments<Value: Sendable>(
    _ count: Int = 60, _ change: (inout Configuration, TemporaryDirectory) throws -> Void = { _, _ in },
    _ body: (DaemonFixture) async throws -> Value
  ) async throws -> Value {
    try await DaemonFixture.run(change) { fixture in
      _ = try await fixture.upload(lines(0..<count))
      return try await body(fixture)
    }
  }

  @Test("An export has every hit on a line, with the members of a search's hit")
  func export() async throws {
    try await Self.withDocuments { fixture in
      let answer = try await fixture.client {
        try await $0.request("POST", "/v1/export", json: Array(#"{"query":"storm","context":"1"}"#.utf8))
      }
      #expect(answer.status == 200)
      let lines = try answer.body.split(separator: 0x0A).map { try JSON(Array($0)) }
      let search = try await fixture.request("GET", "/v1/search?query=storm&limit=0&all-hits=true&total=hits&context=1").json
      #expect(try lines.count == search["total"]["hits"].integer)
      let results = try search["results"].array
      let first = try #require(try results.first { try $0["id"].string == lines[0]["id"].string })
      let hit = try first["hits"].array[0]
      for name in ["field", "left", "match", "right"] { #expect(try lines[0][name].string == hit[name].string) }
      for name in ["lo", "hi"] { #expect(try lines[0][name].integer == hit[name].integer) }
      #expect(try lines[0]["bytes"].array.map { try $0.integer } == hit["bytes"].array.map { try $0.integer })
      #expect(try lines[0]["words"].array[0]["form"].string == "storm")
      #expect(try lines[0]["title"].string == first["title"].string)
      #expect(try lines[0]["date"].string == first["date"].string)
    }
  }

  @Test("As CSV it has a header and the same lines; refusals come before anything is sent")
  func exportCSV() async throws {
    try await Self.withDocuments(10) { fixture in
      func export(_ body: String) async throws -> Client.Answer {
        try await fixture.client { try await $0.request("POST", "/v1/export", json: Array(body.utf8)) }
      }
      let csv = String(decoding: try await export(#"{"query":"storm NEAR/1 word0","format":"csv","context":0}"#).body, as: UTF8.self)
      let rows = csv.components(separatedBy: "\r\n")
      #expect(rows[0] == "id,title,date,field,lo,hi,byte_start,byte_end,words,left,match,right")
      #expect(rows[1] == #"d0,"T, ""0""",2010-03-04,body,0,1,0,11,storm word0,,word0 storm,"#)
      for (body, code) in [
        (#"{"query":"\"a"}"#, "unclosed-quote"), (#"{"query":"a","limit":3}"#, "bad-parameter"),
        (#"{"query":"a","format":"xml"}"#, "bad-parameter"), ("{}", "bad-parameter"),
      ] {
        let refused = try await export(body)
        #expect(refused.status == 400)
        #expect(try JSON(refused.body)["error"]["code"].string == code)
      }
    }
  }

  @Test("The client passes an export on, byte by byte, and tells an empty one and a broken one")
  func exportSession() async throws {
    try await Self.withDocuments(700) { fixture in
      func run(_ query: String, _ change: (inout ExportSession.Options) -> Void = { _ in }) async throws -> (String, CommandStatus) {
        try await fixture.client { client in
          var bytes: [UInt8] = []
          var options = ExportSession.Options()
          change(&options)
          var session = ExportSession(client: client) { bytes += $0 }
          let status = try await session.run(query, options)
          return (String(decoding: bytes, as: UTF8.self), status)
        }
      }
      let (lines, status) = try await run("storm")
      #expect(status == .matches)
      let total = try await fixture.request("GET", "/v1/search?query=storm&total=hits").json["total"]["hits"].integer
      #expect(lines.split(separator: "\n").count == total)
      #expect(try await run("storm") { $0.format = "csv" }.0.components(separatedBy: "\r\n").count == total + 2)
      #expect(try await run("absent") == ("", .none))
      #expect(try await run("storm") { $0.from = "2030" } == ("", .none))
      await #expect(throws: RefusedRequest.self) { try await run("storm AND") }
    }
  }

  @Test("An export that cannot be finished ends with the error object and without the mark of a whole answer")
  func exportCut() async throws {
    try await Self.withDocuments(400) { fixture in
      let connection = try RawConnection(path: fixture.socket)
      let body = #"{"query":"storm","timeout":"1s"}"#
      await connection.send(
        Array("POST /v1/export HTTP/1.1\r\nhost: kwic\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)".utf8))
      let whole = String(decoding: await connection.read(), as: UTF8.self)
      #expect(whole.contains("transfer-encoding: chunked"))
      // The pieces of a stream whose time is over, as the connection would send them.
      let service = fixture.daemon.service
      var request = SearchRequest(query: "storm")
      request.deadlineNanoseconds = service.time.monotonicNanoseconds() + 50_000_000
      let engine = service.engine
      let index = service.index
      let first = try ExportPieces.first { () throws(SearchError) in try engine.hits(of: request, in: index.snapshot()) }
      let place = try #require(service.streams.take())
      var pieces = ExportPieces(first, format: .jsonLines, service: service, place: place, timeoutMilliseconds: 50)
      try await Task.sleep(for: .milliseconds(60))
      guard case .bytes(let bytes) = await pieces.next() else {
        Issue.record("the first piece was made in time")
        return
      }
      #expect(bytes.last == 0x0A)
      guard case .cut(let reason) = await pieces.next() else {
        Issue.record("the second piece is late")
        return
      }
      #expect(try JSON(reason)["error"]["code"].string == "deadline")
    }
  }

  @Test("A client that goes in the middle of a stream frees its place")
  func clientGoes() async throws {
    try await Self.withDocuments(4_000) { fixture in
      let streams = fixture.daemon.service.streams
      do {
        let connection = try RawConnection(path: fixture.socket)
        let body = #"{"query":"storm","context":100}"#
        await connection.send(
          Array("POST /v1/export HTTP/1.1\r\nhost: kwic\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)".utf8))
        _ = await connection.read()
      }
      for _ in 0..<500 where streams.count > 0 { try await Task.sleep(for: .milliseconds(10)) }
      #expect(streams.count == 0)
    }
  }

  @Test("A long answer comes in pieces and is the same object")
  func longAnswer() async throws {
    try await Self.withDocuments(900) { fixture in
      let path = "/v1/search?query=storm&limit=0&all-hits=true&total=hits"
      let connection = try RawConnection(path: fixture.socket)
      await connection.send(Array("GET \(path) HTTP/1.1\r\nhost: kwic\r\nconnection: close\r\n\r\n".utf8))
      #expect(String(decoding: await connection.readToEnd(), as: UTF8.self).contains("transfer-encoding: chunked"))
      let answer = try await fixture.request("GET", path).json
      let results = try answer["results"].array
      #expect(try results.count == answer["total"]["documents"].integer)
      #expect(try results.reduce(0) { try $0 + $1["hits"].array.count } == answer["total"]["hits"].integer)
      // The same through the client's reader, in every format.
      for format in AnswerFormat.allCases {
        var options = SearchOptions()
        options.limit = 0
        options.hasAllHits = true
        let lines = try await Self.print(fixture, "storm", options, format).output.utf8.split(separator: 0x0A).count
        let hits = try answer["total"]["hits"].integer
        let expected =
          switch format {
          case .kwic: hits
          case .csv: hits + 1
          case .ids, .trec: results.count
          case .json, .count: 1
          }
        #expect(lines == expected, "\(format)")
      }
    }
  }

  static func print(
    _ fixture: DaemonFixture, _ query: String, _ options: SearchOptions, _ format: AnswerFormat
  ) async throws -> (output: String, errors: String, status: CommandStatus) {
    try await fixture.client { client in
      var output: [UInt8] = []
      var errors = ""
      let session = SearchSession(
        backend: client, options: options, format: format, screen: Screen(), isList: false,
        output: { output += $0 }, errorOutput: { errors += $0 })
      let status = try await session.run([SearchSession.Query(id: "1", text: query)])
      return (String(decoding: output, as: UTF8.self), errors, status)
    }
  }
}
