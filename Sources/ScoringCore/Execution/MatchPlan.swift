public import Base

/// A word of a query in one segment: the posting lists of the forms it accepts.
///
/// The lists' positions are disjoint (a position holds one of the forms), so frequencies add up. Absent forms have no
/// list; a leaf without lists matches nothing.
public struct WordLeaf: Sendable {
  /// One list for each accepted form present in the segment.
  public var lists: [PostingListReference]
  /// A stored list, without positions, that equals the union of `lists`: read instead of them where positions do not
  /// matter.
  public var classList: PostingListReference?
  /// A list in memory, with positions, that equals the union of `lists`: read instead of them, whatever is asked.
  public var merged: MergedList?
  /// Boost times idf of the snapshot.
  public var weight: Float
  /// Whether the word adds to the score.
  public var scored: Bool
  /// Only occurrences in values of this field count, for matching and for the frequency.
  public var fieldFilter: FieldID?
  /// Decides about each occurrence; nil where the lists say all. Takes text of this segment.
  public var occurrences: (any OccurrenceFilter)?

  /// The lists hold more than what counts: positions decide.
  public var needsPositions: Bool { fieldFilter != nil || occurrences != nil }

  public init(
    lists: [PostingListReference], classList: PostingListReference? = nil, merged: MergedList? = nil,
    weight: Float = 0, scored: Bool = true,
    fieldFilter: FieldID? = nil, occurrences: (any OccurrenceFilter)? = nil
  ) {
    self.lists = lists
    self.classList = classList
    self.merged = merged
    self.weight = weight
    self.scored = scored
    self.fieldFilter = fieldFilter
    self.occurrences = occurrences
  }
}

/// A phrase or proximity in one segment.
public struct PositionalUnit: Sendable {
  public var expression: PositionalExpression
  /// What the expression's leaf numbers name. Their own weights do not matter.
  public var leaves: [WordLeaf]
  /// Which leaves may stand at one position.
  public var overlaps: LeafOverlap
  /// Boost times the sum of the idf of its words.
  public var weight: Float
  public var scored: Bool
  /// What the segment's phrase layer knows of its words; nothing changes without it but the time.
  public var pairs = UnitPairs()

  public init(
    expression: PositionalExpression, leaves: [WordLeaf], overlaps: LeafOverlap, weight: Float = 0, scored: Bool = true
  ) {
    self.expression = expression
    self.leaves = leaves
    self.overlaps = overlaps
    self.weight = weight
    self.scored = scored
  }
}

/// What a query asks of one segment. The order of lists is the order of the query: scores are summed in it.
public indirect enum MatchPlan: Sendable {
  case nothing
  /// Every document, with score 0.
  case all
  /// The documents of a set, with score 0: a filter. Its size is that of the segment.
  case documents(DocumentSet)
  case words(WordLeaf)
  case positional(PositionalUnit)
  case and([MatchPlan])
  case or([MatchPlan])
  /// Documents of the first that the second does not match. The second never scores.
  case andNot(MatchPlan, MatchPlan)
  /// Documents of the first; where the second matches too, its score is added.
  case andMaybe(MatchPlan, MatchPlan)
}
