internal import Analysis
internal import Base

/// `--words any`: plain text.
extension QueryReader {
  /// Reads a text without operators: its words joined by OR, a repeated word with its weight repeated.
  public func parseWords(_ query: String) -> ParsedQuery {
    let bytes = Array(query.utf8)
    var order: [String] = []
    var found: [String: (word: QueryWordTerm, range: Range<Int>, count: Int)] = [:]
    if bytes.count <= Limits.queryBytesMax {
      for word in analyzer.queryWords(bytes.span) {
        let form = String(decoding: word.form, as: UTF8.self)
        let term = QueryWordTerm(sense: .stem, form: form, stem: String(decoding: word.stem, as: UTF8.self))
        if found[form] == nil { order.append(form) }
        found[form, default: (term, word.byteRange, 0)].count += 1
      }
    }
    guard bytes.count <= Limits.queryBytesMax, order.count <= Limits.queryLeavesMax else {
      return refusal(
        query, .tooLong,
        "A query has at most \(Limits.queryBytesMax) bytes and \(Limits.queryLeavesMax) different words.",
        hint: "Search for a part of it.")
    }
    let nodes = order.compactMap { found[$0] }.map { entry in
      let node = QueryNode(.term(.word(entry.word)), range: entry.range)
      return entry.count == 1 ? node : QueryNode(.boost(Double(entry.count), node), range: entry.range)
    }
    guard let first = nodes.first else {
      return refusal(query, .missingOperand, "The query has no words.", hint: "Type at least one word.")
    }
    let root = nodes.count == 1 ? first : QueryNode(.or(nodes), range: 0..<bytes.count)
    return ParsedQuery(query: query, root: root, problems: [], warnings: [])
  }

  private func refusal(
    _ query: String, _ code: QueryProblem.Code, _ message: String, hint: String
  ) -> ParsedQuery {
    let problem = QueryProblem(
      code: code, message: message, query: query, byteRange: 0..<query.utf8.count, hint: hint)
    return ParsedQuery(query: query, root: nil, problems: [problem], warnings: [])
  }
}

extension QueryNode {
  /// The sentence of a query read by `parseWords`.
  var anySentence: String {
    let words = (children.isEmpty ? [self] : children).map { node in
      if case .boost(let factor, let word) = node.kind { "\(word.text) (\(Int(factor)) times)" } else { node.text }
    }
    return "documents with any form of " + (words.count == 1 ? "" : "any of ") + words.joined(separator: ", ")
  }
}
