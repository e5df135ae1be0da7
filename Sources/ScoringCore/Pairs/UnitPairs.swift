/// What a segment's phrase layer says about the words of one phrase or proximity.
public struct UnitPairs: Sendable {
  /// Two leaves of which the second stands directly behind the first somewhere in the unit's phrase, or may in its match.
  public struct Adjacent: Sendable {
    public var first: Int
    public var second: Int
    /// Where it does in the segment, by the positions of the first; nil where it never does.
    public var list: PostingListReference?

    public init(first: Int, second: Int, list: PostingListReference?) {
      self.first = first
      self.second = second
      self.list = list
    }
  }

  /// Pairs of neighbours of a phrase; of two words in order (PRE) the pair they are.
  public var adjacent: [Adjacent] = []
  /// The tiers of the two or three leaves that a proximity asks for: one for each choice of a common form of each leaf.
  /// None where one of them is not known.
  public var tiers: [NearTier] = []
  /// Of words of several forms that stand in one of these pairs: the place of the form that the pair is of among the
  /// leaf's lists.
  public var commonForms: [(leaf: Int, list: Int)] = []
  /// The lists of their other forms: what tier and pairs say holds for documents that are in none of these.
  public var otherForms: [PostingListReference] = []

  /// Postings that the other forms of a phrase may have together: each of their documents is looked at by itself.
  public static let otherPostingsMax = 1_024
  /// Of a proximity, whose tiers leave most of these documents out by a bound.
  public static let tierPostingsMax = 4_096
  /// Choices of common forms whose tiers are looked at together.
  public static let tiersMax = 4

  public init() {}

  public var isEmpty: Bool { adjacent.isEmpty && tiers.isEmpty }
}
