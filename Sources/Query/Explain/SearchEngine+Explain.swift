internal import Base
public import Index
internal import ScoringCore

extension SearchEngine {
  /// Says why the document with this id matches the request's query or does not, and what its score is made of.
  ///
  /// Of the request the query, how its words are read and its filters count; the rest is about answers of many
  /// documents.
  ///
  /// - Returns: Nil where the snapshot has no such document.
  /// - Throws: `.query` with the problems of a query that is refused, `.index`.
  /// - Complexity: each part of the query is run over the one document; where operands are too far from each other,
  ///   about log2(words) times.
  public func explain(
    _ request: SearchRequest, id: String, in snapshot: Snapshot
  ) throws(SearchError) -> Explanation? {
    let parsed = request.words == .any ? reader.parseWords(request.query) : reader.parse(request.query)
    guard let root = parsed.root else { throw .query(parsed.problems) }
    let place: (segment: Segment, document: DocID)?
    do { place = try snapshot.locate(id: id) } catch { throw .index(error) }
    guard let place, let ordinal = snapshot.segments.firstIndex(where: { $0.id == place.segment.id }) else { return nil }

    var planner = planner(of: request, in: snapshot)
    return try explain(
      request, request.filtered(root), parsed: request.sentence(root), document: place.document, ordinal: ordinal,
      snapshot, &planner)
  }

  func planner(of request: SearchRequest, in snapshot: Snapshot) -> QueryPlanner {
    QueryPlanner(
      query: request.query, snapshot: snapshot, analyzer: reader.analyzer, exactForms: request.exactForms)
  }

  /// Explains one document of a segment; the planner keeps the words that it has looked up for the next one.
  func explain(
    _ request: SearchRequest, _ node: QueryNode, parsed: String, document: DocID, ordinal: Int, _ snapshot: Snapshot,
    _ planner: inout QueryPlanner
  ) throws(SearchError) -> Explanation {
    var explainer = try Explainer(
      snapshot: snapshot, ordinal: ordinal, document: document, planner: planner, engine: self)
    let planned = try explainer.planned(node, in: QueryPlanner.Scope(), isInUnit: false)
    let matches = try explainer.matches(planned)
    let tree = try explainer.explain(node, in: QueryPlanner.Scope(), isInUnit: false, scores: matches)
    planner = explainer.planner
    return Explanation(
      query: request.query, parsed: parsed, id: explainer.stored.id, matches: matches,
      score: matches ? try explainer.score(planned) : 0, root: tree, parts: explainer.parts,
      length: Int(explainer.segment.view.length(of: document)), averageLength: averageLength(of: snapshot),
      documentCount: snapshot.statistics.documents)
  }
}
