import Base
import Index
import Query
import TestSupport
import Testing

/// Answers that come piece by piece are the answers that come at once.
struct StreamTests {
  private let fixture: SearchFixture

  init() throws {
    fixture = try SearchFixture()
    var random = SplitMix64(seed: 20_261_124)
    let vocabulary = (0..<12).map { "w\($0)" }
    // Three segments, some documents replaced and some removed.
    for batch in 0..<3 {
      try fixture.apply(
        (0..<40).map { number in
          let count = Int.random(in: 0...60, using: &random)
          let body = (0..<count).map { _ in vocabulary.randomElement(using: &random)! }.joined(separator: " ")
          return .put(Document(id: "d\(batch * 30 + number)", body: body, date: "20\(10 + number % 9)-01-02"))
        })
    }
    try fixture.apply((0..<20).map { .delete(id: "d\($0 * 3)") })
  }

  private static let queries = [
    "w1", "w1 w2", "w3 NEAR/4 w5", "\"w1 w2\"", "w1 OR (w4 NEAR/2 w4)", "w7 NOT w8", "w1* NEAR/3 w2", "w9 date:2012..2015",
    "absent", "NEAR/6(w1, w2, w3)",
  ]

  private func request(_ query: String, _ change: (inout SearchRequest) -> Void = { _ in }) -> SearchRequest {
    var request = SearchRequest(query: query)
    change(&request)
    return request
  }

  @Test(arguments: queries, [1, 3, 1_000]) func everyHitOnceInTheOrderOfTheIndex(query: String, piece: Int) throws {
    let snapshot = fixture.index.snapshot()
    var stream = try fixture.engine.hits(of: request(query), in: snapshot)
    var lines: [DocumentHit] = []
    while case let hits = try stream.next(hitsMax: piece), !hits.isEmpty {
      #expect(hits.count <= piece)
      lines += hits
    }
    #expect(try stream.next(hitsMax: piece).isEmpty)
    let answer = try fixture.search(query) {
      $0.limit = 0
      $0.showsAllHits = true
    }
    var expected: [String: [HitResult]] = [:]
    for result in answer.results { expected[result.id] = result.hits }
    var given: [String: [HitResult]] = [:]
    var order: [String] = []
    for line in lines {
      if order.last != line.id { order.append(line.id) }
      given[line.id, default: []].append(line.hit)
    }
    #expect(given == expected)
    // No document comes twice: they come in the order of the index.
    #expect(order.count == given.count)
  }

  @Test(arguments: queries, SearchRequest.Order.allCases)
  func piecesMakeTheWholeAnswer(query: String, order: SearchRequest.Order) throws {
    let request = request(query) {
      $0.limit = 0
      $0.showsAllHits = true
      $0.order = order
    }
    let whole = try fixture.search(request)
    var results = try fixture.engine.results(of: request, in: fixture.index.snapshot())
    var hits: [String] = []
    var bytes = results.answer.jsonHead()
    while case let piece = try results.next(hitsMax: 4), !piece.isEmpty {
      for result in piece {
        hits += result.hits.map { "\(result.id) \($0.field) \($0.lo) \($0.hi) \($0.left)" }
        if bytes.last == UInt8(ascii: "}") { bytes.append(UInt8(ascii: ",")) }
        var json = JSONWriter()
        result.write(to: &json)
        bytes += json.bytes
      }
    }
    #expect(results.isAtEnd)
    #expect(hits == whole.results.flatMap { result in
      result.hits.map { "\(result.id) \($0.field) \($0.lo) \($0.hi) \($0.left)" }
    })
    bytes += results.answer.jsonTail()
    #expect(bytes.count(where: { $0 == UInt8(ascii: "{") }) == bytes.count(where: { $0 == UInt8(ascii: "}") }))
  }

  @Test(arguments: queries, SearchRequest.Order.allCases)
  func pagesAreSlicesOfTheWholeList(query: String, order: SearchRequest.Order) throws {
    func hits(_ answer: SearchAnswer) -> [String] {
      answer.results.flatMap { result in
        order.isByContext ? result.hits.map { "\(result.id) \($0.lo)" } : ["\(result.id) \(result.score)"]
      }
    }
    for total in SearchRequest.Total.allCases {
      let whole = try fixture.search(query) {
        $0.limit = 0
        $0.order = order
      }
      #expect(whole.nextOffset == nil)
      var paged: [String] = []
      var offset: Int? = 0
      while let place = offset {
        let page = try fixture.search(query) {
          $0.limit = 7
          $0.offset = place
          $0.order = order
          $0.total = total
        }
        paged += hits(page)
        offset = page.nextOffset
      }
      #expect(paged == hits(whole))
    }
  }

  @Test func aStreamHoldsItsSnapshotAndItsDeadline() throws {
    var stream = try fixture.engine.hits(of: request("w1"), in: fixture.index.snapshot())
    let before = try fixture.search("w1") { $0.total = .hits }.totalHits
    var count = try stream.next(hitsMax: 1).count
    let late = request("w1") { $0.deadlineNanoseconds = 0 }
    var expired = try fixture.engine.hits(of: late, in: fixture.index.snapshot())
    #expect(throws: SearchError.deadline) { try expired.next(hitsMax: 1) }
    try fixture.apply((0..<100).map { .delete(id: "d\($0)") })
    while case let hits = try stream.next(hitsMax: 10), !hits.isEmpty { count += hits.count }
    #expect(count == before)
    #expect(try fixture.search("w1").totalDocuments == 0)
  }

  @Test func hitsThatTheBudgetDidNotCountMakeATotalPartial() throws {
    var fixture = fixture
    let whole = try fixture.search("w1") { $0.total = .hits }
    #expect(!whole.isPartial)
    fixture.engine.positionsMax = 40
    let answer = try fixture.search("w1") { $0.total = .hits }
    #expect(answer.isPartial)
    let counted = try #require(answer.totalHits)
    let all = try #require(whole.totalHits)
    #expect(counted < all)
    #expect(answer.totalDocuments == whole.totalDocuments)
    #expect(answer.results == whole.results)
    #expect(String(decoding: answer.json(), as: UTF8.self).contains(#""partial":true"#))
  }
}
