/// One node of a parsed query: what it is and which bytes of the query said so.
///
/// A pure value. Two nodes are equal when they mean the same; where they stood in the text does not count, so a tree
/// equals the tree of its own canonical text (`QueryNode.text`).
public struct QueryNode: Sendable {
  public indirect enum Kind: Sendable, Equatable {
    /// A word, a wildcard or a fuzzy word.
    case term(QueryTerm)
    case phrase(QueryPhrase)
    /// `a|b`: the union of the operands' matches. Two or more.
    case alternatives([QueryNode])
    /// Documents that satisfy all operands; a `not` among them excludes. Two or more.
    case and([QueryNode])
    /// Documents that satisfy any operand; inside a proximity operand the union of matches. Two or more.
    case or([QueryNode])
    case not(QueryNode)
    case proximity(ProximityOperator, QueryNode, QueryNode)
    /// `NEAR/N(a, b, …)`: all within one window. Two or more operands.
    case window(distance: Int, [QueryNode])
    /// Everything below is looked for in this field only; an inner field wins.
    case field(String, QueryNode)
    /// The scores of the units below are multiplied.
    case boost(Double, QueryNode)
    case filter(QueryFilter)
  }

  public let kind: Kind
  /// Bytes of the query, half-open, with the brackets around the node if it had any.
  public let range: Range<Int>

  public init(_ kind: Kind, range: Range<Int> = 0..<0) {
    self.kind = kind
    self.range = range
  }

  func spanning(_ range: Range<Int>) -> QueryNode { QueryNode(kind, range: range) }

  /// The operands in query order; empty for terms, phrases and filters.
  public var children: [QueryNode] {
    switch kind {
    case .term, .phrase, .filter: []
    case .alternatives(let operands), .and(let operands), .or(let operands), .window(_, let operands): operands
    case .not(let operand), .field(_, let operand), .boost(_, let operand): [operand]
    case .proximity(_, let left, let right): [left, right]
    }
  }
}

extension QueryNode: Equatable {
  public static func == (a: QueryNode, b: QueryNode) -> Bool { a.kind == b.kind }
}
