internal import Analysis
internal import Base
internal import Index
internal import ScoringCore

/// A query made ready for one snapshot.
struct QueryPlan: Sendable {
  let root: PlannedNode
  let warnings: [QueryWarning]
  /// What each different word of the query stands for, in the order in which they were met.
  let expansions: [TermExpansion]
}

/// Turns a tree into scored units over one snapshot.
///
/// Rules of semantics.md: a word, or a choice of words, is one unit; a phrase or proximity operator with all that
/// stands in it is one unit; AND, OR and NOT above them are about documents.
struct QueryPlanner {
  let query: String
  let snapshot: Snapshot
  var resolver: WordResolver
  private var warnings: [QueryWarning] = []
  private var expansions: [TermExpansion] = []
  /// Words met so far: one warning each.
  private var met: [QueryTerm] = []

  init(query: String, snapshot: Snapshot, analyzer: Analyzer, exactForms: Bool) {
    self.query = query
    self.snapshot = snapshot
    resolver = WordResolver(snapshot: snapshot, analyzer: analyzer, exactForms: exactForms)
  }

  mutating func plan(_ root: QueryNode) throws(PlanError) -> QueryPlan {
    let tree = try node(root, in: Scope())
    return QueryPlan(root: tree, warnings: warnings, expansions: expansions)
  }

  /// What is inherited from above.
  struct Scope {
    var field = PlannedField.any
    var boost: Float = 1

    func boosted(by factor: Double) -> Scope { Scope(field: field, boost: boost * Float(factor)) }
  }

  func scope(_ scope: Scope, named name: String) -> Scope {
    Scope(field: PlannedField(isNamed: true, id: snapshot.fields.id(of: name)), boost: scope.boost)
  }

  // MARK: Documents

  mutating func node(_ node: QueryNode, in scope: Scope) throws(PlanError) -> PlannedNode {
    switch node.kind {
    case .term(let term):
      return .word(try resolve([term], node.range), field: scope.field, boost: scope.boost)
    case .and(let operands): return try conjunction(operands, in: scope)
    case .or(let operands): return .or(try nodes(operands, in: scope))
    case .not: return try conjunction([node], in: scope)
    case .alternatives(let operands):
      if let terms = Self.terms(operands) {
        return .word(try resolve(terms, node.range), field: scope.field, boost: scope.boost)
      }
      return node.isAboutMatches ? try unit(node, in: scope) : .or(try nodes(operands, in: scope))
    case .field(let name, let operand): return try self.node(operand, in: self.scope(scope, named: name))
    case .boost(let factor, let operand): return try self.node(operand, in: scope.boosted(by: factor))
    case .phrase, .proximity, .window: return try unit(node, in: scope)
    case .filter(let filter): return .filter(try self.filter(filter, node.range))
    }
  }

  private mutating func nodes(_ operands: [QueryNode], in scope: Scope) throws(PlanError) -> [PlannedNode] {
    var planned: [PlannedNode] = []
    for operand in operands { planned.append(try node(operand, in: scope)) }
    return planned
  }

  private mutating func conjunction(_ operands: [QueryNode], in scope: Scope) throws(PlanError) -> PlannedNode {
    var positive: [PlannedNode] = []
    var negative: [PlannedNode] = []
    for operand in operands {
      if case .not(let inner) = operand.kind, case .filter(let filter) = inner.kind {
        // What does not pass is a filter too, and a conjunction of words with it keeps its own loop.
        positive.append(.filter(try self.filter(filter, inner.range).complement))
      } else if case .not(let inner) = operand.kind {
        negative.append(try node(inner, in: scope))
      } else {
        positive.append(try node(operand, in: scope))
      }
    }
    let wanted: PlannedNode = positive.isEmpty ? .all : positive.count == 1 ? positive[0] : .and(positive)
    guard !negative.isEmpty else { return wanted }
    return .andNot(wanted, negative.count == 1 ? negative[0] : .or(negative))
  }

  /// The documents that pass a filter; notes a value that none has.
  private mutating func filter(_ filter: QueryFilter, _ range: Range<Int>) throws(PlanError) -> PlannedFilter {
    let resolver = FilterResolver(snapshot)
    if let refusal = resolver.refusal(of: filter) {
      throw .refused(
        QueryProblem(
          code: .unknownField, message: refusal, query: query, byteRange: range,
          hint: "Name the field in the configuration and index the documents again, or leave the filter out."))
    }
    do throws(IndexError) {
      let planned = try resolver.resolve(filter)
      if planned.isEmpty, case .keyword(let field, let value) = filter, snapshot.documentCount > 0 {
        warnings.append(
          QueryWarning(
            code: .valueNotInIndex, message: "No document has `\(value)` as its \(field).", byteRange: range,
            suggestions: try resolver.nearestValues(to: value, in: field, limit: 3)))
      }
      return planned
    } catch {
      throw .index(error)
    }
  }

  /// The terms of a choice between words only.
  static func terms(_ operands: [QueryNode]) -> [QueryTerm]? {
    var terms: [QueryTerm] = []
    for operand in operands {
      guard case .term(let term) = operand.kind else { return nil }
      if !terms.contains(term) { terms.append(term) }
    }
    return terms
  }

  /// A node without AND, NOT and filters as one positional unit.
  mutating func unit(_ node: QueryNode, in scope: Scope) throws(PlanError) -> PlannedNode {
    var builder = UnitBuilder(range: node.range)
    let expression = try builder.expression(node, in: scope, planner: &self)
    return .unit(builder.unit(expression, analyzer: resolver.analyzer))
  }

  // MARK: Words

  /// Resolves a word and notes what the asker should know about it.
  mutating func resolve(_ terms: [QueryTerm], _ range: Range<Int>) throws(PlanError) -> PlannedWord {
    let word: PlannedWord
    do throws(PlanError) {
      for term in terms where !met.contains(term) { try note(term, range) }
      word = try resolver.resolve(terms)
    } catch {
      guard case .tooBroad(let term, let forms) = error else { throw error }
      throw .refused(BroadWildcard.problem(term, forms: forms, query: query, range: range))
    }
    return word
  }

  private mutating func note(_ term: QueryTerm, _ range: Range<Int>) throws(PlanError) {
    met.append(term)
    let found = try resolver.resolve([term]).forms
    expansions.append(TermExpansion(term, forms: found, exactForms: resolver.exactForms))
    switch term {
    case .word(let word):
      guard found.isEmpty else { return }
      warnings.append(
        QueryWarning(
          code: .wordNotInIndex, message: "No document has the word `\(word.form)`.", byteRange: range,
          suggestions: try resolver.nearestForms(to: word.form, limit: 3)))
    case .wildcard, .fuzzy:
      warnings.append(
        QueryWarning(
          code: .expansion, message: "`\(term.text)` stands for \(found.count) \(found.count == 1 ? "form" : "forms").",
          byteRange: range, suggestions: []))
    }
  }
}

extension QueryNode {
  /// No AND, NOT or filter inside: the node stands for matches.
  fileprivate var isAboutMatches: Bool {
    switch kind {
    case .and, .not, .filter: false
    default: children.allSatisfy(\.isAboutMatches)
    }
  }
}

extension String {
  /// The string with a range of its UTF-8 bytes replaced.
  func replacingBytes(_ range: Range<Int>, with text: String) -> String {
    [QueryFinding].apply([.replace(range, by: text)], to: Array(utf8))
  }
}
