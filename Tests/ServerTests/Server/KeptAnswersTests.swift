import Base
import Foundation
@testable import Server
import TestSupport
import Testing

/// Answers that the daemon keeps: whoever asks again has them, and nobody has one that is no longer true.
@Suite("Kept answers")
struct KeptAnswersTests {
  @Test("Asked again, a search has its answer from before, and its pages")
  func again() async throws {
    try await OutputTests.withDocuments { fixture in
      let searches = fixture.daemon.service.searches
      let path = "/v1/search?query=storm&total=hits"
      var ids: [[String]] = []
      for number in 0..<5 {
        let before = searches.load
        let answer = try await fixture.request("GET", path).json
        ids.append(try answer["results"].array.map { try $0["id"].string })
        #expect(searches.load.kept == before.kept + (number < 2 ? 0 : 1))
        #expect(searches.load.answered == before.answered + 1)
        #expect(try answer["took_us"].integer >= 0)
        // The next page is that of the first answer.
        let cursor = try answer["cursor"].string
        let next = try await fixture.request("GET", path + "&after=\(cursor)").json
        ids.append(try next["results"].array.map { try $0["id"].string })
        #expect(searches.load.admitted == 0)
      }
      #expect(Set(ids).count == 2)
    }
  }

  @Test("A change is seen by the next question")
  func change() async throws {
    try await OutputTests.withDocuments { fixture in
      let path = "/v1/search?query=storm&limit=1"
      for round in 0..<4 {
        for _ in 0..<4 {
          let total = try await fixture.request("GET", path).json["total"]["documents"].integer
          #expect(total == 48 + round)
        }
        _ = try await fixture.upload("{\"id\":\"new\(round)\",\"body\":\"storm\"}\n")
      }
    }
  }

  @Test("With none kept, each question is a search")
  func none() async throws {
    try await OutputTests.withDocuments(20, { configuration, _ in configuration.keptAnswersBytesMax = 0 }) { fixture in
      for _ in 0..<4 {
        let status = try await fixture.request("GET", "/v1/search?query=storm").status
        #expect(status == 200)
      }
      #expect(fixture.daemon.service.searches.load.kept == 0)
    }
  }
}
