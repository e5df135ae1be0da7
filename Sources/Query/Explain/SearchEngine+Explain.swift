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

    let node = request.filtered(root)
    var explainer = try Explainer(
      request, snapshot: snapshot, ordinal: ordinal, document: place.document, engine: self)
    let planned = try explainer.planned(node, in: QueryPlanner.Scope(), isInUnit: false)
    let matches = try explainer.matches(planned)
    let tree = try explainer.explain(node, in: QueryPlanner.Scope(), isInUnit: false, scores: matches)
    return Explanation(
      query: request.query, parsed: request.sentence(root), id: id, matches: matches,
      score: matches ? try explainer.score(planned) : 0, root: tree, parts: explainer.parts,
      length: Int(place.segment.view.length(of: place.document)), averageLength: averageLength(of: snapshot),
      documentCount: snapshot.statistics.documents)
  }
}
