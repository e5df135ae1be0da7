import Base
@testable import Index
import TestSupport
import Testing

/// The order that graph bisection finds, and what it is made of.
@Suite struct BisectionTests {
  /// Documents about few topics each, in an order that knows nothing of them.
  private static func clustered(
    _ count: Int, topics: Int, _ random: inout SplitMix64
  ) -> [Set<Int>] {
    (0..<count).map { _ in
      let topic = Int.random(in: 0..<topics, using: &random)
      var words: Set<Int> = []
      for _ in 0..<Int.random(in: 0...40, using: &random) {
        let isCommon = Int.random(in: 0..<3, using: &random) == 0
        words.insert(
          isCommon ? Int.random(in: 0..<100, using: &random) : 100 + topic * 60 + Int.random(in: 0..<60, using: &random))
      }
      return words
    }
  }

  private static func forward(_ documents: [Set<Int>]) -> ForwardIndex {
    let words = documents.reduce(0) { max($0, ($1.max() ?? -1) + 1) }
    var forward = ForwardIndex(termCount: words, wordCounts: documents.map { UInt32($0.count) })
    for (document, words) in documents.enumerated() {
      for word in words.sorted() { forward.append(UInt16(word), to: DocID(document)) }
    }
    return forward
  }

  @Test func anyOrderIsOneOfAllDocuments() throws {
    try Property.check("bisection permutes", seconds: 3) { random in
      let count = Int.random(in: 0...700, using: &random)
      let documents = Self.clustered(count, topics: Int.random(in: 1...9, using: &random), &random)
      let order = try GraphBisection.order(Self.forward(documents), rangeMin: 32) { false }
      try #require(order.sorted() == (0..<DocID(count)).map { $0 })
      // Nothing but the forward index counts.
      try #require(try GraphBisection.order(Self.forward(documents), rangeMin: 32) { false } == order)
    }
  }

  @Test func clustersComeTogether() throws {
    var random = SplitMix64(seed: 5)
    let documents = Self.clustered(3_000, topics: 20, &random)
    let order = try GraphBisection.order(Self.forward(documents), rangeMin: 32) { false }
    let before = NaiveBisection.logGaps(documents, order: Array(documents.indices))
    let after = NaiveBisection.logGaps(documents, order: order.map(Int.init))
    #expect(after < 0.6 * before, "\(before) bits, then \(after)")
  }

  /// What draws a document is what the definition of the cost says it is worth.
  @Test func pullsAreGainsByDefinition() throws {
    try Property.check("pulls equal naive gains", seconds: 3) { random in
      let documents = Self.clustered(2 * Int.random(in: 1...12, using: &random), topics: 3, &random)
      let middle = documents.count / 2
      var bisection = GraphBisection(Self.forward(documents), rangeMin: 1) { false }
      bisection.begin(0..<documents.count, middle)
      // Words of all documents draw every one of a half alike, and are left out.
      let shared = documents.dropFirst().reduce(documents[0]) { $0.intersection($1) }
      let counted = documents.map { $0.subtracting(shared) }
      let (left, right) = (Set(0..<middle), Set(middle..<documents.count))
      for document in documents.indices {
        let gain = NaiveBisection.gain(counted, moving: document, left: left, right: right)
        let pull = Double(bisection.pull(document))
        try #require(abs(pull - (document < middle ? gain : -gain)) < 1e-3, "document \(document)")
      }
    }
  }

  /// With few documents of a list in both halves, and with more than the table has.
  @Test func gainsFollowTheFormula() {
    let gains = SwapGains(tableCount: 50)
    for here in [1, 2, 7, 49, 50, 51, 300] {
      for there in [0, 1, 2, 48, 49, 50, 300] {
        var lists: [Set<Int>] = Array(repeating: [0], count: here + there)
        lists += Array(repeating: [], count: 700 - here - there)
        let left = Set(0..<here).union((here + there)..<(here + there + 350 - here))
        let right = Set(lists.indices).subtracting(left)
        let expected = NaiveBisection.gain(lists, moving: 0, left: left, right: right)
        #expect(abs(Double(gains.gain(here: Int32(here), there: Int32(there))) - expected) < 1e-3)
      }
    }
  }

  @Test func stopsWhenTold() {
    var random = SplitMix64(seed: 9)
    let documents = Self.clustered(2_500, topics: 4, &random)
    var asked = 0
    #expect(throws: IndexError.closed) {
      try GraphBisection.order(Self.forward(documents), rangeMin: 32) {
        asked += 1
        return asked > 3
      }
    }
    #expect(asked == 4)
  }

  @Test func selectionPutsTheLeastFirst() throws {
    try Property.check("selection equals sorting") { random in
      let count = Int.random(in: 1...400, using: &random)
      let spread = UInt64(Int.random(in: 1...1_000, using: &random))
      // All different, many close together; ascending or descending now and then.
      var keys = (0..<count).map { UInt64.random(in: 0...spread, using: &random) << 32 | UInt64($0) }
      switch Int.random(in: 0..<4, using: &random) {
      case 0: keys.sort()
      case 1: keys.sort(by: >)
      default: break
      }
      let start = Int.random(in: 0..<count, using: &random)
      let range = start..<Int.random(in: start...count, using: &random)
      let middle = range.isEmpty ? start : Int.random(in: range, using: &random)
      var found = keys
      Selection.partition(&found, range, at: middle)
      let sorted = keys[range].sorted()
      try #require(found[range.lowerBound..<middle].sorted() == Array(sorted.prefix(middle - start)))
      try #require(found[range].sorted() == sorted)
      try #require(Array(found[..<start]) == Array(keys[..<start]) && Array(found[range.upperBound...]) == Array(keys[range.upperBound...]))
    }
  }

  @Test func sortedPostingsKeepTheirPositions() throws {
    var sorters: [Int: PostingSorter] = [:]
    try Property.check("the posting sorter sorts") { random in
      let documentCount = [1, 70, 5_000, 200_000].randomElement(using: &random)!
      var sorter = sorters[documentCount] ?? PostingSorter(documentCount: documentCount)
      sorter.removeAll()
      var expected: [DocID: [UInt32]] = [:]
      for _ in 0..<Int.random(in: 0...300, using: &random) {
        let document = DocID.random(in: 0..<DocID(documentCount), using: &random)
        guard expected[document] == nil else { continue }
        let positions = (0..<UInt32.random(in: 1...5, using: &random)).map { $0 * 3 + document }
        expected[document] = positions
        sorter.append(document, positions: positions)
      }
      sorter.sort()
      try #require(sorter.order.map { sorter.document($0) } == expected.keys.sorted())
      for place in sorter.order {
        let span = sorter.allPositions.extracting(sorter.positions(place))
        var positions: [UInt32] = []
        for i in span.indices { positions.append(span[i]) }
        try #require(positions == expected[sorter.document(place)])
        try #require(Int(sorter.frequencies[Int(place)]) == positions.count)
      }
      sorters[documentCount] = sorter
    }
  }
}
