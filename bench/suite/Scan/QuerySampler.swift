internal import Base

/// Draws queries from a corpus, seeded: words in proportion to their occurrences, the other words of a query from the
/// same document, so that most have matches.
struct QuerySampler {
  /// One kind of query to draw.
  struct Kind {
    let name: String
    let shape: BenchQuery.Shape
    let wordCount: Int
    var usesStems = false
  }

  let corpus: TokenCorpus
  let index: ScanIndex

  /// What the checks ask for: words, AND, OR, phrases of two to four, NEAR at three distances, each with exact forms,
  /// and the unquoted kinds.
  static let kinds = [
    Kind(name: "word", shape: .word, wordCount: 1),
    Kind(name: "and2", shape: .and, wordCount: 2),
    Kind(name: "and3", shape: .and, wordCount: 3),
    Kind(name: "or2", shape: .or, wordCount: 2),
    Kind(name: "or3", shape: .or, wordCount: 3),
    Kind(name: "phrase2", shape: .phrase, wordCount: 2),
    Kind(name: "phrase3", shape: .phrase, wordCount: 3),
    Kind(name: "phrase4", shape: .phrase, wordCount: 4),
    Kind(name: "near5", shape: .near(5), wordCount: 2),
    Kind(name: "near10", shape: .near(10), wordCount: 2),
    Kind(name: "near50", shape: .near(50), wordCount: 2),
    Kind(name: "near10of3", shape: .near(10), wordCount: 3),
    Kind(name: "pre10", shape: .orderedNear(10), wordCount: 2),
    Kind(name: "stem", shape: .word, wordCount: 1, usesStems: true),
    Kind(name: "stemAnd2", shape: .and, wordCount: 2, usesStems: true),
    Kind(name: "stemOr2", shape: .or, wordCount: 2, usesStems: true),
    Kind(name: "stemNear10", shape: .near(10), wordCount: 2, usesStems: true),
  ]
  private static let triesPerQuery = 200

  /// `count` different queries of a kind, fewer where the corpus does not hold so many.
  func sample(_ kind: Kind, count: Int, seed: UInt64) -> [BenchQuery] {
    var random = SplitMix64(seed: seed)
    var seen: Set<BenchQuery> = []
    var queries: [BenchQuery] = []
    for _ in 0..<count * Self.triesPerQuery where queries.count < count {
      guard let words = words(kind, using: &random) else { continue }
      let query = BenchQuery(className: kind.name, shape: kind.shape, words: words, usesStems: kind.usesStems)
      if seen.insert(query).inserted { queries.append(query) }
    }
    return queries
  }

  private func words(_ kind: Kind, using random: inout SplitMix64) -> [String]? {
    guard corpus.wordCount > 0 else { return nil }
    let first = Int.random(in: 0..<corpus.wordCount, using: &random)
    let document = corpus.document(ofWord: first)
    let range = corpus.documentStarts[document]..<corpus.documentStarts[document + 1]
    var places = [first]
    for extra in 1..<max(2, kind.wordCount) where kind.wordCount > 1 {
      switch kind.shape {
      case .word: break
      case .and, .or: places.append(Int.random(in: range, using: &random))
      case .phrase: places.append(first + extra)
      case .near(let distance), .orderedNear(let distance), .loose(let distance):
        places.append(Int.random(in: first + 1...first + distance, using: &random))
      }
    }
    guard places.allSatisfy(range.contains) else { return nil }
    if case .near = kind.shape { places.shuffle(using: &random) }
    let forms = places.map { corpus.forms[Int(corpus.words[$0])] }
    guard Set(forms).count == forms.count || kind.shape == .phrase else { return nil }
    guard !kind.usesStems || forms.allSatisfy(Self.isPlain) else { return nil }
    return forms.map { String(decoding: $0, as: UTF8.self) }
  }

  /// Whether a form may be typed without quotes and still be nothing but that word.
  private static func isPlain(_ form: [UInt8]) -> Bool {
    form.allSatisfy { (0x61...0x7A).contains($0) } && form != Array("near".utf8) && form.count > 1
  }
}
