/// Why a document matches a query or does not, and what its score is made of.
public struct Explanation: Sendable, Equatable {
  public var query: String
  /// How the query was read, in one sentence.
  public var parsed: String
  public var id: String
  public var matches: Bool
  /// Exactly the score that a search of the same snapshot gives; 0 where the document does not match.
  public var score: Float
  /// The query's operators, each with what became of it in this document.
  public var root: ExplanationNode
  /// What the score is the sum of, in the order in which it is summed; empty where the document does not match.
  public var parts: [ScorePart]
  /// The document's words as ranking sees them (a length of three significant bits), and the mean of the snapshot.
  public var length: Int
  public var averageLength: Float
  /// Documents that the frequencies below are of.
  public var documentCount: UInt64
}

/// One operator, word, phrase or filter of a query in one document.
public struct ExplanationNode: Sendable, Equatable {
  /// What is measured where operands are too far from each other.
  public enum Unit: String, Sendable {
    /// Position difference of the facing ends; adjacent words are 1 apart.
    case words
    /// 1: neighbouring sentences.
    case sentences
    case paragraphs
    /// Words beyond those of a loose phrase.
    case extraWords = "extra_words"
  }

  /// What came closest to a match: exact over all matches of the operands.
  public struct Closest: Sendable, Equatable {
    public var unit: Unit
    public var distance: Int
  }

  /// The operator, or the text of a word, phrase or filter.
  public var label: String
  /// Bytes of the query, half-open.
  public var range: Range<Int>
  public var matches: Bool
  /// Hits of this part alone; nil for filters.
  public var hits: Int?
  /// Why it does not match, where its operands do not say so.
  public var note: String?
  public var closest: Closest?
  public var children: [ExplanationNode] = []
}

/// One scored unit: a word, a choice of words, a phrase, or a proximity operator with all that stands in it.
public struct ScorePart: Sendable, Equatable {
  public struct Word: Sendable, Equatable {
    public var text: String
    /// Documents of the snapshot that have it.
    public var documentFrequency: UInt64
    public var idf: Float
  }

  public var text: String
  /// Bytes of the query, half-open.
  public var range: Range<Int>
  /// Occurrences of a word; of a positional unit Σ over its hits of 1 / (1 + words beyond the shortest hull).
  public var frequency: Float
  /// The words whose idf is summed, each as often as it stands there.
  public var words: [Word]
  /// The sum of the idf, times the weights that the query gives.
  public var weight: Float
  /// `score / weight`: f · (k1 + 1) / (f + K).
  public var saturation: Float
  public var score: Float
}
