import Foundation
@testable import Server
import Testing

/// Statuses and error objects: every refusal has a code, a message and a remedy.
@Suite("HTTP")
struct ProtocolTests {
  @Test("Refusals and their statuses", arguments: [
    ("GET", "/", 404, "unknown-path"), ("GET", "/v1/nothing", 404, "unknown-path"),
    ("GET", "/v1/documents/", 400, "bad-parameter"), ("GET", "/v1/documents/%FF", 400, "bad-parameter"),
    ("GET", "/v1/documents/none", 404, "unknown-document"), ("DELETE", "/v1/documents/none", 404, "unknown-document"),
    ("PUT", "/v1/documents/a", 405, "method-not-allowed"), ("GET", "/v1/documents", 405, "method-not-allowed"),
    ("GET", "/v1/search", 400, "bad-parameter"), ("GET", "/v1/search?query=a&limit=x", 400, "bad-parameter"),
    ("GET", "/v1/search?query=a&sort=length", 400, "bad-parameter"),
    ("GET", "/v1/search?query=a&query=b", 400, "bad-parameter"),
    ("GET", "/v1/search?query=a&timeout=soon", 400, "bad-parameter"),
    ("GET", "/v1/search?query=%22a", 400, "unclosed-quote"),
  ])
  func refusals(method: String, path: String, status: Int, code: String) async throws {
    try await DaemonFixture.run { fixture in
      let answer = try await fixture.request(method, path)
      #expect(answer.status == status)
      let error = try answer.json["error"]
      #expect(try error["code"].string == code)
      #expect(try !error["message"].string.isEmpty)
      #expect(try !(error.has("remedy") ? error["remedy"] : error["hint"]).string.isEmpty)
    }
  }

  @Test("A search may be asked in the path or in a JSON body, with the same names")
  func bothWays() async throws {
    try await DaemonFixture.run { fixture in
      _ = try await fixture.upload("{\"id\":\"a\",\"body\":\"one two\"}\n{\"id\":\"b\",\"body\":\"one three\"}")
      let byPath = try await fixture.request("GET", "/v1/search?query=one+two&words=any&limit=1&hits=0&total=documents")
      let byBody = try await fixture.request(
        "POST", "/v1/search", json: #"{"query":"one two","words":"any","limit":1,"hits":0,"total":"documents"}"#)
      for answer in [byPath, byBody] {
        #expect(answer.status == 200)
        #expect(try answer.json["total"]["documents"].integer == 2)
        #expect(try answer.json["results"].array.map { try $0["id"].string } == ["a"])
      }
      for body in ["[]", "{", "{\"query\":\"a\",\"limit\":[1]}", "{\"query\":\"a\",\"what\":1}"] {
        #expect(try await fixture.request("POST", "/v1/search", json: body).status == 400)
      }
    }
  }

  @Test("A body that is too large is 413, a head that is too large 431, and the daemon stays up")
  func tooLarge() async throws {
    try await DaemonFixture.run { fixture in
      let large = String(repeating: "x", count: 70 << 10)
      let answer = try await fixture.request("POST", "/v1/search", json: "{\"query\":\"\(large)\"}")
      #expect(answer.status == 413)
      #expect(try answer.json["error"]["code"].string == "too-large")
      let head = try await fixture.exchange("GET /v1/search?query=\(large) HTTP/1.1\r\nhost: kwic\r\n\r\n")
      #expect(head.hasPrefix("HTTP/1.1 431 "))
      #expect(head.contains("head-too-large"))
      #expect(try await fixture.request("GET", "/healthz").status == 200)
    }
  }

  @Test("Bytes that are no HTTP get an error object and the door", arguments: [
    "hello\r\n\r\n", "GET\r\n\r\n", "\0\0\0\0\r\n\r\n", "POST /v1/search HTTP/1.1\r\ncontent-length: x\r\n\r\n",
  ])
  func garbage(bytes: String) async throws {
    try await DaemonFixture.run { fixture in
      let answer = try await fixture.exchange(bytes)
      #expect(answer.hasPrefix("HTTP/1.1 400 "))
      #expect(answer.contains("\"code\":\"bad-request\""))
      #expect(try await fixture.request("GET", "/healthz").status == 200)
    }
  }

  @Test("Requests sent ahead of their answers are answered in order; close is respected")
  func pipelined() async throws {
    try await DaemonFixture.run { fixture in
      let get = "GET /healthz HTTP/1.1\r\nhost: kwic\r\n"
      let answer = try await fixture.exchange("\(get)\r\nGET /none HTTP/1.1\r\nhost: kwic\r\n\r\n\(get)connection: close\r\n\r\n")
      let statuses = answer.components(separatedBy: "HTTP/1.1 ").dropFirst().map { $0.prefix(3) }
      #expect(statuses == ["200", "404", "200"])
    }
  }

  @Test("A connection that stays quiet is closed")
  func quietConnection() async throws {
    try await DaemonFixture.run { configuration, _ in
      configuration.idleTimeoutMilliseconds = 50
    } _: { fixture in
      let connection = try RawConnection(path: fixture.socket)
      await connection.send(Array("GET /healthz HTTP/1.1\r\nhost:".utf8))
      #expect(await connection.readToEnd() == [])
    }
  }

  @Test("Who sends all before reading anything, and is held back meanwhile, is not taken for one who does not read")
  func readsLate() async throws {
    try await DaemonFixture.run { configuration, _ in
      configuration.idleTimeoutMilliseconds = 200
      configuration.batchBytesLimit = 1 << 20
    } _: { fixture in
      let socket = fixture.socket
      try await withThrowingTaskGroup(of: String.self) { clients in
        for client in 0..<4 {
          clients.addTask {
            let text = String(repeating: "word ", count: 90)
            let body = (0..<10_000).map { "{\"id\":\"\(client)-\($0)\",\"body\":\"\(text)\($0)\"}\n" }.joined()
            let head = "POST /v1/documents HTTP/1.1\r\nconnection: close\r\ncontent-length: \(body.utf8.count)\r\n\r\n"
            let connection = try RawConnection(path: socket)
            return String(decoding: await connection.exchange(Array((head + body).utf8)).suffix(200), as: UTF8.self)
          }
        }
        for try await end in clients { #expect(end.contains(#""lines":10000,"stored":10000"#)) }
      }
    }
  }

  @Test("Who asks first whether to send a large body is told to go on")
  func expectContinue() async throws {
    try await DaemonFixture.run { fixture in
      let connection = try RawConnection(path: fixture.socket)
      let line = "{\"id\":\"a\"}\n"
      await connection.send(
        Array(
          "POST /v1/documents HTTP/1.1\r\nexpect: 100-continue\r\nconnection: close\r\ncontent-length: \(line.utf8.count)\r\n\r\n"
            .utf8))
      #expect(String(decoding: await connection.read(), as: UTF8.self).hasPrefix("HTTP/1.1 100 "))
      await connection.send(Array(line.utf8))
      #expect(String(decoding: await connection.readToEnd(), as: UTF8.self).contains(#""stored":1"#))
    }
  }

  @Test("The socket is this user's alone, or the group's where the configuration says so", arguments: [false, true])
  func rights(isOpenToGroup: Bool) async throws {
    try await DaemonFixture.run { configuration, _ in
      configuration.isOpenToGroup = isOpenToGroup
    } _: { fixture in
      let rights = try FileManager.default.attributesOfItem(atPath: fixture.socket)[.posixPermissions] as? Int
      #expect(rights == (isOpenToGroup ? 0o660 : 0o600))
    }
  }
}
