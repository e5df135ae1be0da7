public import Analysis

/// How an index is opened.
public struct IndexOptions: Sendable {
  /// Which stemmer makes the classes; fixed when the index is made.
  public var stemming: Stemming = .english
  /// Members of documents to filter and group by, added to those that the index has already.
  public var schema = IndexSchema()
  /// Keep the documents' text: needed for hits with their offsets, concordances and `get`.
  public var storesText = true
  /// The buffers of new documents, all together, are written out when they have grown to this.
  public var bufferBytes = 96 << 20
  /// Extents of a segment in the making are written out when there are so many bytes of them: by commits and by merges
  /// each, and once more in the store's transaction. Changes and merges wait for one another that long.
  public var extentBatchBytes = 16 << 20
  /// Cores that index a large batch. What comes out is the same for any number.
  public var indexingThreads = 1
  /// Whether others (queries) want the cores just now: then a batch leaves one to them. Asked once a commit.
  public var isBusy: (@Sendable () -> Bool)?
  /// Lists of pairs of common words.
  public var phraseLayer = PhraseLayer()
  /// Documents that share words side by side, made so by large merges.
  public var ordering = DocumentOrdering()
  /// Memory for stem classes that queries have asked for, and their merged lists; 0 for none.
  public var stemCacheBytes = 32 << 20
  /// Merge segments in the background.
  public var mergesInBackground = true
  /// Make the index where there is none.
  public var creates = true

  public init() {}
}
