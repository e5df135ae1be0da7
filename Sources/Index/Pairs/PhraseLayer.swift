/// Whether segments keep lists of pairs of their commonest words, which make phrases and proximities of them fast.
public struct PhraseLayer: Sendable, Equatable {
  /// Words whose pairs have lists, where documents are long; 0 or 1 for none, at most 255.
  public var words: Int
  /// Segments of fewer word occurrences do without: they are fast anyway, and soon merged.
  public var segmentWordsMin: UInt64

  /// Memory for the lists of a segment in the making, about: one that needs more is made in several passes.
  public var listBytesMax = 64 << 20

  public init(words: Int = 64, segmentWordsMin: UInt64 = 1 << 20) {
    self.words = min(max(words, 0), 255)
    self.segmentWordsMin = segmentWordsMin
  }

  /// The average length of documents from which on all of `words` have lists, and how many have whatever the length.
  static let documentWords: UInt64 = 512
  static let wordsLeast = 8

  /// Words with lists in a segment; 0 where it is to have none.
  ///
  /// A list has an entry for each document of a pair, which in a long document stands for many occurrences and in a short
  /// one for one. So the shorter documents are, the fewer words are worth it: with 134 words (Reuters-21578) 64 would make
  /// the index 1.37 times as large, 16 make it 1.09, and phrases and proximities of common words take 0.66 of the time
  /// without (0.52 with 64).
  func wordCount(occurrences: UInt64, documents: Int) -> Int {
    guard occurrences >= segmentWordsMin, documents > 0 else { return 0 }
    let averageLength = min(occurrences / UInt64(documents), Self.documentWords)
    let share = UInt64(words) * averageLength / Self.documentWords
    return min(words, max(Self.wordsLeast, Int(share)))
  }

  public static let none = PhraseLayer(words: 0)
}
