public import Base

/// What is wanted of an execution beside the k best documents.
public struct ExecutionRequest: Sendable {
  public enum Counting: Sendable, Equatable, BitwiseCopyable {
    /// No number: ranking prunes fully.
    case none
    /// The exact number of matching documents.
    case documents
    /// The matching documents themselves; set by `Execution.collect`.
    case collected
  }

  public var counting: Counting
  public var optimisations: Optimisations
  /// What other executions of the same query tell this one, and hear from it.
  public var sharedFloor: SharedFloor?
  /// Documents of the same segment were ranked before, also ones behind those that are found now.
  var comesLater = false

  public init(counting: Counting = .none, optimisations: Optimisations = .all, sharedFloor: SharedFloor? = nil) {
    self.counting = counting
    self.optimisations = optimisations
    self.sharedFloor = sharedFloor
  }
}

/// The ways in which execution avoids work, each of which can be turned off: results are equal with any subset.
public struct Optimisations: OptionSet, Sendable {
  public let rawValue: UInt32
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Skip blocks whose bound cannot enter the k best.
  public static let blockBounds = Optimisations(rawValue: 1 << 0)
  /// Windowed block-max MAXSCORE for flat disjunctions.
  public static let maxScore = Optimisations(rawValue: 1 << 1)
  /// The loop of its own for a single word.
  public static let singleWord = Optimisations(rawValue: 1 << 2)
  /// The flat conjunction loop: rarest operand first, no tree.
  public static let conjunction = Optimisations(rawValue: 1 << 3)
  /// Bound a phrase or proximity by its words' frequencies before its positions are read.
  public static let frequencyBounds = Optimisations(rawValue: 1 << 4)
  /// Loops of their own for phrases and NEAR/PRE of single words.
  public static let positionalFastPaths = Optimisations(rawValue: 1 << 5)
  /// Read stored class lists instead of the union of their forms.
  public static let classLists = Optimisations(rawValue: 1 << 6)
  /// Let a filter beside a word or a flat disjunction pass for deletions, so that their own loops run.
  public static let filters = Optimisations(rawValue: 1 << 8)
  /// Count disjunctions through bit sets and single words through their document frequency.
  public static let counting = Optimisations(rawValue: 1 << 7)

  /// The loop of its own for a plan that is one phrase or proximity.
  public static let unitLoop = Optimisations(rawValue: 1 << 9)

  /// Evaluate positional units by streams and by loops for their shape, not by all matches of all operands.
  public static let matchers = Optimisations(rawValue: 1 << 10)

  /// Read the phrase layer's lists of pairs instead of those of their words, and its tiers first.
  public static let pairs = Optimisations(rawValue: 1 << 11)

  /// The loop of its own for a conjunction of words of one list each.
  public static let wordLoop = Optimisations(rawValue: 1 << 12)

  /// Look whether a unit's two rarest words stand near each other before it is evaluated.
  public static let reach = Optimisations(rawValue: 1 << 13)

  /// Score a window of long documents first where words under OR or AND are common.
  public static let longFirst = Optimisations(rawValue: 1 << 14)

  /// Look for documents in blocks that are bit sets without unpacking them.
  public static let bits = Optimisations(rawValue: 1 << 15)

  /// Intersect with the forms of a union a block at a time, and remember which of them hold a document.
  public static let unionForms = Optimisations(rawValue: 1 << 16)

  /// Read the union of a stem's forms as one list where it is in memory.
  public static let mergedLists = Optimisations(rawValue: 1 << 17)

  /// Find two words near each other by the bits of one's positions, and stop where the rest cannot matter.
  public static let positionBits = Optimisations(rawValue: 1 << 18)

  public static let all = Optimisations(rawValue: (1 << 19) - 1)
  public static let none: Optimisations = []
}

/// What an execution did; added up over the segments of a query.
public struct ExecutionCounters: Sendable, Equatable {
  /// Document blocks unpacked, and the postings in them.
  public var blocksDecoded = 0
  public var postingsDecoded = 0
  /// Documents whose score was computed.
  public var documentsScored = 0
  /// Documents whose positions were read.
  public var documentsVerified = 0
  /// Position values unpacked.
  public var positionsDecoded = 0
  /// Bytes of postings and positions unpacked, skip entries not counted.
  public var bytesTouched = 0
  /// Positions visited so far and how many may be.
  public var budget: PositionBudget

  public init(budget: PositionBudget = PositionBudget()) { self.budget = budget }
}

/// Why an execution ended without its answer.
public enum ExecutionError: Error, Sendable, Equatable {
  /// The segment's bytes are wrong.
  case corruptPostings(PostingError)
  case corruptLayout(LayoutError)
  /// The text of a document, which an `OccurrenceFilter` asked for, cannot be read.
  case corruptDocument(DocID)
  /// The query visited more positions than it may. `unit` counts the positional units and words of the plan in query
  /// order from 0; the rest as in `PositionalError`.
  case budgetExhausted(unit: Int, operator: PositionalOperator, node: Int)
}
