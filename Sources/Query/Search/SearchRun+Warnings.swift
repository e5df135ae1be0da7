internal import ScoringCore

extension SearchRun {
  /// What the snapshot says about the query's words and phrases.
  func warnings() throws(SearchError) -> [QueryWarning] {
    var warnings = plan.warnings
    if unknownStories > 0 {
      let documents = unknownStories == 1 ? "1 document has" : "\(unknownStories) documents have"
      warnings.append(
        QueryWarning(
          code: .noFingerprint,
          message: "\(documents) no fingerprint (without words, or added before the index kept them): not collapsed.",
          byteRange: 0..<request.query.utf8.count))
    }
    guard needsCountsForWarnings else { return warnings }
    for phrase in root.quotedPhrases where try count(phrase) == 0 {
      guard let stems = phrase.withStems else { continue }
      let found = try count(stems)
      guard found > 0 else { continue }
      warnings.append(
        QueryWarning(
          code: .stemsOnly,
          message:
            "No document has exactly \(phrase.text); \(found) \(found == 1 ? "has" : "have") other forms of its words.",
          byteRange: phrase.range, suggestions: [request.query.replacingBytes(phrase.range, with: stems.text)]))
    }
    return warnings
  }

  /// Whether a phrase may have no match, so that it is looked for by itself, and with other forms of its words.
  var needsCountsForWarnings: Bool { (ranked.isEmpty || root.offersChoice) && !root.quotedPhrases.isEmpty }

  private func count(_ phrase: QueryNode) throws(SearchError) -> Int {
    var request = SearchRequest(query: request.query)
    request.limit = 1
    request.deadlineNanoseconds = self.request.deadlineNanoseconds
    var run = try SearchRun(request, root: phrase, snapshot: snapshot, engine: engine)
    try run.execute()
    return run.documentCount
  }
}

extension PositionalOperator {
  var name: String {
    switch self {
    case .word: "word"
    case .alternatives: "|"
    case .near: "NEAR"
    case .precedes: "PRE or BEFORE"
    case .notNear: "NOT NEAR"
    case .within: "SENT or PARA"
    case .phrase: "phrase"
    case .loosePhrase: "loose phrase"
    case .window: "NEAR/N( )"
    }
  }
}

extension QueryNode {
  /// Some part may be empty although the whole is not.
  fileprivate var offersChoice: Bool {
    switch kind {
    case .or, .alternatives: true
    default: children.contains(where: \.offersChoice)
    }
  }

  /// Quoted phrases of exact words that are looked for.
  fileprivate var quotedPhrases: [QueryNode] {
    switch kind {
    case .phrase(let phrase): phrase.sense == .exact ? [self] : []
    case .not: []
    default: children.flatMap(\.quotedPhrases)
    }
  }

  /// The same phrase with every form of its words.
  fileprivate var withStems: QueryNode? {
    guard case .phrase(let phrase) = kind else { return nil }
    let items = phrase.items.map { item -> QueryPhrase.Item in
      guard case .oneOf(let terms) = item else { return item }
      return .oneOf(
        terms.map { term in
          guard case .word(let word) = term else { return term }
          return .word(QueryWordTerm(sense: .stem, form: word.form, stem: word.stem))
        })
    }
    return QueryNode(.phrase(QueryPhrase(sense: .stem, items: items, extraWords: phrase.extraWords)), range: range)
  }
}
