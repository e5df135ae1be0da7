extension MatchPlan {
  /// Postings that execution looks at, roughly: what says whether another core is worth waking.
  public var estimatedPostings: Int {
    switch self {
    case .nothing: 0
    case .all: 0
    case .documents(let set): set.count / 8
    case .words(let leaf): leaf.postingCount
    case .positional(let unit):
      unit.estimatedPostings
    case .and(let plans): 2 * (plans.map(\.estimatedPostings).min() ?? 0)
    case .or(let plans): plans.reduce(0) { $0 + $1.estimatedPostings }
    case .andNot(let positive, _): 2 * positive.estimatedPostings
    case .andMaybe(let required, _): 2 * required.estimatedPostings
    }
  }
}

extension PositionalUnit {
  fileprivate var estimatedPostings: Int {
    guard case .phrase = expression else { return 8 * (leaves.map(\.postingCount).min() ?? 0) }
    let rarestPair = pairs.adjacent.compactMap { $0.list.map { Int($0.documentFrequency) } }.min() ?? .max
    // A phrase of two words that is a list of its own is counted like a word.
    if leaves.count == 2, rarestPair < .max { return rarestPair }
    // Each candidate costs as much as some postings: positions are read and compared.
    return 8 * min(leaves.map(\.postingCount).min() ?? 0, rarestPair)
  }
}

extension WordLeaf {
  fileprivate var postingCount: Int { lists.reduce(0) { $0 + Int($1.documentFrequency) } }
}
