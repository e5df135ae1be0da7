import Base
import Index
import ScoringCore
import TestSupport
import Testing

@testable import Query

/// Random documents and queries through the whole engine (text, tree, plan, index, execution, hits) beside the
/// reference, in many shapes. `KWIC_PAIRS=1000000` says how many pairs of document and query are compared; without it
/// a few seconds are spent. Seeds are printed; `KWIC_SEED` moves them.
struct PairTests {
  /// A difference between the engine and the reference.
  struct Difference: Error, CustomStringConvertible { let description: String }

  @Test func everyPairIsAnsweredAsTheReferenceDoes() throws {
    let wanted = Environment.integer("KWIC_PAIRS").map { Int($0) } ?? .max
    let end = ContinuousClock.now + (wanted == .max ? .seconds(6) : .seconds(36_000))
    let first = Environment.integer("KWIC_SEED") ?? UInt64.random(in: 1...(1 << 40))
    var seed = first
    var tally = PairTally()
    while tally.pairs < wanted, ContinuousClock.now < end {
      let shape = PairShape.all[Int(seed % UInt64(PairShape.all.count))]
      do {
        tally.add(try PairRound(shape, seed: seed).run(), shape.name)
      } catch {
        Issue.record("shape '\(shape.name)', KWIC_SEED=\(seed): \(error)")
        return
      }
      seed += 1
    }
    Property.log("pairs: seeds \(first)..<\(seed), \(tally)")
    #expect(tally.pairs > 0 && tally.matches > 0 && tally.hits > 0)
  }
}

/// What was compared.
struct PairTally: CustomStringConvertible {
  var pairs = 0
  var skipped = 0
  var matches = 0
  var hits = 0
  var words = 0
  private var shapes: [String: Int] = [:]

  init() {}

  mutating func add(_ other: PairTally, _ shape: String) {
    pairs += other.pairs
    skipped += other.skipped
    matches += other.matches
    hits += other.hits
    words += other.words
    shapes[shape, default: 0] += other.pairs
  }

  var description: String {
    let each = shapes.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    return "\(pairs) pairs (\(matches) match, \(hits) hits, the words of \(words)), "
      + "\(skipped) too much for brute force; \(each)"
  }
}

/// One index of random documents, and the queries asked of it.
private struct PairRound {
  private let fixture: SearchFixture
  private let documents: [TypedDocument]
  private var generator: PairGenerator
  private let queryCount = 60

  /// Documents spread over segments; some deleted and put again, some put twice, some gone for good.
  init(_ shape: PairShape, seed: UInt64) throws {
    var generator = PairGenerator(shape, seed: seed)
    let orders = generator.random(in: 0...1) == 0
    let fixture = try SearchFixture { $0.ordering = orders ? .always : .none }
    var typed: [TypedDocument] = []
    for _ in 0..<generator.random(in: 20...60) { typed.append(generator.document()) }
    let segments = generator.random(in: 1...6)
    for part in 0..<segments {
      try fixture.apply(
        typed.indices.filter { $0 % segments == part }.map { .put(Self.document($0, typed[$0])) })
    }
    let moved = typed.indices.filter { _ in generator.random(in: 0...4) == 0 }
    try fixture.apply(moved.map { .delete(id: "d\($0)") })
    for index in moved where generator.random(in: 0...3) > 0 { typed[index] = generator.document() }
    try fixture.apply(moved.map { .put(Self.document($0, typed[$0])) })
    let gone = typed.count
    try fixture.apply([.put(Self.document(gone, generator.document()))])
    try fixture.apply([.delete(id: "d\(gone)")])
    if generator.random(in: 0...2) == 0 { try fixture.index.compact() }
    documents = typed
    self.fixture = fixture
    self.generator = generator
  }

  private static func document(_ number: Int, _ typed: TypedDocument) -> Document {
    Document(
      id: "d\(number)",
      texts: typed.values.map {
        Document.TextValue(field: PairGenerator.fields[$0.field], text: Array($0.text.utf8))
      })
  }

  func run() throws -> PairTally {
    var round = self
    var tally = PairTally()
    for number in 0..<queryCount {
      let query = round.generator.query()
      tally.add(try round.compare(query), "")
      if number % 8 == 0 { try round.compareShortcuts(query) }
    }
    return tally
  }

  // MARK: Reference

  /// (value, lo, hi) of the hits of a document that matches; nil if it does not.
  private static func hits(
    _ query: OracleQuery, _ document: TypedDocument, _ oracles: inout [Oracle]
  ) throws(Oracle.TooMuch) -> [[Int]]? {
    switch query {
    case .and(let operands):
      var all: Set<[Int]> = []
      for operand in operands {
        guard let found = try hits(operand, document, &oracles) else { return nil }
        all.formUnion(found)
      }
      return all.sorted { $0.lexicographicallyPrecedes($1) }
    case .or(let operands):
      var all: Set<[Int]> = []
      for operand in operands { all.formUnion(try hits(operand, document, &oracles) ?? []) }
      return all.isEmpty ? nil : all.sorted { $0.lexicographicallyPrecedes($1) }
    case .andNot(let wanted, let unwanted):
      guard let found = try hits(wanted, document, &oracles) else { return nil }
      return try hits(unwanted, document, &oracles) == nil ? found : nil
    default:
      var all: [[Int]] = []
      for value in oracles.indices { all += try oracles[value].hits(query).map { [value] + $0 } }
      return all.isEmpty ? nil : all
    }
  }

  // MARK: Comparing

  private mutating func compare(_ query: TypedQuery) throws -> PairTally {
    var tally = PairTally()
    let answer = try search(query)
    var total = (documents: 0, hits: 0)
    for (number, document) in documents.enumerated() {
      var oracles = document.values.map { Oracle($0.words, allowance: 60_000) }
      let result = answer.results.first { $0.id == "d\(number)" }
      guard let expected = try? Self.hits(query.meaning, document, &oracles) as [[Int]]?? else {
        tally.skipped += 1
        total.documents += result == nil ? 0 : 1
        total.hits += result?.hitCount ?? 0
        continue
      }
      tally.pairs += 1
      let wanted = expected.map { hits in
        hits.map { "\(PairGenerator.fields[document.values[$0[0]].field]) \($0[1])-\($0[2])" }
      }
      guard result?.hits.map({ "\($0.field) \($0.lo)-\($0.hi)" }) == wanted, result?.hitCount == wanted?.count else {
        throw difference(query, document, "\(wanted ?? []), found \(result?.hits ?? [])")
      }
      total.documents += expected == nil ? 0 : 1
      total.hits += expected?.count ?? 0
      tally.matches += expected == nil ? 0 : 1
      tally.hits += expected?.count ?? 0
      if let result, let expected, generator.random(in: 0...7) == 0 {
        tally.words += try compareWords(query, document, result, expected)
      }
    }
    guard answer.totalDocuments == total.documents, answer.totalHits == total.hits else {
      let found = (answer.totalDocuments ?? -1, answer.totalHits ?? -1)
      throw difference(query, documents[0], "totals \(total), found \(found)")
    }
    return tally
  }

  /// The words of hits beside the smallest assignment of brute force.
  private func compareWords(
    _ query: TypedQuery, _ document: TypedDocument, _ result: DocumentResult, _ expected: [[Int]]
  ) throws -> Int {
    switch query.meaning {
    case .and, .or, .andNot: return 0
    default: break
    }
    var compared = 0
    for (hit, place) in zip(result.hits, expected).prefix(4) {
      var oracle = Oracle(document.values[place[0]].words, allowance: 60_000)
      guard let words = try? oracle.words(query.meaning, lo: place[1], hi: place[2]) else { continue }
      compared += 1
      guard hit.words.map(\.position) == words.map(\.position) else {
        throw difference(query, document, "words \(words.map(\.position)), found \(hit.words.map(\.position))")
      }
    }
    return compared
  }

  /// The general evaluation, and each way of avoiding work turned off: equal answers, scores to the last bit.
  private func compareShortcuts(_ query: TypedQuery) throws {
    let all = try search(query)
    let paged: (inout SearchRequest) -> Void = {
      $0.limit = 5
      $0.total = .documents
    }
    let first = try search(query, paged)
    let bits = UInt32(Optimisations.all.rawValue.nonzeroBitCount)
    for bit in 0...bits {
      var other = self.fixture
      other.engine.optimisations = bit == bits ? .none : Optimisations.all.subtracting(Optimisations(rawValue: 1 << bit))
      let slow = try Self.search(query, other)
      guard slow.results == all.results, slow.totalHits == all.totalHits else {
        throw difference(query, documents[0], "another answer without optimisation \(bit)")
      }
      guard try Self.search(query, other, paged) == first else { throw difference(query, documents[0], "another page without optimisation \(bit)") }
      let unordered = try Self.search(query, other) {
        $0.limit = 5
        $0.total = .none
      }
      guard unordered.results == first.results else {
        throw difference(query, documents[0], "another page, uncounted, without optimisation \(bit)")
      }
    }
  }

  private func search(
    _ query: TypedQuery, _ change: (inout SearchRequest) -> Void = { $0.limit = 0 }
  ) throws -> SearchAnswer {
    try Self.search(query, fixture, change)
  }

  private static func search(
    _ query: TypedQuery, _ fixture: SearchFixture, _ change: (inout SearchRequest) -> Void = { $0.limit = 0 }
  ) throws -> SearchAnswer {
    var answer = try fixture.search(query.text) {
      $0.showsAllHits = true
      $0.total = .hits
      change(&$0)
    }
    answer.tookMicroseconds = 0
    return answer
  }

  private func difference(_ query: TypedQuery, _ document: TypedDocument, _ what: String) -> PairTests.Difference {
    let texts = document.values.map { "\(PairGenerator.fields[$0.field]): \($0.text)" }.joined(separator: " | ")
    return PairTests.Difference(description: "\(query.text)\nreference: \(what)\n\(texts)")
  }
}

extension PairGenerator {
  fileprivate mutating func random(in range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
}
