import Base
import Index
@testable import Query
import TestSupport
import Testing

/// Searches that are sure to take little: what they answer is what all others answer, and what is not sure is not tried.
struct QuickSearchTests {
  private let fixture: SearchFixture
  private var snapshot: Snapshot { fixture.index.snapshot() }

  private static let words = (0..<12).map { "w\($0)" }

  init() throws {
    fixture = try SearchFixture()
    var random = SplitMix64(seed: 20_261_124)
    for batch in 0..<3 {
      try fixture.apply(
        (0..<60).map { number in
          let count = Int.random(in: 0...400, using: &random)
          let body = (0..<count).map { _ in
            // Words with further forms, escapes and scalars beyond ASCII between them.
            Int.random(in: 0..<6, using: &random) == 0
              ? ["“états-unis’”", "U.S.'s", "a\"b\\c\u{1}", "日本", "\u{FFFD}"].randomElement(using: &random)!
              : Self.words.randomElement(using: &random)!
          }.joined(separator: " ")
          let date = number % 3 == 0 ? nil : "2016-10-\(10 + number % 9)"
          return .put(Document(id: "d\(batch)\"\(number)", title: number % 4 == 0 ? nil : "é \(number)", body: body, date: date))
        })
    }
    try fixture.put("bytes", "w1 \u{7F} w2")
  }

  private enum Tried: Equatable {
    case shown([UInt8])
    case planned
    case unknown
  }

  private func json(_ results: inout SearchResults) throws(SearchError) -> [UInt8] {
    results.answer.tookMicroseconds = 0
    var json = JSONWriter(after: results.answer.jsonHead())
    try results.writeNext(hitsMax: .max, to: &json)
    return json.bytes + results.answer.jsonTail()
  }

  /// What comes of trying; where it is another search, that one's answer is the usual one too.
  private func tried(_ request: SearchRequest) throws -> Tried {
    switch fixture.engine.quick(request, in: snapshot, { (results) throws(SearchError) in try json(&results) }) {
    case .shown(let bytes): return .shown(bytes)
    case .planned(let planned):
      var results = try fixture.engine.results(of: planned)
      #expect(try json(&results) == usual(request))
      return .planned
    case .unknown: return .unknown
    }
  }

  private func tried(_ query: String, _ change: (inout SearchRequest) -> Void = { _ in }) throws -> Tried {
    var request = SearchRequest(query: query)
    change(&request)
    return try tried(request)
  }

  /// The answer made of objects.
  private func usual(_ request: SearchRequest) throws -> [UInt8] {
    var answer = try fixture.search(request)
    answer.tookMicroseconds = 0
    return answer.json()
  }

  private static let queries = [
    "w1", "\"w1\"", "w1 w2", "w3 NEAR/4 w5", "\"w1 w2\"", "w1 OR w4", "w7 NOT w8", "NEAR/6(w1, w2, w3)", "us", "日本",
    "(w1|w2) PRE/3 w4", "title:é w2", "w1^2 OR w3", "\"états unis\"",
  ]

  @Test(arguments: queries) func theAnswerIsTheUsualOne(query: String) throws {
    for limit in [1, 3, 10] {
      for context in [0, 5, 16] {
        var request = SearchRequest(query: query)
        request.limit = limit
        request.context = .words(context)
        let expected = try usual(request)
        #expect(try tried(request) == .shown(expected))
      }
    }
  }

  @Test(arguments: queries, SearchRequest.Order.allCases)
  func resultsWrittenAsJSONAreTheObjectsWritten(query: String, order: SearchRequest.Order) throws {
    for context in [SearchRequest.Context.sentence, .words(0), .words(300)] {
      var request = SearchRequest(query: query)
      request.order = order
      request.context = context
      request.showsAllHits = true
      if !order.isByContext { request.explaining = .tree }
      var whole = JSONWriter()
      for result in try fixture.search(request).results { result.write(to: &whole) }
      var results = try fixture.engine.results(of: request, in: snapshot)
      var written: [UInt8] = []
      while !results.isAtEnd {
        var piece = JSONWriter(after: written.isEmpty ? [] : [UInt8(ascii: ",")])
        try results.writeNext(hitsMax: 7, to: &piece)
        written += piece.bytes
      }
      #expect(written == whole.bytes)
    }
  }

  @Test func whatTakesLongIsNotTried() throws {
    for query in ["w1", "w1 w2", "\"w1\""] { _ = try fixture.search(query) }
    for query in ["w*", "w1~1", "absent", "w1 absent", "w1 date:2016", "==W1", "w1 )", Self.words.joined(separator: " ")] {
      #expect(try tried(query) == .unknown, "\(query)")
    }
    for change: (inout SearchRequest) -> Void in [
      { $0.limit = 0 }, { $0.limit = 11 }, { $0.offset = 1 }, { $0.hitsPerDocument = 4 }, { $0.showsAllHits = true },
      { $0.total = .hits }, { $0.order = .left }, { $0.order = .date }, { $0.context = .sentence },
      { $0.context = .words(17) }, { $0.words = .any }, { $0.givesReceipt = true }, { $0.explaining = .tree },
      { $0.collapses = true }, { $0.lang = "en" }, { $0.dates = DateRange(from: QueryDate("2016".utf8), to: nil) },
      { $0.query += String(repeating: " ", count: 300) },
    ] {
      #expect(try tried("w1", change) == .unknown)
    }
    // A phrase that may have no match is looked for again, for the warning.
    #expect(try tried("w1 OR \"w2 w3\"") == .planned)
    // A deadline that has passed is told by who searches.
    guard case .planned = fixture.engine.quick(late("w1"), in: snapshot, { (results) throws(SearchError) in try json(&results) })
    else { return #expect(Bool(false), "answered behind the deadline") }
  }

  private func late(_ query: String) -> SearchRequest {
    var request = SearchRequest(query: query)
    request.deadlineNanoseconds = 1
    return request
  }

  @Test func longListsAndLongDocumentsArePlannedOnly() throws {
    let long = try SearchFixture()
    try long.apply((0..<30_000).map { .put(Document(id: "\($0)", body: $0 % 50 == 0 ? "common rare" : "common")) })
    try long.put("long", String(repeating: "x ", count: 600_000) + "single")
    func isShown(_ query: String) throws -> Bool {
      _ = try long.search(query)
      let tried = long.engine.quick(SearchRequest(query: query), in: long.index.snapshot()) {
        (results) throws(SearchError) in try json(&results)
      }
      if case .shown = tried { return true }
      return false
    }
    #expect(try isShown("rare"))
    #expect(try isShown("common rare"))
    #expect(try !isShown("common"))
    #expect(try !isShown("common OR rare"))
    #expect(try !isShown("\"common\" NEAR/3 \"common\""))
    #expect(try !isShown("single"))
    // A line of which nobody knows how long it takes.
    try long.put("gap", "before" + String(repeating: " -", count: 20_000) + "behind")
    #expect(try !isShown("behind"))
  }

  @Test func nothingIsReadForTheFirstTime() throws {
    let request = SearchRequest(query: "w1")
    fixture.index.close()
    let fresh = try Index.openReadOnly(directory: fixture.directory.path("index"))
    defer { fresh.close() }
    let engine = SearchEngine(analyzer: fresh.analyzer)
    func isShown() -> Bool {
      let tried = engine.quick(request, in: fresh.snapshot()) { (results) throws(SearchError) in try json(&results) }
      if case .shown = tried { return true }
      return false
    }
    #expect(!isShown())
    #expect(!isShown(), "trying reads nothing")
    _ = try engine.search(request, in: fresh.snapshot())
    #expect(isShown())
  }
}
