import Base
import Foundation
import Query
@testable import Server
import TestSupport
import Testing

/// Receipts through a real socket, their digest and its check.
@Suite("Receipts")
struct ReceiptTests {
  // MARK: Canonical form

  /// RFC 8785: names by UTF-16 code units, the fewest escapes, no blanks.
  @Test("The canonical form is that of RFC 8785", arguments: [
    (#"{ "b" : 1 , "a" : [ true, null, "x" ] }"#, #"{"a":[true,null,"x"],"b":1}"#),
    (#"{"\u20ac":"Euro","\r":"CR","\ufb33":"He","1":"1","\ud83d\ude00":"smile","\u0080":"ctrl","\u00f6":"o"}"#,
     "{\"\\r\":\"CR\",\"1\":\"1\",\"\u{80}\":\"ctrl\",\"\u{f6}\":\"o\",\"\u{20ac}\":\"Euro\",\"\u{1F600}\":\"smile\",\"\u{fb33}\":\"He\"}"),
    (#"{"x":"\/\u0022\u005c\u007f\u000b\b\f\n\t"}"#, "{\"x\":\"/\\\"\\\\\u{7f}\\u000b\\b\\f\\n\\t\"}"),
    ("{}", "{}"), (#"{"a":{},"b":[],"c":-7}"#, #"{"a":{},"b":[],"c":-7}"#),
  ])
  func canonical(text: String, expected: String) throws {
    let members = try CanonicalJSON.members(Array(text.utf8))
    #expect(String(decoding: CanonicalJSON.object(members), as: UTF8.self) == expected)
  }

  @Test("What has no one form is refused", arguments: [
    #"{"a":1.5}"#, #"{"a":1e3}"#, #"{"a":-0}"#, #"{"a":9007199254740992}"#, #"{"a":1,"a":2}"#, #"{"a":1,"\u0061":1}"#,
    "[1]", #"{"a":1"#, #"{"a":1} x"#, "{\"a\":\"\u{1}\"}",
  ])
  func refused(text: String) {
    #expect(throws: CanonicalJSON.Problem.self) { try CanonicalJSON.members(Array(text.utf8)) }
  }

  @Test("Names that only look alike are different members")
  func lookalikes() throws {
    let members = try CanonicalJSON.members(Array("{\"\u{e9}\":1,\"e\u{301}\":2}".utf8))
    #expect(members.count == 2)
  }

  @Test("The digest is SHA-256 as others compute it")
  func knownDigest() throws {
    // printf '{"a":1,"b":"x"}' | sha256sum
    let digest = try ReceiptDigest.digest(of: Array(#"{"b": "x", "digest": "sha256:0", "a": 1}"#.utf8))
    #expect(digest == "sha256:ecf9e98ec0641e23113ff3ce8bdc78d0ddd249886517fd4a7f68cc83d4e65667")
  }

  // MARK: Through the socket

  private static func answer(_ fixture: DaemonFixture, _ json: String) async throws -> [UInt8] {
    try await fixture.client { try await $0.request("POST", "/v1/search", json: Array(json.utf8)) }.body
  }

  @Test("A receipt names what was searched and is found intact; any change is found")
  func receipt() async throws {
    try await DaemonFixture.run { configuration, folder in
      try FileManager.default.createDirectory(atPath: folder.path("texts"), withIntermediateDirectories: false)
      try folder.write(Array("Harbour\n\nThe storm was strong.\n".utf8), to: "texts/a.txt")
      try folder.write(Array("{\"id\":\"j\",\"body\":\"storms\"}\nbad\n".utf8), to: "texts/b.jsonl")
      try folder.write([1, 0, 2], to: "texts/c.txt")
      try folder.write([1, 0, 2], to: "texts/d.png")
      configuration.watch = [folder.path("texts")]
    } _: { fixture in
      await fixture.daemon.waitForImport()
      let body = try await Self.answer(fixture, #"{"query":"storm NOT sea*","receipt":true}"#)
      let receipt = try JSON(body)["receipt"]
      #expect(try receipt["kind"].string == SearchReceipt.kind)
      #expect(try receipt["searched"]["documents"].integer == 2)
      #expect(try receipt["searched"]["files"]["total"].integer == 4)
      #expect(try receipt["searched"]["files"]["indexed"].integer == 2)
      #expect(try receipt["total"]["documents"].integer == 2)
      let missing = try receipt["not_searched"]
      #expect(try missing["files"].integer == 3)
      // The bad line, and the one document that the binary file would have been.
      #expect(try missing["refused_documents"].integer == 2)
      #expect(try missing["waiting_files"].integer == 0)
      let reasons = try missing["reasons"].array.map {
        try "\($0["state"].string) \($0["reason"].string) \($0["files"].integer)"
      }
      #expect(reasons == ["failed binary-file 1", "indexed malformed-json 1", "skipped unknown-format 1"])
      #expect(try missing["named"].array.map { try $0["path"].string } == ["c.txt", "b.jsonl", "d.png"].map { fixture.folder.path("texts/\($0)") })
      let expansions = try receipt["expansions"].array.map { try "\($0["term"].string) \($0["kind"].string) \($0["forms"].integer)" }
      #expect(expansions == ["storm stem 2", "sea* wildcard 0"])
      #expect(try receipt["budget"].has("reached"))

      let check = ReceiptCheck(body)
      #expect(check.verdict == .intact)
      #expect(check.text.contains("found         2 documents\n"))
      #expect(check.text.contains("not searched"))
      let text = String(decoding: body, as: UTF8.self)
      for (old, new) in [("\"documents\":2,\"words\"", "\"documents\":3,\"words\""), ("binary-file", "binary-fil"), ("sha256:", "sha256:0")] {
        let altered = text.replacing(old, with: new)
        #expect(altered != text)
        let verdict = ReceiptCheck(Array(altered.utf8)).verdict
        guard case .altered = verdict else {
          Issue.record("\(old) -> \(new): \(verdict)")
          continue
        }
      }
    }
  }

  @Test("Blanks and the order of members do not count; answers around a receipt do not either")
  func pretty() async throws {
    try await DaemonFixture.run { fixture in
      _ = try await fixture.upload(#"{"id":"a","title":"Öl \"1\"","body":"storm"}"#)
      let body = try await Self.answer(fixture, #"{"query":"storm \u007f","receipt":true,"collapse":true,"total":"hits"}"#)
      #expect(ReceiptCheck(body).verdict == .intact)
      let object = try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]
      let receipt = try #require(object?["receipt"])
      let pretty = try JSONSerialization.data(withJSONObject: receipt, options: [.prettyPrinted])
      #expect(ReceiptCheck([UInt8](pretty)).verdict == .intact)
      #expect(try JSON(body)["receipt"]["total"]["stories"].integer == 1)
    }
  }

  @Test("Without a receipt there is nothing to check", arguments: [
    #"{"query":"a","results":[]}"#, "not json", #"{"receipt":{"kind":"x"}}"#, #"{"receipt":1,"receipt":2}"#, "[]",
  ])
  func none(text: String) {
    guard case .none = ReceiptCheck(Array(text.utf8)).verdict else {
      Issue.record("\(text) has no receipt")
      return
    }
  }

  @Test("The client asks for receipts and stories and prints them for people")
  func printed() async throws {
    try await DaemonFixture.run { fixture in
      let lead = "The ministry said on Monday that wheat exports would resume once the ports on the river reopen after the storm"
      _ = try await fixture.upload(
        #"{"id":"a","body":"\#(lead)","date":"2019-03-04"}"# + "\n" + #"{"id":"b","body":"\#(lead)!","date":"2019-03-02"}"#)
      var options = SearchOptions()
      options.collapses = true
      options.givesReceipt = true
      let printed = try await fixture.client { client in
        var output = ""
        var errors = ""
        let session = SearchSession(
          backend: client, options: options, format: .kwic, screen: Screen(), isList: false,
          output: { output += String(decoding: $0, as: UTF8.self) }, errorOutput: { errors += $0 })
        _ = try await session.run([SearchSession.Query(id: "1", text: "wheat")])
        return (output, errors)
      }
      #expect(printed.0.contains("+ 1 near-duplicate, first 2019-03-02\n"))
      #expect(printed.1.contains("2 documents, 1 story, 1 shown\n"))
      #expect(printed.1.contains("  found         2 documents, 1 story\n"))
      #expect(printed.1.contains("  digest        sha256:"))
      let refused = try await fixture.request("POST", "/v1/search", json: #"{"query":"wheat","collapse":true,"sort":"left"}"#)
      #expect(refused.status == 400)
    }
  }

  @Test("An index without a daemon gives receipts too")
  func offline() async throws {
    let folder = try TemporaryDirectory("kwic-receipt")
    var configuration = Configuration()
    configuration.index = folder.path("index")
    configuration.socket = folder.path("kwic.sock")
    let daemon = try await Daemon.start(configuration, logger: DaemonFixture.quiet)
    _ = try await DaemonFixture(folder: folder, daemon: daemon).upload(#"{"id":"a","body":"one two"}"#)
    await daemon.stop()
    let answer = try await OfflineIndex(directory: configuration.index).search(Array(#"{"query":"three","receipt":true}"#.utf8))
    let check = ReceiptCheck(answer.body)
    #expect(check.verdict == .intact)
    #expect(check.text.contains("no document"))
    #expect(check.text.contains("nothing was left out"))
  }
}
