internal import Base

/// One operator of a compiled plan. Plans are flat arrays of these; children lie in `PlanProgram.children`.
struct PlanNode: BitwiseCopyable {
  enum Kind: UInt8, BitwiseCopyable {
    case nothing, all
    /// A set of documents, which is in `PlanProgram.sets` at `leaf`.
    case documents
    /// A word; or the word inside a positional unit's alignment, which has no unit.
    case words
    /// One child: the alignment of the unit's required leaves.
    case positional
    case and, or
    /// Two children.
    case andNot, andMaybe
  }

  var kind: Kind
  /// In query order from `firstChild` on; for `and` once more, `childCount` later, cheapest first.
  var firstChild = 0
  var childCount = 0
  /// The leaf of `words`, the set of `documents`.
  var leaf = 0
  /// The unit of `words` and `positional`; -1 inside an alignment.
  var unit = -1
  /// Documents at most.
  var cost: UInt64 = 0
  /// The candidate the node stands on. Candidates of positional nodes are still to be verified.
  var document: DocID = 0
}

/// A word or positional unit of the query: what is scored, and what is verified by its positions.
struct PlanUnit: BitwiseCopyable {
  /// Its leaves. A plain word has one.
  var firstLeaf: Int
  var leafCount: Int
  /// Terms of its frequency bound; the least of them holds.
  var firstTerm = 0
  var termCount = 0
  /// BM25 scale; 0 where the unit does not score.
  var scale: Float
  var scored: Bool
  /// Place in `PlanProgram.verifiers`; -1 for a plain word, whose documents need no positions.
  var verifier = -1
  var path = FastPath()
  /// Its tiers. A frequency in the list of one, times the multiplier, bounds what the forms that it knows add to the
  /// unit's.
  var firstTier = 0
  var tierCount = 0
  var tierMultiplier: Float = 0
  /// Lists of forms that no tier knows of.
  var firstOtherForm = 0
  var otherFormCount = 0
  /// Of two words in order: whether it is known where the second stands directly behind the first, and the list of that;
  /// -1 where it never does. All other hits weigh at most a half.
  var knowsNeighbours = false
  var neighbourList = -1
  /// Whether the document's layout decides, and whether its sentences do.
  var needsLayout = false
  var needsSentences = false
  /// What is known about one document.
  var knownDocument = DocID.terminated
  var isMatch = false
  /// -1 while only the match is known.
  var frequency: Float = -1
}

/// One tier of a unit: the list, and what bounds f / K of every document that is not in it.
struct PlanTier: BitwiseCopyable {
  var list: Int
  var rest: Float
}

/// One term of a frequency bound: `multiplier` times the sum of some leaves' frequencies.
struct BoundTerm: BitwiseCopyable {
  var multiplier: Float
  var first: Int
  var count: Int
}
