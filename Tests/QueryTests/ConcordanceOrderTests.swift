import Base
import Index
import Query
import TestSupport
import Testing

/// Lines sorted by their contexts, whole sentences, and words marked in a text.
struct ConcordanceOrderTests {
  private let fixture: SearchFixture

  init() throws {
    fixture = try SearchFixture()
    try fixture.put("a", "The old bridge fell. A new bridge stands; the bridge holds.", title: "Bridge")
    try fixture.put("b", "Élan bridge over there. Old bridge again!")
  }

  private func lines(_ order: SearchRequest.Order, _ change: (inout SearchRequest) -> Void = { _ in }) throws -> [String] {
    let answer = try fixture.search("bridge") {
      $0.order = order
      $0.limit = 0
      change(&$0)
    }
    return answer.results.flatMap { result in
      result.hits.map { "\(result.id) \($0.field) \($0.lo)" }
    }
  }

  @Test func linesOfAllDocumentsAreSortedByTheWordsBeforeThem() throws {
    // Folded: Élan stands at e. Nearest word first, then the next; the beginning of a field before everything.
    #expect(
      try lines(.left) == ["a title 0", "b body 1", "a body 6", "a body 2", "b body 5", "a body 9"])
  }

  @Test func orByTheWordsBehindThem() throws {
    #expect(
      try lines(.right) == ["a title 0", "b body 5", "a body 2", "a body 9", "b body 1", "a body 6"])
  }

  @Test func theLimitCountsLines() throws {
    let all = try lines(.right)
    #expect(try lines(.right) { $0.limit = 2 } == Array(all.prefix(2)))
    #expect(try lines(.right) { ($0.limit, $0.offset) = (3, 2) } == Array(all[2..<5]))
    let answer = try fixture.search("bridge") {
      $0.order = .left
      $0.total = .hits
      $0.limit = 1
    }
    #expect(answer.totalHits == 6 && answer.totalDocuments == 2)
    #expect(answer.results.count == 1 && answer.results[0].hitCount == 4)
  }

  @Test func contextIsSortedAsANaiveSortOrdersIt() throws {
    try Property.check("order by context", seconds: 3) { random in
      let fixture = try SearchFixture()
      let words = ["k", "a", "b", "É", "zz", "the"]
      for number in 0..<8 {
        let count = Int.random(in: 0...40, using: &random)
        try fixture.put("\(number)", (0..<count).map { _ in words.randomElement(using: &random)! }.joined(separator: " "))
      }
      for order in [SearchRequest.Order.left, .right] {
        let limit = Int.random(in: 0...30, using: &random)
        let answer = try fixture.search("k") {
          $0.order = order
          $0.limit = limit
        }
        let lines = answer.results.flatMap { result in result.hits.map { "\(result.id) \($0.lo)" } }
        let unsorted = try fixture.search("k") {
          $0.limit = 0
          $0.showsAllHits = true
        }
        var naive: [(key: [String], id: Int, lo: Int)] = []
        for result in unsorted.results {
          for hit in result.hits {
            let side = order == .left ? hit.left : hit.right
            let context = side.split(separator: " ").map { $0 == "É" ? "e" : String($0) }
            naive.append((order == .left ? context.reversed() : context, Int(result.id)!, hit.lo))
          }
        }
        naive.sort {
          if $0.key != $1.key { return $0.key.lexicographicallyPrecedes($1.key) }
          return ($0.id, $0.lo) < ($1.id, $1.lo)
        }
        let expected = naive.map { "\($0.id) \($0.lo)" }
        try #require(lines == (limit == 0 ? expected : Array(expected.prefix(limit))))
      }
    }
  }

  @Test func aContextCanBeTheWholeSentence() throws {
    try fixture.put("s", "First one here.  “So the dam broke,” he said (twice). Mr. Low left U.S. soil.\n\nNext day.")
    func sentence(_ query: String) throws -> [String] {
      try fixture.search(query) { $0.context = .sentence }.results.filter { $0.id == "s" }
        .flatMap { $0.hits.map { "\($0.left)[\($0.match)]\($0.right)" } }
    }
    #expect(try sentence("dam") == ["“So the [dam] broke,” he said (twice)."])
    #expect(try sentence("first") == ["[First] one here."])
    #expect(try sentence("soil") == ["Mr. Low left U.S. [soil]."])
    #expect(try sentence("day") == ["Next [day]."])
    // A hit over two sentences has both.
    #expect(try sentence("here PRE/4 dam") == ["First one [here.  “So the dam] broke,” he said (twice)."])
  }

  @Test func aSentenceWithoutEndIsCut() throws {
    try fixture.put("long", Array(repeating: "word", count: 5_000).joined(separator: " ") + " dam")
    let hit = try #require(try fixture.search("dam") { $0.context = .sentence }.results.first?.hits.first)
    #expect(hit.left.split(separator: " ").count == 1_000)
  }

  @Test func exactlyTheWordsOfHitsAreMarked() throws {
    func marked(_ query: String, _ id: String) throws -> [String] {
      let found = try fixture.engine.highlight(SearchRequest(query: query), documentID: id, in: fixture.index.snapshot())
      return try #require(found).values.map { value in
        var text = Array(value.text.utf8)
        for range in value.ranges.reversed() {
          text.replaceSubrange(range, with: Array("[".utf8) + text[range] + Array("]".utf8))
        }
        return String(decoding: text, as: UTF8.self)
      }
    }
    #expect(
      try marked("bridge", "a") == [
        "[Bridge]", "The old [bridge] fell. A new [bridge] stands; the [bridge] holds.",
      ])
    #expect(try marked("the PRE/1 bridge", "a")[1] == "The old bridge fell. A new bridge stands; [the] [bridge] holds.")
    #expect(try marked("\"the * bridge\"", "a")[1] == "[The] old [bridge] fell. A new bridge stands; the bridge holds.")
    #expect(try marked("elan NOT absent", "b") == ["[Élan] bridge over there. Old bridge again!"])
    // No match: nothing is marked, though the word stands there.
    #expect(try marked("bridge elan", "a")[0] == "Bridge")
    #expect(
      try fixture.engine.highlight(SearchRequest(query: "a"), documentID: "none", in: fixture.index.snapshot()) == nil)
  }
}
