import Foundation
import TestSupport
import Testing

@testable import Analysis

/// Real text beside the project.
@Suite struct ArchiveTests {
  private struct OracleCase: Decodable { var documents: [String]? }

  /// The oracle splits on `\w+`; on its own texts the words are the same.
  @Test(.enabled(if: SharedData.isThere, SharedData.comment)) func oracleWords() throws {
    var count = 0
    for line in try SharedData.lines("oracle/cases.jsonl") where line.starts(with: Array(#"{"documents""#.utf8)) {
      for document in try JSONDecoder().decode(OracleCase.self, from: Data(line)).documents ?? [] {
        let words = document.lowercased().matches(of: /\w+/).map { String($0.output) }
        try #require(Analyzed(document).forms == words)
        count += words.count
      }
    }
    #expect(count > 1_000)
  }

  private struct Article: Decodable { var body: String }

  @Test(.enabled(if: SharedData.isThere, SharedData.comment)) func fastPathOnNews() throws {
    let general = Analyzer(usesFastPath: false)
    for line in try SharedData.lines("data/wikinews.jsonl") where !line.isEmpty {
      let text = Array(try JSONDecoder().decode(Article.self, from: Data(line)).body.utf8)
      let result = Analyzed(text)
      try #require(result == Analyzed(text, general))
      try #require(!result.words.isEmpty)
    }
  }

  /// The pair that this project started from.
  @Test(.enabled(if: SharedData.isThere, SharedData.comment)) func raqqaAndCivilians() throws {
    let text = try SharedData.lines("data/seed-article.txt").joined(separator: [0x0A])
    let words = Analyzed(Array(text)).words
    let raqqa = words.filter { $0.forms.contains("raqqa") }.map(\.position)
    let civilians = words.filter { $0.forms.contains("civilians") }.map(\.position)
    let distances = raqqa.flatMap { left in civilians.map { abs(Int($0) - Int(left)) } }
    #expect(distances.min() == 34)
  }
}
