internal import Base
internal import Index
internal import ScoringCore

/// Explains one document: every part of the query is planned and run on its own, over this document only.
///
/// Nothing here matches or scores by itself, so an explanation cannot differ from the search.
struct Explainer {
  let snapshot: Snapshot
  /// Place of the document's segment in the snapshot.
  let ordinal: Int
  let document: DocID
  let stored: StoredDocument
  let ranking: BM25
  var planner: QueryPlanner
  var counters: ExecutionCounters
  private(set) var parts: [ScorePart] = []

  var segment: Segment { snapshot.segments[ordinal] }

  init(
    snapshot: Snapshot, ordinal: Int, document: DocID, planner: QueryPlanner, engine: SearchEngine
  ) throws(SearchError) {
    self.snapshot = snapshot
    self.ordinal = ordinal
    self.document = document
    do { stored = try snapshot.segments[ordinal].storedDocument(document) } catch { throw .index(error) }
    ranking = engine.ranking(of: snapshot)
    self.planner = planner
    counters = ExecutionCounters(budget: PositionBudget(limit: engine.positionsMax))
  }

  /// What became of a node.
  ///
  /// - Parameters:
  ///   - isInUnit: A positional operator stands above, so that OR joins matches and not documents.
  ///   - scores: Whether the node adds to the score if it matches.
  mutating func explain(
    _ node: QueryNode, in scope: QueryPlanner.Scope, isInUnit: Bool, scores: Bool
  ) throws(SearchError) -> ExplanationNode {
    switch node.kind {
    case .field(let name, let operand):
      return try field(name, operand, node, in: scope, isInUnit: isInUnit, scores: scores)
    case .boost(let factor, let operand):
      return try explain(operand, in: scope.boosted(by: factor), isInUnit: isInUnit, scores: scores)
    case .filter(let filter): return try self.filter(filter, node)
    case .not(let operand):
      let inner = try explain(operand, in: scope, isInUnit: false, scores: false)
      return ExplanationNode(
        label: "NOT", range: node.range, matches: !inner.matches, hits: nil,
        note: inner.matches ? "excluded, since this is there" : nil, children: [inner])
    default: break
    }
    let planned = try planned(node, in: scope, isInUnit: isInUnit)
    switch planned {
    case .word, .unit: return try unit(node, planned, in: scope, scores: scores)
    case .and, .or, .andNot, .all, .filter:
      let isMatch = try matches(planned)
      var children: [ExplanationNode] = []
      for child in node.children {
        children.append(try explain(child, in: scope, isInUnit: false, scores: scores && isMatch))
      }
      return ExplanationNode(
        label: node.label, range: node.range, matches: isMatch, hits: try hits(planned).count, children: children)
    }
  }

  // MARK: Units

  private mutating func unit(
    _ node: QueryNode, _ planned: PlannedNode, in scope: QueryPlanner.Scope, scores: Bool
  ) throws(SearchError) -> ExplanationNode {
    let hits = try hits(planned)
    var result = ExplanationNode(label: node.label, range: node.range, matches: !hits.isEmpty, hits: hits.count)
    for child in node.children {
      result.children.append(try explain(child, in: scope, isInUnit: true, scores: false))
    }
    if case .phrase(let phrase) = node.kind {
      for item in phrase.items { result.children.append(try self.item(item, of: phrase, node.range, in: scope)) }
    }
    if scores, result.matches { parts.append(try part(node, planned, hits)) }
    if !result.matches, case .unit(let unit) = planned { try addReason(node, unit, to: &result) }
    return result
  }

  private mutating func item(
    _ item: QueryPhrase.Item, of phrase: QueryPhrase, _ range: Range<Int>, in scope: QueryPlanner.Scope
  ) throws(SearchError) -> ExplanationNode {
    guard case .oneOf(let terms) = item else {
      return ExplanationNode(label: "* (any word)", range: range, matches: true, hits: nil)
    }
    let nodes = terms.map { QueryNode(.term($0), range: range) }
    let node = nodes.count == 1 ? nodes[0] : QueryNode(.alternatives(nodes), range: range)
    let found = try hits(try planned(node, in: scope, isInUnit: true))
    return ExplanationNode(label: node.text, range: range, matches: !found.isEmpty, hits: found.count)
  }

  /// Frequency and score of a unit that matches, from its hits and from the scoring core.
  private mutating func part(
    _ node: QueryNode, _ planned: PlannedNode, _ hits: [Hit]
  ) throws(SearchError) -> ScorePart {
    var frequency: Float = 0
    let weight: Float
    let words: [ScorePart.Word]
    switch planned {
    case .word(let word, _, let boost):
      frequency = Float(hits.count)
      weight = word.idf * boost
      words = [ScorePart.Word(text: node.text, documentFrequency: word.documentFrequency, idf: word.idf)]
    case .unit(let unit):
      let least = unit.expression.leastHullLength
      for hit in hits { frequency += 1 / Float(1 + Int(hit.hi - hit.lo) + 1 - least) }
      weight = unit.weight
      words = unit.scoredLeaves.map { index in
        let leaf = unit.leaves[index]
        return ScorePart.Word(
          text: leaf.terms.map(\.text).joined(separator: "|"), documentFrequency: leaf.word.documentFrequency,
          idf: leaf.word.idf)
      }
    case .all, .filter, .and, .or, .andNot: preconditionFailure("documents are no scored units")
    }
    let score = try score(planned)
    return ScorePart(
      text: node.text, range: node.range, frequency: frequency, words: words, weight: weight,
      saturation: weight > 0 ? score / weight : 0, score: score)
  }

  // MARK: Fields and filters

  private mutating func field(
    _ name: String, _ operand: QueryNode, _ node: QueryNode, in scope: QueryPlanner.Scope, isInUnit: Bool, scores: Bool
  ) throws(SearchError) -> ExplanationNode {
    let inner = try explain(operand, in: planner.scope(scope, named: name), isInUnit: isInUnit, scores: scores)
    var result = ExplanationNode(
      label: "\(name):", range: node.range, matches: inner.matches, hits: inner.hits, children: [inner])
    guard !inner.matches else { return result }
    let everywhere = QueryPlanner.Scope(boost: scope.boost)
    let others = try hits(try planned(operand, in: everywhere, isInUnit: isInUnit)).count
    if others > 0 { result.note = "\(others) \(others == 1 ? "hit" : "hits") in other fields" }
    return result
  }

  private mutating func filter(_ filter: QueryFilter, _ node: QueryNode) throws(SearchError) -> ExplanationNode {
    let isMatch = try matches(try planned(node, in: QueryPlanner.Scope(), isInUnit: false))
    let values =
      filter.field == "date"
      ? stored.date.map { [$0] } ?? []
      : stored.extras.filter { $0.name == filter.field }.map { String(decoding: $0.json, as: UTF8.self) }
    let note =
      values.isEmpty
      ? "the document has no \(filter.field)" : "the document's \(filter.field) is \(values.joined(separator: ", "))"
    return ExplanationNode(label: filter.text, range: node.range, matches: isMatch, hits: nil, note: note)
  }

  // MARK: Running

  mutating func planned(
    _ node: QueryNode, in scope: QueryPlanner.Scope, isInUnit: Bool
  ) throws(SearchError) -> PlannedNode {
    do {
      return try isInUnit ? planner.unit(node, in: scope) : planner.node(node, in: scope)
    } catch {
      throw SearchError(error)
    }
  }

  mutating func hits(_ planned: PlannedNode) throws(SearchError) -> [Hit] {
    do {
      return try Execution.hits(
        planned.plan(segment: ordinal), in: segment.view, document: document, counters: &counters)
    } catch {
      throw failure(error, planned)
    }
  }

  mutating func matches(_ planned: PlannedNode) throws(SearchError) -> Bool {
    var none = TopK(k: 0)
    return try execute(planned, ExecutionRequest(counting: .documents), &none) > 0
  }

  /// What the scoring core gives the document; 0 where it does not match.
  mutating func score(_ planned: PlannedNode) throws(SearchError) -> Float {
    var best = TopK(k: 1)
    _ = try execute(planned, ExecutionRequest(), &best)
    return best.sorted().first?.score ?? 0
  }

  private mutating func execute(
    _ planned: PlannedNode, _ request: ExecutionRequest, _ best: inout TopK
  ) throws(SearchError) -> Int {
    var bits = [UInt64](repeating: 0, count: Int(segment.view.documentCount) / 64 + 1)
    bits[Int(document) / 64] |= 1 << UInt64(document % 64)
    let one = DocumentSet(documentCount: segment.view.documentCount, bits: bits)
    do {
      return try Execution.execute(
        .and([.documents(one), planned.plan(segment: ordinal)]), in: segment.view, segmentOrdinal: UInt32(ordinal),
        ranking: ranking, request: request, into: &best, counters: &counters)
    } catch {
      throw failure(error, planned)
    }
  }

  private func failure(_ error: ExecutionError, _ planned: PlannedNode) -> SearchError {
    SearchError(
      error, segment: segment.id, query: planner.query, ranges: planned.unitRanges, limit: counters.budget.limit,
      partialCount: nil)
  }
}

extension QueryFilter {
  fileprivate var field: String {
    switch self {
    case .date(let field, _): field
    case .keyword(let field, _): field
    case .number(let field, _, _): field
    }
  }
}

extension QueryNode {
  /// What stands on its line of an explanation.
  var label: String {
    switch kind {
    case .term, .phrase, .filter: text
    case .alternatives: "|"
    case .and: "AND"
    case .or: "OR"
    case .not: "NOT"
    case .proximity(let kind, _, _): kind.text
    case .window(let distance, _): "NEAR/\(distance)( )"
    case .field(let name, _): "\(name):"
    case .boost(_, let operand): operand.label
    }
  }
}
