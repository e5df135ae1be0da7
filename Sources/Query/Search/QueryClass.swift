/// What kind of work a query is, by the dearest thing in it: what latencies are told apart by.
public enum QueryClass: String, Sendable, CaseIterable {
  /// Filters alone.
  case filter
  /// One word, or a choice between words.
  case word
  /// Words joined by AND, OR and NOT.
  case boolean
  case phrase
  case proximity
  /// Wildcards and fuzzy words anywhere.
  case wildcard

  init(_ root: QueryNode) {
    self = root.queryClass
  }
}

extension QueryNode {
  fileprivate var queryClass: QueryClass {
    switch kind {
    case .filter: return .filter
    case .term(let term): return term.isExpanded ? .wildcard : .word
    case .phrase(let phrase):
      let isExpanded = phrase.items.contains { item in
        if case .oneOf(let terms) = item { terms.contains(where: \.isExpanded) } else { false }
      }
      return isExpanded ? .wildcard : phrase.extraWords == nil ? .phrase : .proximity
    case .field(_, let operand), .boost(_, let operand): return operand.queryClass
    case .not(let operand): return max(.boolean, operand.queryClass)
    case .alternatives(let operands): return operands.map(\.queryClass).reduce(.word, max)
    case .and(let operands), .or(let operands):
      let classes = operands.map(\.queryClass)
      // A filter beside a word makes no Boolean query of it.
      let least: QueryClass = classes.count { $0 != .filter } > 1 ? .boolean : .filter
      return classes.reduce(least, max)
    case .proximity, .window: return children.map(\.queryClass).reduce(.proximity, max)
    }
  }

  private func max(_ a: QueryClass, _ b: QueryClass) -> QueryClass {
    let order = QueryClass.allCases
    return (order.firstIndex(of: a) ?? 0) >= (order.firstIndex(of: b) ?? 0) ? a : b
  }
}

extension QueryTerm {
  fileprivate var isExpanded: Bool {
    if case .word = self { false } else { true }
  }
}
