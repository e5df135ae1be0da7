import Foundation
import Index
import Query
import Testing

/// What the chapter shows is what the module says.
struct ChapterTests {
  private let reader = QueryReader(schema: QuerySchema(keywordFields: ["lang"]))
  private let blocks: [[Substring]]

  init() throws {
    let file = URL(fileURLWithPath: #filePath).appending(path: "../../../Sources/Query/Query.docc/Query.md")
      .standardized
    let chapter = try String(contentsOf: file, encoding: .utf8)
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

  /// Every cell of the table of spellings that shows a correction names one that is offered.
  @Test(arguments: [
    ("a || b", "a OR b"), ("a << b", "a BEFORE b"), ("!b", "-b"), ("@title a", "title:a"), ("a SENTENCE b", "a SENT b"),
    ("a /5 b", "a NEAR/5 b"), ("a +5 b", "a PRE/5 b"), ("a /s b", "a SENT b"), ("a w/p b", "a PARA b"),
    ("a % b", "a NOT b"), ("NEAR(a \"b c\", 5)", "NEAR/6(a, \"b c\")"), ("a <-> b", "a PRE/1 b"),
    ("a <3> b", "a PRE/3..3 b"), ("a ADJ/5 b", "a PRE/5 b"),
  ])
  func foreignSpellingsAreCorrected(_ query: String, _ fix: String) {
    // `-b` alone would be refused itself, so a word stands before it.
    let typed = query == "!b" ? "a \(query)" : query
    let expected = query == "!b" ? "a \(fix)" : fix
    #expect(reader.parse(typed).problems.first?.fixes.first == expected)
  }
}
