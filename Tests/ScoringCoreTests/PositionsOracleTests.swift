import Base
import Foundation
import ScoringCore
import Testing
import TestSupport

/// The matcher against the brute-force reference.
@Suite struct PositionsOracleTests {
  static let sharedFolder = ProcessInfo.processInfo.environment["KWIC_SHARED"]

  static func shippedCases() throws -> OracleCases {
    let folder = URL(fileURLWithPath: try #require(sharedFolder))
    return try OracleCases(contentsOf: folder.appendingPathComponent("oracle/cases.jsonl"))
  }

  @Test(.enabled(if: sharedFolder != nil, "KWIC_SHARED names the folder that holds oracle/cases.jsonl"))
  func transcriptionAgreesWithShippedCases() throws {
    let shipped = try Self.shippedCases()
    #expect(shipped.cases.count == 2000 && shipped.documents.count == 200)
    for one in shipped.cases {
      var found: [Int] = []
      for (number, document) in shipped.documents.enumerated() {
        var oracle = Oracle(document, allowance: .max)
        guard try oracle.matches(one.query) else { continue }
        found.append(number)
        #expect(try oracle.hits(one.query) == one.hits[number], "\(one.text), document \(number)")
      }
      #expect(found == one.documents, "\(one.text)")
    }
  }

  @Test(.enabled(if: sharedFolder != nil, "KWIC_SHARED names the folder that holds oracle/cases.jsonl"))
  func matcherAnswersShippedCases() throws {
    let shipped = try Self.shippedCases()
    let documents = try TestDocument.segment(shipped.documents.map { [$0] })
    for one in shipped.cases {
      var evaluation = BooleanEvaluation(one.query)
      for number in documents.indices {
        let hits = try evaluation.hits(documents[number])
        #expect(hits == one.hits[number], "\(one.text), document \(number)")
      }
    }
  }

  /// Random queries over random documents: whether they match, how often, where; by every evaluation.
  @Test func matcherEqualsOracle() throws {
    var pairs = 0
    let seeds = try forSeeds(from: 1, seconds: SuiteLength.seconds(3, long: 600)) { seed in
      let outcome = try Self.compare(seed: seed, documents: 20)
      pairs += outcome.pairs
      if let difference = outcome.difference { Issue.record("seed \(seed): \(difference)") }
      return outcome.difference == nil && pairs < 4_000_000
    }
    print("matcherEqualsOracle: seeds \(1 + SuiteLength.seed) + \(seeds), \(pairs) pairs of document and query")
    #expect(pairs > 0)
  }

  /// One random query and several documents of one to three values.
  static func compare(seed: UInt64, documents: Int) throws -> (pairs: Int, difference: String?) {
    var generator = OracleGenerator(seed: seed, allowsOverlap: seed % 3 != 0)
    let oracleQuery = generator.positional(1 + Int(seed % 4))
    let query = MatcherQuery(oracleQuery, sharesLeaves: seed % 2 == 0)
    var texts: [[OracleDocument]] = []
    for number in 0..<documents {
      texts.append((0..<(number % 4 == 0 ? 3 : 1)).map { _ in generator.document() })
    }
    let overlaps: LeafOverlap =
      seed % 5 == 0 ? .all(leafCount: query.leaves.count) : query.overlaps(texts.flatMap { $0 })
    var matchers = [PositionalMatcher.Evaluation.chosen, .streams, .general].map {
      PositionalMatcher(query.expression, leafCount: query.leaves.count, overlaps: overlaps, evaluation: $0)
    }
    let bound = FrequencyBound(query.expression)
    var pairs = 0
    for (values, document) in zip(texts, try TestDocument.segment(texts)) {
      var expected: [[Int]] = []
      do {
        for (value, start) in zip(values, document.starts) {
          var oracle = Oracle(value, allowance: 100_000)
          expected += try oracle.hits(oracleQuery).map { $0.map { $0 + Int(start) } }
        }
      } catch { continue }  // More than the oracle is allowed to try.
      let positions = query.positions(document)
      pairs += 1
      for number in matchers.indices {
        var budget = PositionBudget()
        let matches = try matchers[number].matches(positions, layout: document.layout, budget: &budget)
        var hits: [Hit] = []
        try matchers[number].hits(positions, layout: document.layout, budget: &budget, into: &hits)
        let frequency = try matchers[number].frequency(positions, layout: document.layout, budget: &budget)
        let count = try matchers[number].hitCount(positions, layout: document.layout, budget: &budget)
        var first: [Hit] = []
        try matchers[number].hits(positions, layout: document.layout, limit: 1, budget: &budget, into: &first)
        if count != hits.count || first != Array(hits.prefix(1)) {
          return (pairs, "\(query.expression), matcher \(number): \(count) hits, the first \(first), not \(hits)")
        }
        let least = query.expression.leastHullLength
        let wanted = expected.reduce(Float(0)) { $0 + 1 / Float(1 + $1[1] - $1[0] + 1 - least) }
        if hits.map({ [Int($0.lo), Int($0.hi)] }) != expected || matches == expected.isEmpty || frequency != wanted {
          return (pairs, "\(query.expression), matcher \(number): \(hits), not \(expected), in \(values)")
        }
        if expected.contains(where: { $0[1] - $0[0] + 1 < least }) {
          return (pairs, "\(query.expression): a hull shorter than \(least)")
        }
      }
      if UInt32(expected.count) > bound({ UInt32(positions.range(of: $0).count) }) {
        return (pairs, "\(query.expression): \(expected.count) hits are more than the bound, in \(values)")
      }
    }
    return (pairs, nil)
  }

  /// Documents longer than brute force can take: every shortcut gives the hits and words of the general evaluation.
  @Test func evaluationsAgreeOnLongDocuments() throws {
    var compared = 0
    let seeds = try forSeeds(from: 2_000_000, seconds: SuiteLength.seconds(2, long: 120)) { seed in
      var generator = OracleGenerator(seed: seed, allowsOverlap: seed % 2 == 0)
      let query = MatcherQuery(generator.positional(1 + Int(seed % 3)), sharesLeaves: seed % 3 == 0)
      let values = (0..<Int(1 + seed % 2)).map { _ in generator.document(words: 100...500) }
      let document = try TestDocument(values)
      let positions = query.positions(document)
      var answers: [[Hit]?] = []
      for evaluation in [PositionalMatcher.Evaluation.chosen, .streams, .general] {
        var matcher = PositionalMatcher(
          query.expression, leafCount: query.leaves.count, overlaps: query.overlaps(values), evaluation: evaluation)
        var budget = PositionBudget(limit: 2_000_000)
        var hits: [Hit] = []
        do {
          try matcher.hits(positions, layout: document.layout, budget: &budget, into: &hits)
          answers.append(hits)
        } catch { answers.append(nil) }  // An error is no answer; it is never a shorter one.
      }
      let given = answers.compactMap { $0 }
      if given.count > 1 { compared += 1 }
      let agree = given.allSatisfy { $0 == given[0] }
      #expect(agree, "seed \(seed): \(query.expression)")
      return agree
    }
    print("evaluationsAgreeOnLongDocuments: seeds \(2_000_000 + SuiteLength.seed) + \(seeds), \(compared) compared")
    #expect(compared > 0)
  }

  /// The words of every hit are the smallest that brute force finds.
  @Test func wordsAreTheSmallest() throws {
    var compared = 0
    let seeds = try forSeeds(from: 1_000_000, seconds: SuiteLength.seconds(3, long: 120)) { seed in
      var generator = OracleGenerator(seed: seed, allowsOverlap: seed % 2 == 0)
      let oracleQuery = generator.positional(1 + Int(seed % 3))
      let query = MatcherQuery(oracleQuery, sharesLeaves: seed % 3 == 0)
      let document = generator.document(words: 4...14)
      let engineDocument = try TestDocument([document])
      var matcher = PositionalMatcher(
        query.expression, leafCount: query.leaves.count, overlaps: query.overlaps([document]))
      var hits: [Hit] = []
      var budget = PositionBudget()
      try matcher.hits(query.positions(engineDocument), layout: engineDocument.layout, budget: &budget, into: &hits)
      for hit in hits {
        var oracle = Oracle(document)
        guard let words = try? oracle.words(oracleQuery, lo: Int(hit.lo), hi: Int(hit.hi)) else { continue }
        let expected = words.map { HitWord(leaf: query.slots[$0.slot], position: UInt32($0.position)) }
        compared += 1
        if hit.words != expected {
          Issue.record("seed \(seed): \(query.expression): \(hit), not \(expected), in \(document.words)")
          return false
        }
      }
      return true
    }
    print("wordsAreTheSmallest: seeds \(1_000_000 + SuiteLength.seed) + \(seeds), \(compared) hits")
    #expect(compared > 0)
  }
}

/// Boolean operators above matchers, as the oracle defines them.
struct BooleanEvaluation {
  private indirect enum Node {
    case positional(MatcherQuery, PositionalMatcher)
    case and([Node])
    case or([Node])
    case andNot(Node, Node)
  }

  private let root: Node

  init(_ query: OracleQuery) { root = Self.convert(query) }

  private static func convert(_ query: OracleQuery) -> Node {
    switch query {
    case .and(let operands): return .and(operands.map(convert))
    case .or(let operands): return .or(operands.map(convert))
    case .andNot(let wanted, let unwanted): return .andNot(convert(wanted), convert(unwanted))
    default:
      let converted = MatcherQuery(query, sharesLeaves: true)
      return .positional(
        converted,
        PositionalMatcher(
          converted.expression, leafCount: converted.leaves.count, overlaps: converted.overlaps([])))
    }
  }

  /// The hits of a document that matches, else nil.
  mutating func hits(_ document: TestDocument) throws -> [[Int]]? { try Self.hits(root, document) }

  private static func hits(_ node: Node, _ document: TestDocument) throws -> [[Int]]? {
    switch node {
    case .positional(let query, var matcher):
      var hits: [Hit] = []
      var budget = PositionBudget()
      try matcher.hits(query.positions(document), layout: document.layout, budget: &budget, into: &hits)
      return hits.isEmpty ? nil : hits.map { [Int($0.lo), Int($0.hi)] }
    case .and(let operands):
      let all = try operands.map { try hits($0, document) }
      return all.contains(nil) ? nil : merged(all)
    case .or(let operands):
      let all = try operands.map { try hits($0, document) }
      return all.allSatisfy { $0 == nil } ? nil : merged(all)
    case .andNot(let wanted, let unwanted):
      return try hits(unwanted, document) == nil ? hits(wanted, document) : nil
    }
  }

  private static func merged(_ hits: [[[Int]]?]) -> [[Int]] {
    Set(hits.flatMap { $0 ?? [] }).sorted { $0.lexicographicallyPrecedes($1) }
  }
}
