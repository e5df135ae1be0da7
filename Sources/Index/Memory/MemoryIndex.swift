internal import Analysis
internal import Base
internal import ScoringCore

/// The postings and records of documents that no segment holds yet.
///
/// Documents are analysed as they come and number themselves from 0; a flush writes them as one segment and empties
/// the buffer. Not searchable itself: what is acknowledged is in a segment.
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
  /// Bytes that a segment of the buffer may take, roughly.
  var contentBytes: Int { terms.arena.used + documents.byteCount }
  /// Whether a document of so many bytes of text surely fits: a word occurrence takes at most 15 bytes of the arena
  /// besides its first, and has at least two bytes of text with its separator.
  func fits(textBytes: Int) -> Bool { terms.arena.free > textBytes * 24 + (1 << 20) }

  /// Adds a document whose size, id, date and field values the caller has checked. Returns its number.
  mutating func add(_ document: Document, fields: [FieldID], date: Int64, fieldValues: FieldValues) -> DocID {
    let number = DocID(documents.count)
    var words: UInt32 = 0
    var values: [StoredDocumentFormat.Value] = []
    for (value, field) in zip(document.texts, fields) {
      analyzer.analyze(value.text.span, into: &batch)
      let (sentences, paragraphs) = (batch.sentenceStarts, batch.paragraphStarts)
      let base = documents.layouts.addValue(
        field: field, wordCount: batch.wordCount, sentenceStarts: sentences.span, paragraphStarts: paragraphs.span)
      addWords(of: number, from: base)
      if storesText { values.append(stored(value, field)) }
      words += batch.wordCount
    }
    documents.appendStored { stored in
      StoredDocumentFormat.encode(
        id: document.id, date: storesText ? document.date : nil, values: values,
        extras: storesText ? document.extras : [], into: &stored)
    }
    documents.finishDocument(
      words: words, values: document.texts.count, date: date, fieldValues: fieldValues,
      identifierHash: IdentifierMap.hash(document.id.utf8))
    return number
  }

  mutating func removeAll() {
    terms.reset()
    documents.removeAll()
  }

  /// What a segment of all documents of the buffer is written from. The buffer must not change meanwhile.
  func withSource<R>(_ body: (inout MemorySource) throws(IndexError) -> R) throws(IndexError) -> R {
    var source = MemorySource(terms: terms, documents: documents, analyzer: analyzer, storesText: storesText)
    return try body(&source)
  }

  private mutating func addWords(of document: DocID, from base: UInt32) {
    // SAFETY: a token's form lies in the batch's form bytes; the table copies what it keeps.
    unsafe batch.formBytes.withUnsafeBufferPointer { forms in
      guard let start = forms.baseAddress else { return }
      for token in batch.tokens {
        unsafe terms.add(
          start + Int(token.formOffset), count: Int(token.formLength), document: document,
          position: base &+ token.position)
      }
    }
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
