/// What can be said of an expression before any document is seen.
extension PositionalExpression {
  /// The leaves it names, ascending.
  public var leaves: [Int] {
    var found = Set<Int>()
    forEachLeaf { found.insert($0) }
    return found.sorted()
  }

  private func forEachLeaf(_ body: (Int) -> Void) {
    switch self {
    case .leaf(let leaf): body(leaf)
    case .phrase(let places): for case let leaf? in places { body(leaf) }
    case .loosePhrase(_, let places): places.forEach(body)
    default: operands.forEach { $0.forEachLeaf(body) }
    }
  }

  /// The sub-expressions of an operator, in query order; none for leaves and phrases.
  public var operands: [PositionalExpression] {
    switch self {
    case .leaf, .phrase, .loosePhrase: []
    case .alternatives(let operands), .window(_, let operands): operands
    case .near(_, _, let first, let second), .precedes(_, _, let first, let second): [first, second]
    case .notNear(_, let first, let second), .within(_, let first, let second): [first, second]
    }
  }

  public var kind: PositionalOperator {
    switch self {
    case .leaf: .word
    case .alternatives: .alternatives
    case .near: .near
    case .precedes: .precedes
    case .notNear: .notNear
    case .within: .within
    case .phrase: .phrase
    case .loosePhrase: .loosePhrase
    case .window: .window
    }
  }

  /// Whether sentences or paragraphs decide: then ``DocumentLayout`` must hold them.
  public var needsSentences: Bool {
    if case .within = self { return true }
    return operands.contains(where: \.needsSentences)
  }

  /// Whether a match could cross a field value if nobody looked: then the layout of each document is needed. Where it
  /// is false ``DocumentLayout/unbounded`` serves, since the empty position between values stops adjacency.
  public var needsLayout: Bool {
    switch self {
    case .leaf: false
    case .phrase(let places): places.contains(nil)
    case .alternatives(let operands): operands.contains(where: \.needsLayout)
    case .near(_, let max, let first, let second), .precedes(_, let max, let first, let second):
      // Adjacent operands leave no room for the gap.
      max > 1 || first.needsLayout || second.needsLayout
    case .notNear(let max, let first, let second): max > 1 || first.needsLayout || second.needsLayout
    case .loosePhrase(let extra, _): extra > 0
    case .within, .window: true
    }
  }

  /// Whether a phrase ends with an arbitrary word, for which the value must have room: where it ends matters even if a
  /// document has no other value.
  var needsEnds: Bool {
    if case .phrase(let places) = self { return places.last == .some(nil) }
    return operands.contains(where: \.needsEnds)
  }

  /// The length of the shortest hull a match can have in any document.
  ///
  /// Exact where no operand has a rigid gap (`"a * b"`, `PRE/3..5`); where one has, another operand may or may not
  /// fit into it, and the value is then a lower bound, the same for every document.
  public var leastHullLength: Int { leastShape.length }

  /// Fewest words and shortest hull. Operands fill each other's gaps at best, so a hull is at least as long as either
  /// operand's and holds the words of both.
  private var leastShape: (words: Int, length: Int) {
    switch self {
    case .leaf: return (1, 1)
    case .phrase(let places):
      let words = places.indices.filter { places[$0] != nil }
      guard let first = words.first, let last = words.last else { return (0, 0) }
      return (words.count, last - first + 1)
    case .loosePhrase(_, let places): return (places.count, places.count)
    case .alternatives(let operands):
      let shapes = operands.map(\.leastShape)
      return (shapes.map(\.words).min() ?? 0, shapes.map(\.length).min() ?? 0)
    case .near(let min, _, let first, let second) where min >= 1:
      return Self.placed(first.leastShape, second.leastShape, distance: min, nesting: min == 1)
    case .near(_, _, let first, let second), .within(_, let first, let second):
      return Self.placed(first.leastShape, second.leastShape, distance: 1, nesting: true)
    case .precedes(let min, _, let first, let second):
      return Self.placed(first.leastShape, second.leastShape, distance: Swift.max(min, 1), nesting: false)
    case .notNear(_, let first, _): return first.leastShape
    case .window(_, let operands):
      return operands.map(\.leastShape).reduce((0, 0)) { Self.placed($0, $1, distance: 1, nesting: true) }
    }
  }

  private static func placed(
    _ first: (words: Int, length: Int), _ second: (words: Int, length: Int), distance: Int, nesting: Bool
  ) -> (words: Int, length: Int) {
    let words = first.words + second.words
    let apart = first.length + second.length + min(distance, Classification.unbounded) - 1
    return (words, nesting ? min(apart, max(words, first.length, second.length)) : apart)
  }
}
