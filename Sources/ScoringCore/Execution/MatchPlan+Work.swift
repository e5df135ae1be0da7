extension MatchPlan {
  /// Postings that execution looks at, roughly: what says whether another core is worth waking.
  public var estimatedPostings: Int {
    switch self {
    case .nothing: 0
    case .all: 0
    case .documents(let set): set.count / 8
    case .words(let leaf): leaf.postingCount
    case .positional(let unit):
      // Each candidate costs as much as some postings: positions are read and compared.
      8 * (unit.leaves.map(\.postingCount).min() ?? 0)
    case .and(let plans): 2 * (plans.map(\.estimatedPostings).min() ?? 0)
    case .or(let plans): plans.reduce(0) { $0 + $1.estimatedPostings }
    case .andNot(let positive, _): 2 * positive.estimatedPostings
    case .andMaybe(let required, _): 2 * required.estimatedPostings
    }
  }
}

extension WordLeaf {
  fileprivate var postingCount: Int { lists.reduce(0) { $0 + Int($1.documentFrequency) } }
}
