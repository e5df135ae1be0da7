/// Whether segments keep lists of pairs of their commonest words, which make phrases and proximities of them fast.
public struct PhraseLayer: Sendable, Equatable {
  /// Words whose pairs have lists; 0 or 1 for none, at most 255.
  public var words: Int
  /// Segments of fewer word occurrences do without: they are fast anyway, and soon merged.
  public var segmentWordsMin: UInt64

  /// Memory for the lists of a segment in the making, about: one that needs more is made in several passes.
  public var listBytesMax = 64 << 20

  public init(words: Int = 64, segmentWordsMin: UInt64 = 1 << 20) {
    self.words = min(max(words, 0), 255)
    self.segmentWordsMin = segmentWordsMin
  }

  public static let none = PhraseLayer(words: 0)
}
