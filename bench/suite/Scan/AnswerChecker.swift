internal import Analysis
internal import Query
internal import ScoringCore

/// Compares the engine's answers with the scan's: the number of matches, each score, and the ten best; by the scoring
/// core, by its exhaustive twin, and where the index holds the text by the whole engine with the query as it is typed.
struct AnswerChecker {
  struct Outcome {
    var checked = 0
    /// Matching documents over all queries: a check over queries that match nothing says little.
    var matches = 0
    /// Queries whose words the analyser reads otherwise when they stand alone.
    var skipped = 0
    var differences: [String] = []
  }

  let scan: ScanEngine
  let session: EngineSession
  let analyzer: Analyzer

  private static let limit = 10
  /// Scores are sums of a few 32-bit floats in the engine and of doubles here. A unit's score is the difference of two
  /// numbers of the size of its weight (up to some 30), so the error of a small score is that of its weight.
  private static let tolerance = 1e-5

  func check(_ queries: [BenchQuery]) -> Outcome {
    var outcome = Outcome()
    for query in queries {
      guard isReadAsMeant(query), let expected = scan.matches(query) else {
        outcome.skipped += 1
        continue
      }
      outcome.checked += 1
      outcome.matches += expected.count
      do {
        if let difference = try difference(query, expected) {
          outcome.differences.append("\(query.text): \(difference)")
        }
      } catch {
        outcome.differences.append("\(query.text): \(error)")
      }
    }
    return outcome
  }

  /// Whether the words of the query, analysed as a query is, are the forms they were drawn as.
  private func isReadAsMeant(_ query: BenchQuery) -> Bool {
    let groups = query.shape == .phrase ? [query.words.joined(separator: " ")] : query.words
    let forms = groups.flatMap { group in
      analyzer.queryWords(Array(group.utf8).span).map { String(decoding: $0.form, as: UTF8.self) }
    }
    return forms == query.words
  }

  private func difference(_ query: BenchQuery, _ expected: [ScanEngine.Match]) throws -> String? {
    let prepared = session.prepare(query)
    let count = try session.count(prepared)
    guard count == expected.count else { return "\(count) documents, the scan finds \(expected.count)" }
    let counted = try session.topAndCount(Self.limit, prepared)
    guard counted.count == expected.count else {
      return "\(counted.count) documents when ranked and counted at once, the scan finds \(expected.count)"
    }
    let best = expected.map(\.score).sorted(by: >).prefix(Self.limit)
    let scores = Dictionary(uniqueKeysWithValues: expected.map { ($0.document, $0.score) })
    let ranked = try session.top(Self.limit, prepared)
    // The engine's own twin adds up the same floats in the same order: its answer is the same to the last bit.
    guard ranked == (try session.topExhaustively(Self.limit, prepared)), ranked == counted.documents else {
      return "the ten best differ between pruned, counting and exhaustive execution"
    }
    guard ranked.count == best.count else { return "\(ranked.count) ranked, expected \(best.count)" }
    for (place, document) in ranked.enumerated() {
      let id = try session.identifier(document)
      guard let own = scan.corpus.numbers[id].flatMap({ scores[$0] }) else { return "\(id) does not match" }
      guard Self.agree(Double(document.score), own) else { return "\(id) scored \(document.score), the scan \(own)" }
      guard Self.agree(Double(document.score), best[place]) else {
        return "place \(place + 1) scored \(document.score), the scan's \(best[place])"
      }
    }
    return session.storesText ? try languageDifference(query, ranked, count: count) : nil
  }

  /// What the product answers to the query as a user types it, against what the core found.
  private func languageDifference(_ query: BenchQuery, _ ranked: [RankedDocument], count: Int) throws -> String? {
    var request = SearchRequest(query: query.text)
    request.limit = Self.limit
    request.hitsPerDocument = 1
    let answer = try session.answer(request)
    guard answer.totalDocuments == count else {
      return "as typed \(answer.totalDocuments ?? -1) documents, \(count) by the core; read as: \(answer.parsed)"
    }
    let expected = try ranked.map { try session.identifier($0) }
    guard answer.results.map(\.id) == expected else { return "as typed other documents than by the core" }
    guard zip(answer.results, ranked).allSatisfy({ Self.agree(Double($0.score), Double($1.score)) }) else {
      return "as typed other scores than by the core"
    }
    guard answer.results.allSatisfy({ !$0.hits.isEmpty }) else { return "a document is shown without a hit" }
    return count <= Self.hitsCheckedMax ? try hitDifference(query) : nil
  }

  /// Hits are counted by going through every document: only where there are not too many of them.
  private static let hitsCheckedMax = 2_000

  private func hitDifference(_ query: BenchQuery) throws -> String? {
    var request = SearchRequest(query: query.text)
    request.total = .hits
    request.limit = 1
    let hits = try session.answer(request).totalHits
    let expected = scan.hitCount(query)
    return hits == expected ? nil : "\(hits ?? -1) hits, the scan finds \(expected ?? -1)"
  }

  private static func agree(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= tolerance * max(1, abs(a), abs(b)) }
}
