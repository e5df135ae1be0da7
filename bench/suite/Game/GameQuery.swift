internal import Analysis

/// A query of the public search-benchmark-game: clauses `word` or `"a phrase"`, with `+` before one that must match and
/// `-` before one that must not.
struct GameQuery {
  enum Occurrence {
    case should
    case must
    case mustNot
  }

  struct Clause {
    let occurrence: Occurrence
    /// More than one: a phrase.
    let words: [String]
  }

  let clauses: [Clause]

  /// Nil for what is not in the protocol's language.
  init?(_ text: String) {
    var clauses: [Clause] = []
    var rest = Substring(text)
    while true {
      rest = rest.drop { $0 == " " }
      guard let first = rest.first else { break }
      let occurrence: Occurrence = first == "+" ? .must : first == "-" ? .mustNot : .should
      if occurrence != .should { rest = rest.dropFirst() }
      let inner: Substring
      if rest.first == "\"" {
        rest = rest.dropFirst()
        guard let end = rest.firstIndex(of: "\"") else { return nil }
        inner = rest[..<end]
        rest = rest[rest.index(after: end)...]
      } else {
        inner = rest.prefix { $0 != " " }
        rest = rest.dropFirst(inner.count)
      }
      let words = inner.split(separator: " ").map(String.init)
      guard !words.isEmpty, !inner.contains("\"") else { return nil }
      clauses.append(Clause(occurrence: occurrence, words: words))
    }
    guard clauses.contains(where: { $0.occurrence != .mustNot }) else { return nil }
    self.clauses = clauses
  }

  /// Beside clauses that must match (`+a b`), those that need not only rank.
  func coreQuery(analyzer: Analyzer) -> CoreQuery {
    func units(_ occurrence: Occurrence) -> [CoreQuery] {
      clauses.filter { $0.occurrence == occurrence }.map { clause in
        // A clause is analysed as a document is: "u.s." or "mid-october" may be another number of words.
        let text = Array(clause.words.joined(separator: " ").utf8)
        let forms = analyzer.queryWords(text.span).map(\.form)
        return .unit(CoreQuery.Unit(shape: forms.count == 1 ? .word : .phrase, words: forms))
      }
    }
    let required = units(.must)
    let optional = units(.should)
    var positive = Self.joined(required.isEmpty ? optional : required) { required.isEmpty ? .or($0) : .and($0) }
    if !required.isEmpty, !optional.isEmpty { positive = .andMaybe(positive, Self.joined(optional) { .or($0) }) }
    let negative = units(.mustNot)
    return negative.isEmpty ? positive : .andNot(positive, Self.joined(negative) { .or($0) })
  }

  private static func joined(_ queries: [CoreQuery], _ operation: ([CoreQuery]) -> CoreQuery) -> CoreQuery {
    queries.count == 1 ? queries[0] : operation(queries)
  }
}
