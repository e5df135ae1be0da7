/// An expression made ready for evaluation: a flat tree whose nodes know what may be left out.
///
/// Three questions decide how a node is evaluated, and `Classification` answers them once a query:
///
/// - Is the node **fixed**, all its matches of one length? Then they are an antichain, and nothing is lost by an
///   algorithm that yields minimal hulls only.
/// - Is it **minimal**: does everything above it up to the root admit shrinking it? Then its minimal hulls suffice.
/// - Is it **looked into**: does a node above compare its positions with another operand's that may share them? If
///   not, or if it is **solid** (each match fills its hull), hulls stand for matches.
struct PositionalPlan: Sendable {
  struct Node: Sendable {
    enum Kind: Sendable, Equatable {
      case leaf(Int)
      /// Leaf per place; the span is the number of places, those without a leaf included.
      case phrase([Place], span: UInt32)
      case alternatives
      case near(min: Int, max: Int)
      case precedes(min: Int, max: Int)
      case notNear(max: Int)
      case within(Scope)
      /// hi − lo ≤ limit + Σ (length of operand − 1).
      case window(limit: Int)
    }

    var kind: Kind
    var operands: [Int]
    /// Name and number for errors.
    var writtenOperator: PositionalOperator
    var writtenNumber: Int
    /// Number of its first word in query order.
    var slot: Int
    var leaves: [Int] = []
    /// Bounds of the hull's length; `lengthMax` saturates at `Classification.unbounded`.
    var lengthMin = 0
    var lengthMax = 0
    var isSolid = false
    /// Some two operands may share a position.
    var operandsOverlap = false
    /// Whether operands share a position cannot be seen from their hulls.
    var comparesPositions = false
    var isMinimal = false
    var isLookedInto = false

    var isFixed: Bool { lengthMin >= lengthMax }
    /// One hull stands for all matches that have it.
    var hullsSuffice: Bool { isSolid || !isLookedInto }
  }

  struct Place: Sendable, Equatable, BitwiseCopyable {
    var leaf: Int
    var offset: UInt32
  }

  private(set) var nodes: [Node] = []
  /// Leaf of each word in query order.
  private(set) var slotLeaves: [Int] = []
  let root: Int

  init(_ expression: PositionalExpression, overlaps: LeafOverlap) {
    var builder = PlanBuilder()
    root = builder.add(expression)
    slotLeaves = builder.slotLeaves
    nodes = Classification(overlaps: overlaps).classify(builder.nodes, root: root)
  }
}

/// Flattens an expression, and writes each form in its simplest equal: a loose phrase is a window, a window of two is
/// NEAR, an operator of one operand is the operand.
private struct PlanBuilder {
  var nodes: [PositionalPlan.Node] = []
  var slotLeaves: [Int] = []
  private var written = 0

  init() {}

  mutating func add(_ expression: PositionalExpression) -> Int {
    let number = written
    written += 1
    let slot = slotLeaves.count
    func node(_ kind: PositionalPlan.Node.Kind, _ operands: [Int]) -> PositionalPlan.Node {
      .init(
        kind: kind, operands: operands, writtenOperator: expression.kind, writtenNumber: number, slot: slot)
    }
    switch expression {
    case .leaf(let leaf):
      return append(node(.leaf(leaf), []), words: [leaf])
    case .phrase(let places):
      let words = places.indices.compactMap { index in
        places[index].map { PositionalPlan.Place(leaf: $0, offset: UInt32(index)) }
      }
      precondition(!words.isEmpty, "a phrase has a word")
      if places.count == 1 { return append(node(.leaf(words[0].leaf), []), words: [words[0].leaf]) }
      return append(node(.phrase(words, span: UInt32(places.count)), []), words: words.map(\.leaf))
    case .loosePhrase(let extra, let leaves):
      let operands = leaves.map { leaf in
        var word = node(.leaf(leaf), [])
        word.slot = slotLeaves.count
        return append(word, words: [leaf])
      }
      return window(limit: Self.saturated(extra, leaves.count - 1), operands, node)
    case .window(let limit, let expressions):
      return window(limit: limit, expressions.map { add($0) }, node)
    case .alternatives(let expressions):
      precondition(!expressions.isEmpty, "an operator has operands")
      let operands = expressions.map { add($0) }
      return operands.count == 1 ? operands[0] : append(node(.alternatives, operands), words: [])
    case .near(let min, let max, let first, let second):
      let least = Self.checked(min, max)
      return append(node(.near(min: least, max: max), [add(first), add(second)]), words: [])
    case .precedes(let min, let max, let first, let second):
      let least = Swift.max(Self.checked(min, max), 1)
      return append(node(.precedes(min: least, max: max), [add(first), add(second)]), words: [])
    case .notNear(let max, let first, let second):
      precondition(max >= 0, "distances are not negative")
      return append(node(.notNear(max: max), [add(first), add(second)]), words: [])
    case .within(let scope, let first, let second):
      return append(node(.within(scope), [add(first), add(second)]), words: [])
    }
  }

  private mutating func window(
    limit: Int, _ operands: [Int], _ node: (PositionalPlan.Node.Kind, [Int]) -> PositionalPlan.Node
  ) -> Int {
    precondition(!operands.isEmpty && limit >= 0, "an operator has operands, and distances are not negative")
    switch operands.count {
    case 1: return operands[0]
    case 2: return append(node(.near(min: 0, max: limit), operands), words: [])
    default: return append(node(.window(limit: limit), operands), words: [])
    }
  }

  private mutating func append(_ node: PositionalPlan.Node, words: [Int]) -> Int {
    nodes.append(node)
    slotLeaves.append(contentsOf: words)
    return nodes.count - 1
  }

  /// The least distance asked for, at most what no document has. `min` above `max` is legal and matches nothing.
  private static func checked(_ min: Int, _ max: Int) -> Int {
    precondition(min >= 0 && max >= 0, "distances are not negative")
    return Swift.min(min, Classification.unbounded)
  }

  private static func saturated(_ first: Int, _ second: Int) -> Int {
    let (sum, overflow) = first.addingReportingOverflow(second)
    return overflow ? .max : sum
  }
}
