internal import Index

/// Fills a new index with documents in large batches, as the daemon does with an archive, and compacts it.
final class BulkIndex {
  let index: Index
  private(set) var documentCount = 0
  private var batch: [IndexOperation] = []
  /// Of the documents in the batch, which is emptied while it is indexed.
  private var ids: [String] = []
  private var batchBytes = 0

  /// Text of one batch, which becomes one commit.
  private static let batchBytesMax = 64 << 20

  /// - Parameter ordering: Whether the compaction at the end puts documents that share words side by side.
  init(
    directory: String, storesText: Bool, threads: Int = 1, phraseWords: Int = PhraseLayer().words,
    ordering: DocumentOrdering = DocumentOrdering()
  ) throws {
    var options = IndexOptions()
    options.storesText = storesText
    // Compacted at the end: merges before would be work done twice.
    options.mergesInBackground = false
    options.indexingThreads = threads
    options.phraseLayer = PhraseLayer(words: phraseWords)
    options.ordering = ordering
    index = try Index.open(directory: directory, options: options)
    guard index.snapshot().documentCount == 0 else {
      throw CorpusProblem("\(directory) holds an index already; name a new directory")
    }
  }

  func add(_ document: Document) throws {
    batchBytes += document.texts.reduce(0) { $0 + $1.text.count }
    batch.append(.put(document))
    ids.append(document.id)
    documentCount += 1
    if batchBytes >= Self.batchBytesMax { try flush() }
  }

  /// Commits what waits.
  func flush() throws {
    guard !batch.isEmpty else { return }
    for (id, outcome) in zip(ids, try index.apply(emptying: &batch)) {
      if case .refused(let refusal) = outcome { throw CorpusProblem("document \(id) was refused: \(refusal)") }
    }
    ids.removeAll(keepingCapacity: true)
    batchBytes = 0
  }

  /// Commits what waits, merges everything into as few segments as the format allows, and closes.
  func finish() throws {
    try flush()
    try index.compact()
    index.close()
  }
}
