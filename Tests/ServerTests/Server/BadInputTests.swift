import Base
@testable import Server
import Testing

/// Every kind of bad line among good ones: a clear answer to each, the rest stored, the daemon up.
@Suite("Bad input")
struct BadInputTests {
  @Test("Each bad line is answered by its code, the others are stored")
  func table() async throws {
    let longID = String(repeating: "i", count: Limits.documentIDBytesMax + 1)
    let lines: [(line: [UInt8], answer: String)] = [
      (Array(#"{"id":"ok1","body":"fine"}"#.utf8), "stored"),
      (Array(#"{"id":"x","body":"unclosed}"#.utf8), "malformed-json"),
      (Array("\"text\"".utf8), "not-an-object"),
      (Array(#"{"body":"no id"}"#.utf8), "missing-id"),
      (Array(#"{"id":"\#(longID)"}"#.utf8), "id-too-long"),
      (Array(#"{"id":"x","body":["a",{}]}"#.utf8), "wrong-type"),
      (Array(#"{"id":"x","body":""#.utf8) + [0xC3, 0x28] + Array(#""}"#.utf8), "invalid-utf8"),
      (Array(#"{"id":"x","body":"a"#.utf8) + [0] + Array(#"b"}"#.utf8), "malformed-json"),
      (Array(#"{"id":"x","date":"yesterday"}"#.utf8), "bad-date"),
      (Array(#"{"id":"x","id":"y"}"#.utf8), "duplicate-field"),
      (Array("{\"id\":\"ok2\",\"body\":\"fine\"}\r".utf8), "stored"),
    ]
    try await DaemonFixture.run { fixture in
      let answers = try await fixture.upload([UInt8](lines.map(\.line).joined(separator: [0x0A])))
      #expect(answers.count == lines.count + 1)
      for (index, expected) in lines.enumerated() {
        let answer = answers[index]
        let result = try answer["result"].string
        #expect(try answer["line"].integer == index + 1)
        #expect(try (result == "refused" ? answer["code"].string : result) == expected.answer)
        if result == "refused" { #expect(try !answer["message"].string.isEmpty) }
      }
      #expect(try answers[1]["column"].integer == 28)
      #expect(try answers[6]["column"].integer == 19)
      #expect(try answers[lines.count]["stored"].integer == 2)
      #expect(try answers[lines.count]["refused"].integer == 9)
      #expect(try await fixture.ids("fine") == ["ok1", "ok2"])
    }
  }

  @Test("Nothing at all, blank lines, a byte order mark, a last line without an end", arguments: [
    ("", []), ("\n \n\r\n", []), ("\u{FEFF}{\"id\":\"a\"}\n", [1]), ("\n{\"id\":\"a\"}\r\n\n{\"id\":\"b\"}", [2, 4]),
  ])
  func shapes(body: String, lines: [Int]) async throws {
    try await DaemonFixture.run { fixture in
      let answers = try await fixture.upload(body)
      #expect(try answers.dropLast().map { try $0["line"].integer } == lines)
      #expect(try answers.last?["lines"].integer == lines.count)
    }
  }

  @Test("A line of 200 MB is refused without being held, and its neighbours are stored")
  func hugeLine() async throws {
    try await DaemonFixture.run { fixture in
      let total = 200 << 20
      let before = Array("{\"id\":\"a\"}\n{\"id\":\"huge\",\"body\":\"".utf8)
      let after = Array("\"}\n{\"id\":\"b\"}\n".utf8)
      let connection = try RawConnection(path: fixture.socket)
      let length = before.count + total + after.count
      await connection.send(
        Array("POST /v1/documents HTTP/1.1\r\nconnection: close\r\ncontent-length: \(length)\r\n\r\n".utf8) + before)
      let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
      for _ in 0..<(total >> 20) { await connection.send(piece) }
      await connection.send(after)
      let answer = String(decoding: await connection.readToEnd(), as: UTF8.self)
      #expect(answer.contains(#"{"line":2,"result":"refused","code":"too-long""#))
      #expect(answer.contains(#""lines":3,"stored":2,"replaced":0,"refused":1"#))
    }
  }
}
