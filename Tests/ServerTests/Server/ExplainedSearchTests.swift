import Foundation
import Query
@testable import Server
import TestSupport
import Testing

/// `kwic search --explain`, and searches that their budget or their deadline ends, through a real socket.
@Suite("Explained searches")
struct ExplainedSearchTests {
  private static let lines = """
    {"id":"near","body":"Storm over the coast. Pilots saw the storm.","lang":"en"}
    {"id":"far","body":"A storm came, and long after it had gone the pilots could fly again.","lang":"en"}
    {"id":"other","body":"Calm after the storm.","lang":"en"}
    """

  private static func withDocuments<Value: Sendable>(
    _ change: (inout Configuration, TemporaryDirectory) throws -> Void = { _, _ in },
    _ body: (DaemonFixture) async throws -> Value
  ) async throws -> Value {
    try await DaemonFixture.run(change) { fixture in
      _ = try await fixture.upload(lines)
      return try await body(fixture)
    }
  }

  @Test("Each result says what an explanation of it alone says")
  func results() async throws {
    try await Self.withDocuments { fixture in
      let query = "pilots%20NEAR%2F20%20storm"
      let answer = try await fixture.request("GET", "/v1/search?query=\(query)&explain=true").json
      let results = try answer["results"].array
      #expect(results.count == 2)
      for result in results {
        let alone = try await fixture.request("GET", "/v1/explain?query=\(query)&id=\(result["id"].string)").json
        let beside = try result["explanation"]
        for name in ["length", "average_length", "documents", "tree", "score_parts"] {
          #expect(try beside[name].text == alone[name].text)
        }
        #expect(try beside["tree"]["part"].string == "NEAR/20")
      }
      let lines = try await fixture.request("GET", "/v1/search?query=\(query)&explain=text").json
      let text = try lines["results"].array[0]["explanation"].string
      #expect(text.hasPrefix("yes  NEAR/20  ") && text.contains("\nscore "))
      let plain = try await fixture.request("GET", "/v1/search?query=\(query)").json
      #expect(try !plain["results"].array[0].has("explanation"))
    }
  }

  @Test("What explanations do not go with is refused")
  func refusals() async throws {
    try await Self.withDocuments { fixture in
      for path in ["/v1/search?query=storm&explain=yes", "/v1/search?query=storm&explain=true&sort=left"] {
        let refused = try await fixture.request("GET", path)
        #expect(try refused.status == 400 && refused.json["error"]["code"].string == "bad-parameter")
      }
    }
  }

  @Test("The client prints them below the lines of each document, or passes the objects on")
  func client() async throws {
    try await Self.withDocuments { fixture in
      func run(_ format: AnswerFormat) async throws -> String {
        var options = SearchOptions()
        options.explains = true
        return try await fixture.client { client in
          var output = ""
          let session = SearchSession(
            backend: client, options: options, format: format, screen: Screen(), isList: false,
            output: { output += String(decoding: $0, as: UTF8.self) }, errorOutput: { _ in })
          let status = try await session.run([.init(id: "1", text: "storm lang:en")])
          #expect(status == .matches)
          return output
        }
      }
      let lines = try await run(.kwic).split(separator: "\n").map(String.init)
      #expect(lines[0].contains("[Storm]"))
      let explained = lines.filter { $0.hasPrefix("  ") }
      #expect(explained.contains("  yes  AND  2 hits"))
      #expect(explained.contains("  yes    lang:\"en\"  the document's lang is \"en\""))
      #expect(explained.contains { $0.hasPrefix("  score ") })
      let object = try JSON(Array(try await run(.json).utf8))
      #expect(try object["results"].array.allSatisfy { try $0["explanation"]["score_parts"].array.count == 1 })
    }
  }

  @Test("Stored texts do not reach the terminal with their control characters")
  func terminal() {
    let answer = ExplainAnswer(isMatch: true, text: "\u{1B}[2Jx matches\nyes  a \u{202E}b\n", json: "{}")
    #expect(answer.text == " [2Jx matches\nyes  a b\n")
  }

  @Test("A budget that ends a search names the operator; one that ends a count marks it partial")
  func budget() async throws {
    try await OutputTests.withDocuments(60, { configuration, _ in configuration.searchPositionsMax = 40 }) { fixture in
      let refused = try await fixture.request("GET", "/v1/search?query=storm%20NEAR%2F5%20after0")
      #expect(refused.status == 504)
      let error = try refused.json["error"]
      #expect(try error["code"].string == "budget-exhausted")
      #expect(try error["message"].string == "The search visited 40 positions and was ended at the operator NEAR.")
      #expect(try error["bytes"].array.map { try $0.integer } == [0, 19])
      #expect(try error["caret"].string == "storm NEAR/5 after0\n^^^^^^^^^^^^^^^^^^^")
      #expect(try error["partial_documents"].integer < 48)
      // Documents of a word are counted without their positions; hits are not.
      let total = try await fixture.request("GET", "/v1/search?query=storm&total=hits").json["total"]
      #expect(try total["documents"].integer == 48 && total["hits"].integer < 96 && total.has("partial"))
      let whole = try await fixture.request("GET", "/v1/search?query=after3&total=hits").json["total"]
      #expect(try whole["hits"].integer <= 16 && !whole.has("partial"))
    }
  }
}
