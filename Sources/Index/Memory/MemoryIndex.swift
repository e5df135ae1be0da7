internal import Analysis
internal import Base
internal import ScoringCore

/// The postings and records of documents that no segment holds yet.
///
/// Documents are analysed as they come and number themselves from 0; a commit writes them, perhaps with those of other
/// buffers, as one segment and empties the buffer. Not searchable itself: what is acknowledged is in a segment.
///
/// Complexity: linear in the text. Memory: about 1.6 times the text with stored documents. Single thread.
struct MemoryIndex: ~Copyable {
  private var terms: TermTable
  private(set) var documents: DocumentBuffer
  private var batch = TokenBatch()
  private let analyzer: Analyzer
  private let storesText: Bool

  init(analyzer: Analyzer, schema: IndexSchema = IndexSchema(), storesText: Bool, arenaBytes: Int) {
    documents = DocumentBuffer(schema: schema)
    self.analyzer = analyzer
    self.storesText = storesText
    terms = TermTable(arenaBytes: arenaBytes)
  }

  var documentCount: Int { documents.count }
  var byteCount: Int { terms.byteCount + documents.byteCount }
  /// Whether a document of so many bytes of text surely fits: a word occurrence takes at most 15 bytes of the arena
  /// besides its first, and has at least two bytes of text with its separator.
  func fits(textBytes: Int) -> Bool { terms.arena.free > Self.arenaBytes(textBytes) }
  /// Whether it would fit if there were nothing else.
  func fitsEmpty(textBytes: Int) -> Bool { terms.arena.capacity > Self.arenaBytes(textBytes) }

  private static func arenaBytes(_ textBytes: Int) -> Int { textBytes * 24 + (1 << 20) }

  /// Adds a document; returns the number of its words.
  mutating func add(_ pending: PendingDocument) -> UInt32 {
    let document = pending.document
    let number = DocID(documents.count)
    var words: UInt32 = 0
    var values: [StoredDocumentFormat.Value] = []
    for (value, field) in zip(document.texts, pending.fields) {
      analyzer.analyze(value.text.span, into: &batch)
      let (sentences, paragraphs) = (batch.sentenceStarts, batch.paragraphStarts)
      let base = documents.layouts.addValue(
        field: field, wordCount: batch.wordCount, sentenceStarts: sentences.span, paragraphStarts: paragraphs.span)
      terms.add(batch, document: number, from: base)
      if storesText { values.append(stored(value, field)) }
      words += batch.wordCount
    }
    documents.appendStored { stored in
      StoredDocumentFormat.encode(
        id: document.id, date: storesText ? document.date : nil, values: values,
        extras: storesText ? document.extras : [], into: &stored)
    }
    var fieldValues = pending.fieldValues
    fieldValues.addFingerprint(of: document, documents.schema)
    documents.finishDocument(
      words: words, values: document.texts.count, date: pending.date, fieldValues: fieldValues,
      identifierHash: IdentifierMap.hash(document.id.utf8))
    return words
  }

  /// Makes room for what is about to be added: the words of a text of so many bytes, with more of them the table grows;
  /// and the records of so many documents, so that they are not moved as they grow.
  mutating func reserve(textBytes: Int, storedBytes: Int, count: Int) {
    terms.reserve(words: textBytes / Self.textBytesPerWord)
    if storesText { documents.reserve(bytes: storedBytes + count * 64) }
  }

  /// Of different words; long texts of one language have fewer, so the table takes no more than it would.
  private static let textBytesPerWord = 512

  /// Empties the buffer; what a large batch or a large document took of memory is given back.
  mutating func removeAll() {
    terms.reset()
    documents.removeAll()
    if batch.tokens.capacity * MemoryLayout<Token>.stride > Self.keptBatchBytesMax { batch = TokenBatch() }
  }

  /// Room for the words of one text that is kept for the next.
  private static let keptBatchBytesMax = 4 << 20

  /// The terms in the order of their bytes.
  func sortedTerms() -> [UInt32] { BorrowedTable(terms).sorted() }

  /// What a source reads of the buffer, which must not change meanwhile.
  /// - Parameter base: Number of its first document in the segment.
  func part(base: DocID, order: [UInt32]) -> MemorySource.Part {
    MemorySource.Part(table: BorrowedTable(terms), documents: documents, base: base, order: order)
  }

  private func stored(_ value: Document.TextValue, _ field: FieldID) -> StoredDocumentFormat.Value {
    var checkpoints: [UInt32] = []
    let every = UInt32(StoredDocumentFormat.wordsPerCheckpoint)
    for token in batch.tokens where token.kind == .word && token.position > 0 && token.position % every == 0 {
      checkpoints.append(token.byteStart)
    }
    return StoredDocumentFormat.Value(field: field, text: value.text, checkpoints: checkpoints)
  }
}
