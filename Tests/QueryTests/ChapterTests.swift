import Foundation
import Index
import Query
import Testing

/// What the chapter shows is what the module says.
struct ChapterTests {
  private let reader = QueryReader(schema: QuerySchema(keywordFields: ["lang"]))
  private let chapter: String
  private let blocks: [[Substring]]

  init() throws {
    let file = URL(fileURLWithPath: #filePath).appending(path: "../../../Sources/Query/Query.docc/Query.md")
      .standardized
    chapter = try String(contentsOf: file, encoding: .utf8)
    blocks = chapter.components(separatedBy: "```").enumerated().filter { $0.offset % 2 == 1 }
      .map { $0.element.split(separator: "\n", omittingEmptySubsequences: true) }
  }

  @Test func refusalsAreReal() throws {
    var codes: Set<QueryProblem.Code> = []
    for block in blocks {
      guard let query = block.first, query.hasPrefix("> ") else { continue }
      let problem = try #require(reader.parse(String(query.dropFirst(2))).problems.first, "\(query)")
      #expect(problem.text() == block.dropFirst().joined(separator: "\n") + "\n")
      codes.insert(problem.code)
    }
    // These four are told in the text: two need an index, two a query of many lines.
    let told: Set<QueryProblem.Code> = [.wildcardTooBroad, .budgetExhausted, .tooLong, .tooDeep]
    #expect(codes.union(told) == Set(QueryProblem.Code.allCases))
  }

  @Test func explanationsAreReal() throws {
    let fixture = try SearchFixture()
    try fixture.put("a", "Air strike hit Raqqa. Few civilians saw the strike.", title: "War in Syria")
    let block = try #require(blocks.first { $0[0].hasPrefix("hit NEAR/2 civilians  ") })
    for line in block {
      let cut = try #require(line.range(of: "  "))
      let request = SearchRequest(query: String(line[..<cut.lowerBound]))
      let explanation = try #require(try fixture.engine.explain(request, id: "a", in: fixture.index.snapshot()))
      #expect(explanation.root.note == line[cut.upperBound...].trimmingCharacters(in: .whitespaces))
    }
    #expect(block.count == 8)
  }

  @Test func sentencesAreReal() throws {
    let block = try #require(blocks.first { $0.count > 1 && $0[1].hasPrefix("  documents ") })
    for index in stride(from: 0, to: block.count, by: 2) {
      #expect(reader.parse(String(block[index])).root?.sentence == String(block[index + 1].dropFirst(2)))
    }
  }

  /// Every row of the table of spellings: read, warned or refused as it says.
  @Test func spellingsOfOtherEnginesAreReadAsSaid() throws {
    let reader = QueryReader(schema: QuerySchema(keywordFields: ["lang"], numberFields: ["pages"]))
    let rows = chapter.split(separator: "\n").filter { row in
      row.hasPrefix("| ") && [" | read: ", " | warned: ", " | refused"].contains(where: { row.contains($0) })
    }
    #expect(rows.count > 100)
    for row in rows {
      let cells = row.replacing("\\|", with: "\u{1}").split(separator: "|")
        .map { $0.trimmingCharacters(in: .whitespaces).replacing("\u{1}", with: "|") }
      let typed = try #require(cells[1].split(separator: "`").first)
      let parts = cells[2].split(separator: "`")
      let meant = cells[2].contains(": `") ? String(parts[1]) : nil
      let parsed = reader.parse(String(typed))
      switch try #require(cells[2].split(whereSeparator: { ":;".contains($0) }).first) {
      case "read": #expect(parsed.root?.text == meant && parsed.warnings == [], "\(typed)")
      case "warned": #expect(parsed.root?.text == meant && !parsed.warnings.isEmpty, "\(typed)")
      default:
        #expect(parsed.root == nil, "\(typed)")
        #expect(meant == nil || parsed.problems.first?.fixes.first == meant, "\(typed)")
      }
    }
  }

  /// The two refusals that need an index, and every row of the table of warnings.
  @Test func whatTheIndexSaysIsReal() throws {
    var fixture = try SearchFixture()
    try fixture.put("a", "The attacks on Aleppo; attackers attacked Aleppo.")
    let refused = blocks.filter { $0.count > 1 && $0[1].contains(": ") && !$0[0].hasPrefix("> ") }
    let broad = try #require(refused.first { $0[1].hasPrefix("wildcard-too-broad") })
    let budget = try #require(refused.first { $0[1].hasPrefix("budget-exhausted") })
    fixture.engine.positionsMax = 3
    #expect(try fixture.problem(String(budget[0]))?.text() == budget.dropFirst().joined(separator: "\n") + "\n")
    fixture.engine.positionsMax = 1_000
    let words = (0..<1_500).map { "xy\($0 % 3 == 0 ? "a" : "b")\($0)" }
    try fixture.put("many", words.joined(separator: " "))
    #expect(try fixture.problem(String(broad[0]))?.text() == broad.dropFirst().joined(separator: "\n") + "\n")
  }

  @Test func warningsAreReal() throws {
    let fixture = try SearchFixture()
    try fixture.put("a", "The attacks on Aleppo; attackers attacked Aleppo.")
    var codes: Set<String> = []
    for row in chapter.split(separator: "\n") where row.hasPrefix("| `") {
      let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      let name = cells[0].replacing("`", with: "")
      guard cells.count == 3, let code = QueryWarning.Code(rawValue: name) else { continue }
      codes.insert(code.rawValue)
      // Met in FilterTests and StoryTests: one takes an index with keyword fields, one a request that collapses.
      guard code != .valueNotInIndex, code != .noFingerprint else { continue }
      let query = String(cells[1].dropFirst().dropLast())
      let warning = try #require(try fixture.search(query).warnings.first { $0.code == code }, "\(query)")
      let suggestions = warning.suggestions.map { $0.contains(" ") ? "Suggests `\($0)`" : "Nearest forms: \($0)" }
      #expect(([warning.message] + suggestions).joined(separator: " ") == cells[2], "\(query)")
    }
    #expect(codes == Set(QueryWarning.Code.allCases.map(\.rawValue)))
  }
}
