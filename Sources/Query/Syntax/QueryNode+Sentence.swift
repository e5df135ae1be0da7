/// How a query was read, in one sentence for people.
extension QueryNode {
  /// `documents where exactly "raqqa" is at most 40 words from exactly "civilians", in one field`.
  public var sentence: String {
    if isPositional { return "documents where \(clause), in one field" }
    switch kind {
    case .and, .or, .filter: return "documents \(documentClause)"
    case .field(_, let operand) where operand.isPositional: return "documents where \(clause)"
    default: return "documents \(documentClause)"
    }
  }

  /// A proximity operator, whose sentence has a verb of its own.
  private var isPositional: Bool {
    switch kind {
    case .proximity, .window: true
    case .boost(_, let operand): operand.isPositional
    default: false
    }
  }

  /// What is said of a document: `with …`, `where …`, `dated …`.
  private var documentClause: String {
    switch kind {
    case .and(let operands):
      let positive = operands.filter { !$0.isNegative }.map(\.nestedDocumentClause)
      let negative = operands.filter(\.isNegative).map(\.nestedDocumentClause)
      return (positive + negative).joined(separator: " and ")
    case .or(let operands): return operands.map(\.nestedDocumentClause).joined(separator: " or ")
    case .not(let operand): return "without " + operand.clauseAsObject
    case .filter(let filter): return filter.clause
    case .field(_, let operand) where operand.isDocumentLevel:
      return "(" + operand.documentClause + ")" + fieldSuffix
    default: return isPositional ? "where " + clause : "with " + clause
    }
  }

  private var nestedDocumentClause: String {
    switch kind {
    case .and, .or: "(" + documentClause + ")"
    default: documentClause
    }
  }

  private var clauseAsObject: String {
    if isPositional || isDocumentLevel { return "what matches (" + (isDocumentLevel ? documentClause : clause) + ")" }
    return clause
  }

  /// AND, OR, NOT or a filter on top: said of documents.
  private var isDocumentLevel: Bool {
    switch kind {
    case .and, .or, .not, .filter: true
    case .field(_, let operand), .boost(_, let operand): operand.isDocumentLevel
    case .alternatives(let operands): operands.contains(where: \.isDocumentLevel)
    default: false
    }
  }

  private var fieldSuffix: String { if case .field(let name, _) = kind { " in \(name)" } else { "" } }

  /// What is said of a match.
  private var clause: String {
    switch kind {
    case .term(let term): return term.clause
    case .phrase(let phrase): return phrase.clause
    case .alternatives(let operands), .or(let operands):
      return operands.map(\.nestedClause).joined(separator: " or ")
    case .proximity(let kind, let left, let right): return kind.clause(left.nestedClause, right.nestedClause)
    case .window(let distance, let operands):
      let list = operands.map(\.nestedClause)
      return list.dropLast().joined(separator: ", ")
        + " and \(list[list.count - 1]) stand at most \(distance) words apart"
    case .field(_, let operand): return operand.nestedClause + fieldSuffix
    case .boost(let factor, let operand): return operand.nestedClause + " (weight \(factor))"
    case .and, .not, .filter: return documentClause
    }
  }

  private var nestedClause: String {
    switch kind {
    case .term, .phrase, .field, .boost: clause
    default: "(" + clause + ")"
    }
  }
}

extension QueryTerm {
  fileprivate var clause: String {
    switch self {
    case .word(let word):
      switch word.sense {
      case .stem: "any form of \"\(word.form)\""
      case .exact: "exactly \"\(word.form)\""
      case .verbatim: "\"\(word.verbatim)\" with just these letters"
      }
    case .wildcard(let pattern):
      pattern.verbatim.map { "a word like \"\($0)\" with just these letters" } ?? "a word like \"\(pattern.text)\""
    case .fuzzy(let word): "a word at most \(word.edits) \(word.edits == 1 ? "edit" : "edits") from \"\(word.form)\""
    }
  }
}

extension QueryPhrase {
  fileprivate var clause: String {
    let words = QueryPhrase(sense: .exact, items: items).text
    let phrase =
      switch sense {
      case .exact: "the phrase \(words)"
      case .stem: "the phrase \(words) in any form of its words"
      case .verbatim: "the phrase \(words) with just these letters"
      }
    guard let extraWords else { return phrase }
    return "the words \(words) in any order with at most \(extraWords) more between"
      + (sense == .stem ? ", in any form" : "")
  }
}

extension ProximityOperator {
  fileprivate func clause(_ left: String, _ right: String) -> String {
    switch self {
    case .near(let distance): "\(left) is \(distance.clause) from \(right)"
    case .precedes(let distance): "\(left) stands \(distance.clause) before \(right)"
    case .before: "\(left) stands anywhere before \(right)"
    case .notNear(let distance):
      "\(left) stands somewhere more than \(distance) \(distance == 1 ? "word" : "words") from every place with \(right)"
    case .sentence: "\(left) is in one sentence with \(right)"
    case .paragraph: "\(left) is in one paragraph with \(right)"
    }
  }
}

extension DistanceRange {
  var clause: String {
    let unit = maximum == 1 ? "word" : "words"
    if minimum == 0 { return "at most \(maximum) \(unit)" }
    return minimum == maximum ? "exactly \(maximum) \(unit)" : "\(minimum) to \(maximum) \(unit)"
  }
}

extension QueryFilter {
  var clause: String {
    switch self {
    case .date(let field, let range):
      switch (range.from?.text, range.to?.text) {
      case (let from?, let to?): Self.dated(field) + (from == to ? "\(from)" : "\(from) to \(to)")
      case (let from?, nil): Self.dated(field) + "\(from) or later"
      case (nil, let to?): Self.dated(field) + "\(to) or earlier"
      case (nil, nil): "with any \(field)"
      }
    case .keyword(let field, let value): "whose \(field) is \"\(value)\""
    case .number(let field, let minimum, let maximum):
      switch (minimum, maximum) {
      case (let minimum?, let maximum?): "whose \(field) is from \(minimum) to \(maximum)"
      case (let minimum?, nil): "whose \(field) is at least \(minimum)"
      case (nil, let maximum?): "whose \(field) is at most \(maximum)"
      case (nil, nil): "with any \(field)"
      }
    }
  }

  private static func dated(_ field: String) -> String { field == "date" ? "dated " : "whose \(field) is " }
}
