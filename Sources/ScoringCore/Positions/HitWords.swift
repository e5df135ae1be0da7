/// The words of a hit, by the shortest way that is right for the expression.
enum HitWords: Sendable {
  /// Each word behind the first by a fixed distance.
  case phrase([PositionalPlan.Place])
  /// Two words in order: the hull's ends.
  case ends(first: Int, last: Int)
  /// Single words that share no position: each word's first position in the hull. A minimal hull holds the words at its
  /// ends nowhere else, or it could shrink; so the choice includes the ends, and it is smallest word by word.
  case firstOfEach([Int])
  /// All matches with this hull.
  case general

  init(_ plan: PositionalPlan) {
    let root = plan.nodes[plan.root]
    let words = root.operands.compactMap { if case .leaf(let leaf) = plan.nodes[$0].kind { leaf } else { nil } }
    let areWords = words.count == root.operands.count && !root.operandsOverlap
    switch root.kind {
    case .leaf(let leaf): self = .firstOfEach([leaf])
    case .phrase(let places, _): self = .phrase(places)
    case .near(min: 1, _) where areWords: self = .firstOfEach(words)
    case .precedes where words.count == 2: self = .ends(first: words[0], last: words[1])
    case .within, .window: self = areWords ? .firstOfEach(words) : .general
    default: self = .general
    }
  }
}
