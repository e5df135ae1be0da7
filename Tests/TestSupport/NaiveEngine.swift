/// A search engine that follows the definition with the plainest means: token arrays, sets, every document visited.
///
/// The twin of the real engine in property tests. It shares no code with it. Complexity: everything is quadratic or
/// worse; meant for some hundred short documents.
public struct NaiveEngine: Sendable {
  /// One hit: value number in the document, first and last word position in that value.
  public struct Hit: Hashable, Comparable, Sendable {
    public let value: Int
    public let lo: Int
    public let hi: Int
    /// Words from the first to the last.
    public var length: Int { hi - lo + 1 }

    public static func < (a: Hit, b: Hit) -> Bool { (a.value, a.lo, a.hi) < (b.value, b.lo, b.hi) }
  }

  /// One matching document.
  public struct Match: Sendable {
    public let id: String
    public let score: Double
    public let hits: [Hit]
  }

  /// All documents that statistics count: with those deleted and not yet merged away.
  public let documents: [NaiveDocument]
  /// Ids of documents that count in the statistics but are not found.
  public let deleted: Set<String>
  public let ranking: NaiveRanking
  private let vocabulary: Vocabulary
  private let averageLength: Double

  public init(
    documents: [NaiveDocument], deleted: Set<String> = [], vocabulary: Vocabulary, ranking: NaiveRanking = .init()
  ) {
    self.documents = documents
    self.deleted = deleted
    self.vocabulary = vocabulary
    self.ranking = ranking
    let words = documents.reduce(0) { $0 + $1.length }
    averageLength = documents.isEmpty ? 1 : Double(words) / Double(documents.count)
  }

  /// Every matching document with its score and hits, in document order.
  public func search(_ query: NaiveQuery) -> [Match] {
    let weights = unitWeights(of: query)
    return documents.filter { !deleted.contains($0.id) && matches(query, $0) }.map { document in
      var unit = 0
      let score = score(query, document, weights, unit: &unit)
      return Match(id: document.id, score: score, hits: hits(query, document))
    }
  }

  /// The `limit` best of `search`, ties in document order.
  public func top(_ limit: Int, _ query: NaiveQuery) -> [Match] {
    let found = search(query)
    let order = found.indices.sorted { (-found[$0].score, $0) < (-found[$1].score, $1) }
    return order.prefix(limit).map { found[$0] }
  }

  public func matches(_ query: NaiveQuery, _ document: NaiveDocument) -> Bool {
    switch query {
    case .and(let operands): operands.allSatisfy { matches($0, document) }
    case .or(let operands): operands.contains { matches($0, document) }
    case .andNot(let positive, let negative): matches(positive, document) && !matches(negative, document)
    default: document.values.indices.contains { !found(query, document, value: $0).isEmpty }
    }
  }

  /// Minimal hulls of a positional query; of a Boolean one those of each positive operand that matches, merged.
  public func hits(_ query: NaiveQuery, _ document: NaiveDocument) -> [Hit] {
    switch query {
    case .and(let operands), .or(let operands):
      return Array(Set(operands.filter { matches($0, document) }.flatMap { hits($0, document) })).sorted()
    case .andNot(let positive, _):
      return hits(positive, document)
    default:
      return document.values.indices.flatMap { value in
        NaiveMatches.minimalHulls(of: found(query, document, value: value))
          .map { Hit(value: value, lo: $0.lowerBound, hi: $0.upperBound) }
      }
    }
  }

  private func found(_ query: NaiveQuery, _ document: NaiveDocument, value: Int) -> Set<[Int]> {
    if case .field(let name, _) = query, document.values[value].field != name { return [] }
    return NaiveMatches(positions: document.values[value].positions, familyName: vocabulary.familyName)
      .matches(of: query)
  }

  // MARK: Ranking

  /// The idf of each scored unit in query order: of a positional one the sum over its words. What stands under NOT is
  /// no unit.
  private func unitWeights(of query: NaiveQuery) -> [Double] {
    switch query {
    case .and(let operands), .or(let operands): return operands.flatMap { unitWeights(of: $0) }
    case .andNot(let positive, _): return unitWeights(of: positive)
    default:
      return [query.words.reduce(0) { sum, word in
        let frequency = documents.count { matches(word, $0) }
        return sum + ranking.idf(documents: documents.count, documentFrequency: frequency)
      }]
    }
  }

  /// The sum over the units that match, of those operands that match; `unit` counts through the weights.
  private func score(
    _ query: NaiveQuery, _ document: NaiveDocument, _ weights: [Double], unit: inout Int
  ) -> Double {
    switch query {
    case .and(let operands), .or(let operands):
      return operands.reduce(0) { sum, operand in
        let part = score(operand, document, weights, unit: &unit)
        return matches(operand, document) ? sum + part : sum
      }
    case .andNot(let positive, _):
      return score(positive, document, weights, unit: &unit)
    default:
      defer { unit += 1 }
      let frequency = hits(query, document).reduce(0.0) { $0 + 1 / Double(1 + $1.length - query.leastLength) }
      return ranking.score(
        idf: weights[unit], frequency: frequency, length: document.length, averageLength: averageLength)
    }
  }
}
