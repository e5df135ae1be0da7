import Base
import Index
import Query
import TestSupport
import Testing

/// Searches over a handful of documents, from the request to the answer.
struct SearchTests {
  private let fixture: SearchFixture

  init() throws {
    fixture = try SearchFixture()
    try fixture.put(
      "strike", "An air strike hit Raqqa’s market.\n\nThe strikes killed many civilians.", title: "Air war",
      date: "2016-10-28")
    try fixture.put(
      "talks", "Talks about Mosul: civilians first. The U.S. said so.", title: "Talks", date: "2016-11-02")
    try fixture.put("raqqa", "Raqqa, Raqqa and again Raqqa. Few live there now.", date: "2017-01-01")
    try fixture.put("undated", "Striking air in the mountains; nothing of a city.")
  }

  @Test func unquotedWordsHaveAllFormsAndQuotedOnesTheirOwn() throws {
    #expect(try Set(fixture.ids("strike")) == ["strike", "undated"])
    #expect(try fixture.ids("\"striking\"") == ["undated"])
    #expect(try fixture.ids("=strikes") == ["strike"])
    #expect(try fixture.ids("\"raqqa's\"") == ["strike"])
    #expect(try Set(fixture.ids("\"raqqa\"")) == ["strike", "raqqa"])
    #expect(try fixture.ids("us") == ["talks"])
    #expect(try Set(fixture.ids("strike") { $0.exactForms = true }) == ["strike"])
  }

  @Test func operatorsCombineDocuments() throws {
    #expect(try fixture.ids("civilians raqqa") == ["strike"])
    #expect(try Set(fixture.ids("civilians OR raqqa")) == ["strike", "talks", "raqqa"])
    #expect(try fixture.ids("civilians NOT raqqa") == ["talks"])
    #expect(try fixture.ids("title:talks") == ["talks"])
    #expect(try fixture.ids("title:civilians") == [])
    #expect(try fixture.ids("raqqa NEAR/3 strike") == ["strike"])
    #expect(try fixture.ids("raqqa SENT civilians") == [])
    #expect(try fixture.ids("strike PARA civilians") == ["strike"])
    #expect(try fixture.ids("rag* OR mar*t") == ["strike"])
    #expect(try Set(fixture.ids("raqa~1")) == ["strike", "raqqa"])
    #expect(try fixture.ids("raq* NEAR/2 (market|bazaar)") == ["strike"])
    #expect(try fixture.ids("~\"air strike\"") == ["strike"])
    #expect(try fixture.ids("\"strike air\"~0") == ["strike"])
  }

  /// Found by PairTests (seed 1110): segments whose documents have one value each do without layouts.
  @Test func arbitraryWordsAtTheEndOfAPhraseAreInTheText() throws {
    let single = try SearchFixture()
    try single.put("end", "nobody few live")
    try single.put("more", "few live there now")
    #expect(try single.ids("\"few live * *\"") == ["more"])
    #expect(try Set(single.ids("\"few live\"")) == ["end", "more"])
    #expect(try single.ids("\"few live *\" NEAR/3 now") == ["more"])
    #expect(try single.ids("\"* * few\"") == [])
    #expect(try single.ids("\"* few\"") == ["end"])
  }

  @Test func dateRangesFilterAndOrder() throws {
    #expect(try Set(fixture.ids("date:2016")) == ["strike", "talks"])
    #expect(try fixture.ids("raqqa date:2016-10-28") == ["strike"])
    #expect(try fixture.ids("raqqa NOT date:..2016") == ["raqqa"])
    #expect(try fixture.search("civilians date:2016-11..2017") { $0.limit = 1 }.totalDocuments == 1)
    #expect(try fixture.ids("raqqa OR civilians") { $0.order = .date } == ["strike", "talks", "raqqa"])
    #expect(
      try fixture.ids("raqqa OR civilians OR nothing") { $0.order = .newest } == [
        "raqqa", "talks", "strike", "undated",
      ])
    #expect(try Set(fixture.ids("raqqa OR date:2016")) == ["strike", "talks", "raqqa"])
  }

  @Test func pagesAreCutFromOneOrder() throws {
    let all = try fixture.ids("raqqa OR civilians OR air") { $0.limit = 0 }
    #expect(all.count == 4)
    let second = try fixture.search("raqqa OR civilians OR air") {
      $0.offset = 1
      $0.limit = 2
    }
    #expect(second.results.map(\.id) == Array(all[1...2]))
    #expect(second.totalDocuments == 4)
    #expect(try fixture.ids("raqqa") { $0.offset = 10 } == [])
    #expect(try fixture.search("raqqa") { $0.total = .none }.totalDocuments == nil)
  }

  @Test func hitsNameTheirWordsWithBytesAndContext() throws {
    let answer = try fixture.search("\"raqqa\" near \"civilians\"") {
      $0.context = .words(2)
      $0.total = .hits
    }
    #expect(answer.totalHits == 1)
    let hit = try #require(answer.results.first?.hits.first)
    #expect(hit.field == "body" && hit.lo == 4 && hit.hi == 10)
    #expect(hit.words.map(\.form) == ["raqqa's", "civilians"])
    #expect(hit.left == "strike hit ")
    #expect(hit.match == "Raqqa’s market.\n\nThe strikes killed many civilians")
    #expect(hit.right == ".")
    let body = Array("An air strike hit Raqqa’s market.\n\nThe strikes killed many civilians.".utf8)
    #expect(String(decoding: body[hit.bytes], as: UTF8.self) == hit.match)
    #expect(hit.words.map { String(decoding: body[$0.bytes], as: UTF8.self) } == ["Raqqa’s", "civilians"])
  }

  @Test func onlyAsManyHitsAsAskedForAreShown() throws {
    let few = try fixture.search("raqqa") { $0.hitsPerDocument = 2 }
    let result = try #require(few.results.first { $0.id == "raqqa" })
    #expect(result.hitCount == 3 && result.hits.map(\.lo) == [0, 1])
    let all = try fixture.search("raqqa") { $0.showsAllHits = true }
    #expect(all.results.first { $0.id == "raqqa" }?.hits.map(\.lo) == [0, 1, 4])
  }

  @Test func theAnswerHasTheShapeOfTheInterface() throws {
    var answer = try fixture.search("\"few\" \"live\"") { $0.total = .hits }
    answer.tookMicroseconds = 180
    answer.results[0].score = 3.5
    answer.results[0].hits.removeLast()
    let expected =
      #"{"query":"\"few\" \"live\"","parsed":"documents with exactly \"few\" and with exactly \"live\"","#
      + #""total":{"documents":1,"hits":2},"took_us":180,"snapshot":5,"warnings":[],"results":[{"id":"raqqa","score":3.5,"#
      + #""title":"","date":"2017-01-01","hit_count":2,"hits":[{"field":"body","lo":5,"hi":5,"bytes":[30,33],"#
      + #""words":[{"form":"few","position":5,"bytes":[30,33]}],"left":"Raqqa, Raqqa and again Raqqa. ","#
      + #""match":"Few","right":" live there now."}]}]}"#
    #expect(String(decoding: answer.json(), as: UTF8.self) == expected)
  }

  @Test func anyOfTheWordsIsPlainText() throws {
    let answer = try fixture.search("Raqqa AND \"(civilians") { $0.words = .any }
    #expect(Set(answer.results.map(\.id)) == ["strike", "talks", "raqqa"])
    #expect(answer.parsed == "documents with any form of any of raqqa, and, civilians")
  }

  @Test func longFieldsAreShownFromTheirCheckpoints() throws {
    let words = (0..<1_000).map { "w\($0)" }
    try fixture.put("long", words.joined(separator: " "))
    for number in [0, 126, 127, 128, 129, 500, 999] {
      let hit = try #require(fixture.search("\"w\(number)\"") { $0.context = .words(3) }.results.first?.hits.first)
      #expect(hit.lo == number)
      #expect(hit.match == words[number])
      #expect(hit.left == words[max(0, number - 3)..<number].map { $0 + " " }.joined())
      #expect(hit.right == words[(number + 1)..<max(number + 1, min(1_000, number + 4))].map { " " + $0 }.joined())
    }
  }
}
