/// One word of a hit: which leaf, and where, in the document's position space.
public struct HitWord: Sendable, Equatable, Hashable, BitwiseCopyable {
  public var leaf: Int
  public var position: UInt32

  public init(leaf: Int, position: UInt32) {
    self.leaf = leaf
    self.position = position
  }
}

/// An inclusion-minimal hull of a document's matches, with the words that are shown for it.
///
/// The words are those of one match with exactly this hull: the match whose ascending list of positions is smallest;
/// among the ways to give its positions to the leaves the one whose positions, listed in query order, are smallest;
/// if that leaves two (one position that both alternatives accept), the leaf written first. What stands on the right
/// of NOT NEAR has no words.
public struct Hit: Sendable, Equatable, Hashable {
  /// First and last position, inclusive, in the document's position space. Both lie in one field value.
  public var lo: UInt32
  public var hi: UInt32
  /// In query order.
  public var words: [HitWord]

  public init(lo: UInt32, hi: UInt32, words: [HitWord]) {
    self.lo = lo
    self.hi = hi
    self.words = words
  }
}
