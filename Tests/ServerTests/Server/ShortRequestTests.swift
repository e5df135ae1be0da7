import Foundation
@testable import Server
import Testing

/// Requests that are answered without a task, among those that are not: order, limits, and clients that go or wait.
@Suite("Short requests", .serialized)
struct ShortRequestTests {
  private static let search = "GET /v1/search?query=word HTTP/1.1\r\nhost: kwic\r\n\r\n"
  private static let health = "GET /healthz HTTP/1.1\r\nhost: kwic\r\n\r\n"

  private static func statuses(_ bytes: [UInt8]) -> [String] {
    String(decoding: bytes, as: UTF8.self).components(separatedBy: "HTTP/1.1 ").dropFirst().map { String($0.prefix(3)) }
  }

  /// Holds the only thread of the pool until the gate opens.
  private static func block(_ fixture: DaemonFixture, _ gate: SearchPoolTests.Gate) async throws {
    fixture.daemon.service.searches.submit(timeoutMilliseconds: 60_000, { () throws(APIError) in gate.pass() }) { _ in }
    try await SearchPoolTests.wait(fixture.daemon.service.searches) { $0.running == 1 }
  }

  @Test("Requests sent ahead are answered in order, whoever answers them")
  func pipelined() async throws {
    try await DaemonFixture.run { fixture in
      let line = "{\"id\":\"a\",\"body\":\"word\"}\n"
      let upload = "POST /v1/documents HTTP/1.1\r\nhost: kwic\r\ncontent-length: \(line.utf8.count)\r\n\r\n\(line)"
      let body = "{\"query\":\"word\"}"
      let post = "POST /v1/search HTTP/1.1\r\nhost: kwic\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)"
      let status = "GET /v1/status HTTP/1.1\r\nhost: kwic\r\n\r\n"
      let last = "GET /v1/documents/a HTTP/1.1\r\nconnection: close\r\n\r\n"
      let answer = try await fixture.exchange(
        Self.search + status + upload + post + Self.health + "GET /none HTTP/1.1\r\n\r\n" + Self.search + last + Self.health)
      let parts = answer.components(separatedBy: "HTTP/1.1 ").dropFirst()
      #expect(parts.map { $0.prefix(3) } == ["200", "200", "200", "200", "200", "404", "200", "200"])
      let expected = [
        "\"total\":{\"documents\":0}", "\"uptime_s\"", "\"stored\":1", "\"total\":{\"documents\":1}", "{\"status\":\"ok\"}",
        "unknown-path", "\"total\":{\"documents\":1}", "\"body\":\"word\"",
      ]
      for (part, text) in zip(parts, expected) { #expect(part.contains(text)) }
    }
  }

  @Test("Thousands of requests in one piece are answered one after the other, not one inside the other")
  func floodOfSmallRequests() async throws {
    try await DaemonFixture.run { fixture in
      let connection = try RawConnection(path: fixture.socket)
      // They fit into the socket's buffer: the connection reads only when it has sent all.
      let count = 2_000
      async let sent: Void = connection.send(Array(String(repeating: Self.health, count: count).utf8))
      var answers: [UInt8] = []
      let length = try await Self.length(ofOne: Self.health, fixture)
      while answers.count < count * length {
        let piece = await connection.read()
        try #require(!piece.isEmpty)
        answers += piece
      }
      await sent
      #expect(Self.statuses(answers).allSatisfy { $0 == "200" })
    }
  }

  private static func length(ofOne request: String, _ fixture: DaemonFixture) async throws -> Int {
    let connection = try RawConnection(path: fixture.socket)
    await connection.send(Array(request.utf8))
    return await connection.read().count
  }

  @Test("Who says that it will ask nothing more is answered, then the connection ends", arguments: [
    [search], [search, search], ["GET /v1/status HTTP/1.1\r\n\r\n"], [search, "GET /v1/status HTTP/1.1\r\n\r\n", health],
  ])
  func halfClosed(requests: [String]) async throws {
    try await DaemonFixture.run { fixture in
      let connection = try RawConnection(path: fixture.socket)
      await connection.send(Array(requests.joined().utf8))
      connection.endSending()
      #expect(Self.statuses(await connection.readToEnd()) == requests.map { _ in "200" })
    }
  }

  @Test("Half a request and no more is none")
  func halfClosedInTheMiddle() async throws {
    try await DaemonFixture.run { fixture in
      for half in ["GET /v1/sea", "POST /v1/search HTTP/1.1\r\ncontent-length: 9\r\n\r\n{\"que"] {
        let connection = try RawConnection(path: fixture.socket)
        await connection.send(Array(half.utf8))
        connection.endSending()
        #expect(!Self.statuses(await connection.readToEnd()).contains("200"))
      }
      #expect(try await fixture.request("GET", "/healthz").status == 200)
    }
  }

  @Test("At the deadline the client has 504 though every thread is busy, and asks on on the same connection")
  func deadline() async throws {
    try await DaemonFixture.run { configuration, _ in
      configuration.searchThreads = 1
    } _: { fixture in
      let gate = SearchPoolTests.Gate()
      defer { gate.open() }
      try await Self.block(fixture, gate)
      let connection = try RawConnection(path: fixture.socket)
      await connection.send(Array("GET /v1/search?query=word&timeout=50ms HTTP/1.1\r\n\r\n".utf8))
      let late = String(decoding: await connection.read(), as: UTF8.self)
      #expect(late.hasPrefix("HTTP/1.1 504 "))
      #expect(late.contains("\"code\":\"deadline\""))
      await connection.send(Array(Self.health.utf8))
      #expect(Self.statuses(await connection.read()) == ["200"])
      gate.open()
      await connection.send(Array(Self.search.utf8))
      #expect(Self.statuses(await connection.read()) == ["200"])
      try await SearchPoolTests.wait(fixture.daemon.service.searches) { $0.admitted == 0 }
      #expect(fixture.daemon.service.searches.load.late == 1)
    }
  }

  @Test("When all places are taken a request is told so at once")
  func overCapacity() async throws {
    try await DaemonFixture.run { configuration, _ in
      configuration.searchThreads = 1
      configuration.searchWaitingMax = 0
    } _: { fixture in
      let gate = SearchPoolTests.Gate()
      defer { gate.open() }
      try await Self.block(fixture, gate)
      #expect(try await fixture.request("GET", "/v1/search?query=word").status == 429)
      #expect(try await fixture.request("GET", "/healthz").status == 200)
    }
  }

  @Test("Stopping lets a search under way end, and its connection with it")
  func stopInTheMiddle() async throws {
    try await DaemonFixture.run { configuration, _ in
      configuration.searchThreads = 1
      configuration.stopGraceMilliseconds = 20_000
    } _: { fixture in
      let gate = SearchPoolTests.Gate()
      defer { gate.open() }
      try await Self.block(fixture, gate)
      let connection = try RawConnection(path: fixture.socket)
      await connection.send(Array((Self.search + Self.search).utf8))
      try await SearchPoolTests.wait(fixture.daemon.service.searches) { $0.admitted == 2 }
      fixture.daemon.service.beginStopping()
      gate.open()
      // The one that was being answered is, with the word that it is the last.
      let answer = await connection.readToEnd()
      #expect(Self.statuses(answer) == ["200"])
      #expect(String(decoding: answer, as: UTF8.self).contains("connection: close"))
    }
  }

  @Test("A client that goes during its search leaves nothing behind")
  func goneInTheMiddle() async throws {
    try await DaemonFixture.run { configuration, _ in
      configuration.searchThreads = 1
    } _: { fixture in
      let gate = SearchPoolTests.Gate()
      defer { gate.open() }
      try await Self.block(fixture, gate)
      try await {
        let connection = try RawConnection(path: fixture.socket)
        await connection.send(Array(Self.search.utf8))
        try await SearchPoolTests.wait(fixture.daemon.service.searches) { $0.admitted == 2 }
      }()
      gate.open()
      try await SearchPoolTests.wait(fixture.daemon.service.searches) { $0.admitted == 0 }
      #expect(try await fixture.request("GET", "/v1/search?query=word").status == 200)
    }
  }

  /// Documents whose hits have long lines: a search of all of them answers some 700 KB.
  private static func fill(_ fixture: DaemonFixture) async throws {
    let body = String(repeating: "other ", count: 600) + "word " + String(repeating: "other ", count: 600)
    let answers = try await fixture.upload((0..<100).map { "{\"id\":\"\($0)\",\"body\":\"\(body)\"}\n" }.joined())
    #expect(answers.count == 101)
  }

  private static let long = "GET /v1/search?query=word&limit=100&context=1000 HTTP/1.1\r\nhost: kwic\r\n"

  @Test("A long answer reaches a slow reader whole, though it is the last of its connection")
  func slowReader() async throws {
    try await DaemonFixture.run { fixture in
      try await Self.fill(fixture)
      for end in ["connection: close\r\n\r\n", "\r\n"] {
        let connection = try RawConnection(path: fixture.socket)
        await connection.send(Array((Self.long + end).utf8))
        connection.endSending()
        try await Task.sleep(for: .milliseconds(300))
        let answer = await connection.readToEnd()
        #expect(answer.count > 500_000)
        #expect(answer.suffix(3) == Array("]}\n".utf8)[...])
      }
    }
  }

  @Test("Searches are not run ahead for a client that does not read")
  func backPressure() async throws {
    try await DaemonFixture.run { fixture in
      try await Self.fill(fixture)
      let before = fixture.daemon.service.searches.load.answered
      let connection = try RawConnection(path: fixture.socket)
      let count = 60
      await connection.send(Array(String(repeating: Self.long + "\r\n", count: count).utf8))
      try await Task.sleep(for: .milliseconds(500))
      #expect(fixture.daemon.service.searches.load.answered - before < 5)
      connection.endSending()
      #expect(Self.statuses(await connection.readToEnd()).count == count)
    }
  }
}
