/// The canonical text of a tree: parsing it gives an equal tree.
extension QueryNode {
  public var text: String {
    switch kind {
    case .term(let term): return term.text
    case .phrase(let phrase): return phrase.text
    case .alternatives(let operands): return operands.map { $0.bracketed(unless: \.isAtom) }.joined(separator: "|")
    case .and(let operands): return operands.map { $0.bracketed(unless: \.isConjunct) }.joined(separator: " AND ")
    case .or(let operands): return operands.map { $0.bracketed(unless: \.isUnit) }.joined(separator: " OR ")
    case .not(let operand): return "NOT " + operand.bracketed(unless: \.isUnit)
    case .proximity(let kind, let left, let right):
      return "\(left.bracketed(unless: \.isUnit)) \(kind.text) \(right.bracketed(unless: \.isUnit))"
    case .window(let distance, let operands):
      return "NEAR/\(distance)(\(operands.map { $0.bracketed(unless: \.isUnit) }.joined(separator: ", ")))"
    case .field(let name, let operand): return "\(name):\(operand.bracketed(unless: \.isAlternative))"
    case .boost(let factor, let operand): return "\(operand.bracketed(unless: \.isBoostable))^\(decimal(factor))"
    case .filter(let filter): return filter.text
    }
  }

  private func bracketed(unless isBare: (QueryNode) -> Bool) -> String { isBare(self) ? text : "(\(text))" }

  private var isAtom: Bool {
    switch kind {
    case .term, .phrase, .window: true
    default: false
    }
  }
  private var isAlternative: Bool { if case .alternatives = kind { true } else { isAtom } }
  private var isBoostable: Bool { if case .field = kind { true } else { isAlternative } }
  private var isUnit: Bool {
    switch kind {
    case .boost, .filter: true
    default: isBoostable
    }
  }
  private var isConjunct: Bool { isNegative || isUnit }
}

extension QueryTerm {
  /// A word with nothing but letters and digits that is no operator stands bare; `~"…"` says the same of any word.
  public var text: String {
    switch self {
    case .word(let word):
      switch word.sense {
      case .exact: return "\"\(word.form)\""
      case .verbatim: return "==\"\(word.verbatim)\""
      case .stem:
        let isSaid = word.form == "near" || ForeignRun.places.contains(word.form)
        let isBare = !isSaid && word.form.utf8.allSatisfy { $0 >= 0x80 || isAlphanumeric($0) }
        return isBare ? word.form : "~\"\(word.form)\""
      }
    case .wildcard(let pattern): return pattern.verbatim.map { "==" + typed($0) } ?? typed(pattern.text)
    case .fuzzy(let word): return "\(word.form)~\(word.edits)"
    }
  }

  /// Inside quotes.
  fileprivate func itemText(_ sense: QueryWordTerm.Sense) -> String {
    switch self {
    case .word(let word):
      switch word.sense {
      case .verbatim: return (sense == .verbatim ? "" : "==") + word.verbatim
      case .exact: return (sense == .stem ? "=" : "") + word.form
      case .stem: return word.form
      }
    case .wildcard(let pattern): return sense == .verbatim ? typed(pattern.verbatim ?? pattern.text) : text
    case .fuzzy: return text
    }
  }
}

/// A `?` at the end of a word is punctuation unless a backslash stands before it.
private func typed(_ pattern: String) -> String { pattern.hasSuffix("?") ? pattern.dropLast() + "\\?" : pattern }

private func isAlphanumeric(_ byte: UInt8) -> Bool {
  (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
}

private func decimal(_ value: Double) -> String {
  let text = value.description
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}

extension QueryPhrase {
  public var text: String {
    let mark =
      switch sense {
      case .stem: "~"
      case .exact: ""
      case .verbatim: "=="
      }
    let words = items.map { item in
      switch item {
      case .anyWord: "*"
      case .oneOf(let terms):
        terms.count == 1
          ? terms[0].itemText(sense) : "(" + terms.map { $0.itemText(sense) }.joined(separator: "|") + ")"
      }
    }
    return "\(mark)\"\(words.joined(separator: " "))\"" + (extraWords.map { "~\($0)" } ?? "")
  }
}

extension ProximityOperator {
  public var text: String {
    switch self {
    case .near(let distance), .precedes(let distance): "\(name)/\(distance.text)"
    case .notNear(let distance): "\(name)/\(distance)"
    case .before, .sentence, .paragraph: name
    }
  }
}

extension DistanceRange {
  public var text: String { minimum == 0 ? "\(maximum)" : "\(minimum)..\(maximum)" }
}

extension QueryFilter {
  public var text: String {
    switch self {
    case .date(let field, let range):
      let from = range.from?.text ?? ""
      let to = range.to?.text ?? ""
      return range.from == range.to ? "\(field):\(from)" : "\(field):\(from)..\(to)"
    case .keyword(let field, let value): return "\(field):\"\(value)\""
    case .number(let field, let minimum, let maximum):
      if let minimum, minimum == maximum { return "\(field):\(decimal(minimum))" }
      return "\(field):\(minimum.map(decimal) ?? "")..\(maximum.map(decimal) ?? "")"
    }
  }
}
