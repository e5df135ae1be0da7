internal import Base
internal import ScoringCore

/// Scores and the heap of the best, without postings.
struct RankingBenchmarks {
  private static let group = "ranking"
  private static let documentCount = 100_000

  let meter: Meter
  let seed: UInt64

  func run() throws -> [Measurement] {
    [try scoring()] + (try [10, 100, 1_000].map(topK))
  }

  private func scoring() throws -> Measurement {
    let model = BM25(averageLength: 300)
    var random = SplitMix64(seed: seed)
    let frequencies = (0..<4_096).map { _ in Float(UInt32.random(in: 1...20, using: &random)) }
    let norms = (0..<4_096).map { _ in UInt8.random(in: 20...120, using: &random) }
    return try meter.measure(
      group: Self.group, name: "BM25 score", unit: "posting", units: Double(norms.count),
      verify: {
        let idf = BM25.idf(documentFrequency: 10, documentCount: 1_000)
        let score = model.score(weight: idf, frequency: 3, norm: Norm.encode(length: 300))
        let expected = ScanEngine.score(idf: Double(idf), frequency: 3, length: 300, averageLength: 300)
        guard abs(Double(score) - expected) < 1e-4 else { throw WrongAnswer("score \(score), expected \(expected)") }
        return "formula"
      },
      {
        var sum: Float = 0
        for index in norms.indices { sum += model.score(weight: 2, frequency: frequencies[index], norm: norms[index]) }
        keep(sum)
      })
  }

  /// Documents in the order of their numbers with independent scores: most stop at the threshold, as in a query.
  private func topK(_ k: Int) throws -> Measurement {
    var random = SplitMix64(seed: seed)
    let scores = (0..<Self.documentCount).map { _ in Float.random(in: 0..<10, using: &random) }
    func best() -> TopK {
      var best = TopK(k: k)
      for (document, score) in scores.enumerated() {
        best.insert(RankedDocument(score: score, segment: 0, document: DocID(document)))
      }
      return best
    }
    return try meter.measure(
      group: Self.group, name: "top \(k)", unit: "document", units: Double(scores.count),
      verify: {
        let expected = Array(scores.sorted(by: >).prefix(k))
        guard best().sorted().map(\.score) == expected else { throw WrongAnswer("the best \(k) are not the best") }
        return "equal to sorting"
      },
      { keep(best().threshold) })
  }
}
