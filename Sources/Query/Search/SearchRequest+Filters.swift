/// The filters of a request beside its query: `dates` and `lang`.
extension SearchRequest {
  private var filters: [QueryFilter] {
    var filters: [QueryFilter] = []
    if let dates { filters.append(.date(field: "date", dates)) }
    if let lang { filters.append(.keyword(field: "lang", value: lang)) }
    return filters
  }

  /// The tree of the query and the filters.
  func filtered(_ root: QueryNode) -> QueryNode {
    let nodes = filters.map { QueryNode(.filter($0), range: root.range) }
    guard !nodes.isEmpty else { return root }
    if case .and(let operands) = root.kind { return QueryNode(.and(operands + nodes), range: root.range) }
    return QueryNode(.and([root] + nodes), range: root.range)
  }

  /// How the request was read, in one sentence; `root` is the tree of its query.
  func sentence(_ root: QueryNode) -> String {
    guard words == .any else { return filtered(root).sentence }
    return ([root.anySentence] + filters.map(\.clause)).joined(separator: ", ")
  }
}
