/// An upper bound of a unit's frequency in a document from the frequencies of its leaves there: what pruning compares
/// before positions are read.
///
/// The bound is the least of its terms, a term a multiple of the sum of some leaves' frequencies. Each hit adds at
/// most 1 to the frequency, so every term bounds the number of hits, an antichain: no two begin at one position, no
/// two end at one.
///
/// - **Ends.** A hit begins at a word of a leaf that can stand first; at most Σ of their frequencies begin. The same
///   for the last. Holds for every expression.
/// - **Chains** (words and phrases joined by PRE and BEFORE, however bracketed). Two hits never use one occurrence p at
///   one place i: let the first begin earlier. The words of the second before p, p, and the words of the first after p
///   are a match too, since each distance constraint of a chain is between neighbouring places, and each pair of
///   neighbours was taken from one hit; its hull lies strictly inside both. So every place bounds the number of hits by
///   its own frequency: the least frequency of a required word.
/// - **Windows** of k single words (NEAR, SENT and PARA of two words; n-ary NEAR; the loose phrase): each hit holds an
///   occurrence of every leaf, and at most k hits hold one position p. Let lo₁ < … < lo_m be their beginnings, all
///   ≤ p. A window is a hit only if its first position raises the number of leaves that distinct positions of the
///   window can serve (the rank of a transversal matroid); lo_{i+1}, …, lo_m all lie in hit i behind lo_i, so lo_i
///   raises the rank of {lo_{i+1}, …, lo_m}: the lo are independent, and m ≤ rank ≤ k. So k × the least frequency.
/// - **Alternatives** the sum, **NOT NEAR** of a fixed-length first operand what bounds that operand: its hits are
///   among that operand's matches, which are an antichain.
public struct FrequencyBound: Sendable, Equatable {
  struct Term: Sendable, Equatable {
    var multiplier: UInt64
    var leaves: [Int]
  }

  let terms: [Term]

  public init(_ expression: PositionalExpression) {
    var terms = Self.counting(expression)
    terms.append(Term(multiplier: 1, leaves: Self.ends(expression, first: true)))
    terms.append(Term(multiplier: 1, leaves: Self.ends(expression, first: false)))
    var kept: [Term] = []
    for term in terms where !kept.contains(term) { kept.append(term) }
    self.terms = kept
  }

  /// The bound, given each leaf's frequency in the document; `UInt32.max` is "unknown" and saturates.
  public func callAsFunction(_ frequency: (_ leaf: Int) -> UInt32) -> UInt32 {
    var least = UInt64(UInt32.max)
    for term in terms {
      var sum: UInt64 = 0
      for leaf in term.leaves { sum += UInt64(frequency(leaf)) }
      least = min(least, sum * term.multiplier)
    }
    return UInt32(least)
  }

  /// The terms that follow from the kind of expression; none where only the ends count.
  private static func counting(_ expression: PositionalExpression) -> [Term] {
    if let places = chain(expression) { return places.map { Term(multiplier: 1, leaves: $0) } }
    if let words = wordsOfWindow(expression) {
      return words.map { Term(multiplier: UInt64(words.count), leaves: [$0]) }
    }
    if case .notNear(_, let first, _) = expression, chain(first)?.count == 1 || first.kind == .phrase {
      return counting(first)
    }
    return []
  }

  /// The leaves accepted at each place of a chain, or nil if the expression is none.
  private static func chain(_ expression: PositionalExpression) -> [[Int]]? {
    switch expression {
    case .leaf(let leaf): return [[leaf]]
    case .phrase(let places): return places.compactMap { $0 }.map { [$0] }
    case .alternatives(let operands):
      var leaves: [Int] = []
      for operand in operands {
        guard case .leaf(let leaf) = operand else { return nil }
        if !leaves.contains(leaf) { leaves.append(leaf) }
      }
      return [leaves]
    case .precedes(_, _, let first, let second):
      guard let before = chain(first), let after = chain(second) else { return nil }
      return before + after
    default: return nil
    }
  }

  private static func wordsOfWindow(_ expression: PositionalExpression) -> [Int]? {
    if case .loosePhrase(_, let words) = expression { return words }
    switch expression {
    case .near(let min, _, _, _) where min <= 1: break
    case .within, .window: break
    default: return nil
    }
    var words: [Int] = []
    for operand in expression.operands {
      guard case .leaf(let leaf) = operand else { return nil }
      words.append(leaf)
    }
    return words
  }

  /// The leaves whose words can be the first (last) of a match.
  private static func ends(_ expression: PositionalExpression, first: Bool) -> [Int] {
    switch expression {
    case .leaf(let leaf): return [leaf]
    case .phrase(let places):
      let words = places.compactMap { $0 }
      return (first ? words.first : words.last).map { [$0] } ?? []
    case .loosePhrase(_, let words): return unique(words)
    case .notNear(_, let operand, _): return ends(operand, first: first)
    case .precedes(_, _, let before, let after): return ends(first ? before : after, first: first)
    case .alternatives, .near, .within, .window:
      return unique(expression.operands.flatMap { ends($0, first: first) })
    }
  }

  private static func unique(_ leaves: [Int]) -> [Int] { Set(leaves).sorted() }
}
