/// The minimal hulls of an expression, in ascending order, one at a time: each operator keeps one hull of each of its
/// operands and moves the one that has to move.
///
/// Every node yields an **antichain** (both lo and hi ascend), and its operands do. The algorithms are those of Clarke,
/// Cormack and Burkowski (*An algebra for structured text search*, 1995) in the lazy form of Boldi and Vigna
/// (*Efficient optimally lazy algorithms for minimal-interval semantics*, TCS 648, 2016), with distance limits where
/// all operands are of fixed length. `StreamBuilder` takes a node only where its classification admits that; any other
/// sub-tree enters as a table that the general evaluation has filled.
///
/// Time linear in the positions of the leaves for a given expression; no memory but one state a node.
struct HullStream: Sendable {
  struct Node: Sendable {
    enum Kind: Sendable, BitwiseCopyable {
      case leaf(Int)
      /// Index in `phrases`.
      case phrase(Int)
      case alternatives
      /// A hull around one of each operand, at most `lengthMax` long.
      case both(lengthMax: Int)
      case precedes(min: Int, max: Int)
      /// The second operand is given whole (fixed length, or its maximal hulls).
      case notNear(max: Int)
      /// The same for operands that may share positions and fill their hulls: the second operand twice, to look for
      /// matches on the left and on the right.
      case notNearDisjoint(max: Int)
      case scoped(Scope)
      /// Index in `windows`.
      case distinct(Int)
      /// Index in `tables`.
      case table(Int)
    }

    var kind: Kind
    /// In `operandNodes`.
    var operands: Range<Int>
    /// The hull yielded last; `none` after the end and before the beginning.
    var current = Hull.none
    /// Leaves and tables: next index and end.
    var index = 0
    var end = 0
    /// What an operator has to remember of the hulls before.
    var pending = Hull.none
    var isFresh = true
  }

  /// The hulls of a node of the plan, filled by the general evaluation for each value.
  struct Table: Sendable {
    let planNode: Int
    let isMaximal: Bool
    var hulls: [Hull] = []
  }

  var nodes: [Node] = []
  var operandNodes: [Int] = []
  var phrases: [PhraseCursor] = []
  var windows: [DistinctWindow] = []
  var tables: [Table] = []
  var root = 0

  /// Begins anew with the positions of one value; the tables are filled.
  mutating func restart(_ ranges: [Range<Int>], value: DocumentLayout.Value) {
    for index in nodes.indices {
      nodes[index].current = .none
      nodes[index].pending = .none
      nodes[index].isFresh = true
      switch nodes[index].kind {
      case .leaf(let leaf):
        nodes[index].index = ranges[leaf].lowerBound
        nodes[index].end = ranges[leaf].upperBound
      case .table(let table):
        nodes[index].index = 0
        nodes[index].end = tables[table].hulls.count
      case .phrase(let phrase): phrases[phrase].restart(ranges, value: value)
      case .distinct(let window): windows[window].restart(ranges)
      case .alternatives, .both, .precedes, .notNear, .notNearDisjoint, .scoped: break
      }
    }
  }

  /// The next hull of the whole, `none` after the last.
  mutating func next(_ positions: Span<UInt32>, _ layout: borrowing DocumentLayout) -> Hull {
    advance(root, positions, layout)
  }

  /// Moves a node to its next hull and returns it.
  @discardableResult
  mutating func advance(_ node: Int, _ positions: Span<UInt32>, _ layout: borrowing DocumentLayout) -> Hull {
    let hull: Hull
    switch nodes[node].kind {
    case .leaf:
      let index = nodes[node].index
      if index < nodes[node].end {
        nodes[node].index = index &+ 1
        hull = Hull(positions[index], positions[index])
      } else {
        hull = .none
      }
    case .table(let table):
      let index = nodes[node].index
      nodes[node].index = index &+ 1
      hull = index < nodes[node].end ? tables[table].hulls[index] : .none
    case .phrase(let phrase): hull = phrases[phrase].next(positions)
    case .distinct(let window): hull = windows[window].next(positions)
    case .alternatives: hull = nextAlternative(node, positions, layout)
    case .both(let lengthMax): hull = nextBoth(node, lengthMax, positions, layout)
    case .precedes(let min, let max): hull = nextPrecedes(node, min, max, positions, layout)
    case .notNear(let max): hull = nextClear(node, max, positions, layout)
    case .notNearDisjoint(let max): hull = nextClearOfDisjoint(node, max, positions, layout)
    case .scoped(let scope): hull = nextScoped(node, scope, positions, layout)
    }
    nodes[node].current = hull
    return hull
  }
}
