internal import Analysis
internal import Base
internal import ScoringCore

/// The buffers of a commit as the source of a segment: their documents one after the other, their words in order, their
/// classes by stem.
///
/// Made and used inside `IndexingLanes.round`; borrows the buffers' memory.
struct MemorySource: SegmentSource, @unchecked Sendable {
  // SAFETY (whole type): the tables outlive the source and do not change while it is in use, so copies of it may be
  // read by several threads.

  /// One buffer.
  struct Part {
    let table: BorrowedTable
    let documents: DocumentBuffer
    /// Number of its first document in the segment.
    let base: DocID
    /// Its terms in the order of their bytes.
    let order: [UInt32]
  }

  private let parts: [Part]
  private let words: MemoryWords
  private let norms: [UInt8]
  private let analyzer: Analyzer
  private let threads: Int
  /// By stem and then by form; made when the terms are written.
  private var classes: StemOrder?
  private var wordAt = -1
  private var classMembers: StemOrder.Class?
  private var pieces = PostingPieces()
  private var scratch = ClassPostings()
  private var form = ClassPostings()
  private var union: DocumentUnion
  let storesText: Bool

  init(parts: [Part], analyzer: Analyzer, storesText: Bool, threads: Int) {
    self.parts = parts
    self.analyzer = analyzer
    self.storesText = storesText
    self.threads = threads
    words = MemoryWords(parts)
    norms = parts.count == 1 ? parts[0].documents.norms : parts.flatMap(\.documents.norms)
    union = DocumentUnion(documentCount: norms.count)
  }

  // MARK: Documents

  var documentCount: Int { norms.count }
  var isOrdered: Bool { false }
  var wordCount: UInt64 { parts.reduce(0) { $0 + $1.documents.wordCount } }
  var everyDocumentHasOneValue: Bool { parts.allSatisfy(\.documents.everyDocumentHasOneValue) }
  func storedRecord(_ document: Int) -> [UInt8] {
    let (part, number) = locate(document)
    return part.documents.storedRecord(number)
  }
  func writeLayouts(into writer: inout ExtentWriter<IndexError>) throws(IndexError) -> UInt64 {
    var encoder = parts[0].documents.layouts
    for part in parts.dropFirst() { encoder.append(part.documents.layouts) }
    return try encoder.finish(into: &writer)
  }
  func norm(_ document: Int) -> UInt8 { norms[document] }
  func date(_ document: Int) -> Int64 {
    let (part, number) = locate(document)
    return part.documents.dates[number]
  }
  var columnCount: Int { parts[0].documents.schema.fields.count }
  func column(_ field: Int) -> ColumnValues? {
    let columns = parts.map { $0.documents.columns.values(field) }
    guard columns.count > 1, columns.contains(where: { $0 != nil }) else { return columns[0] }
    let origins = parts.enumerated().flatMap { number, part in
      (0..<part.documents.count).map { (UInt16(number), DocID($0)) }
    }
    return ColumnValues.merge(kind: parts[0].documents.schema.fields[field].kind, columns, origins: origins)
  }
  func identifierHash(_ document: Int) -> UInt32 {
    let (part, number) = locate(document)
    return part.documents.identifierHashes[number]
  }

  private func locate(_ document: Int) -> (part: Part, number: Int) {
    var part = parts.count - 1
    while parts[part].base > document { part -= 1 }
    return (parts[part], document - Int(parts[part].base))
  }

  // MARK: Words

  mutating func nextTerm() -> [UInt8]? {
    wordAt += 1
    guard wordAt < words.count else { return nil }
    if wordAt + 16 < words.count { words.prefetchEntry(wordAt + 16, parts) }
    if wordAt + 8 < words.count { words.prefetchPostings(wordAt + 8, parts) }
    return words.key(wordAt)
  }

  mutating func encodePostings(into encoder: inout PostingListEncoder) {
    for place in words.places(wordAt) {
      let base = parts[place.part].base
      var walk = PostingPieces.Walk(parts[place.part].table.stream(place.term))
      while pieces.next(&walk) {
        encoder.addPositionValues(pieces.values.span.extracting(0..<pieces.valueCount))
        for posting in 0..<pieces.count {
          let document = base &+ pieces.documents[posting]
          encoder.addDocument(document, frequency: pieces.frequency(posting), norm: norms[Int(document)])
        }
      }
    }
  }

  mutating func visitPositions(of form: [UInt8], in documents: Range<DocID>, _ visit: (DocID, Span<UInt32>) -> Void) {
    guard let word = words.find(form, parts) else { return }
    for place in words.places(word) {
      let base = parts[place.part].base
      var walk = PostingPieces.Walk(parts[place.part].table.stream(place.term))
      while pieces.next(&walk) {
        for posting in 0..<pieces.count {
          let document = base &+ pieces.documents[posting]
          if document >= documents.upperBound { return }
          if document >= documents.lowerBound { visit(document, pieces.takePositions(posting)) }
        }
      }
    }
  }

  func pairsAhead(_ layer: PhraseLayer) -> PairsAhead? {
    guard threads > 1 else { return nil }
    var common = CommonWords(countMax: layer.wordCount(occurrences: wordCount, documents: documentCount))
    for word in 0..<words.count {
      let places = words.places(word)
      common.note(
        words.key(word), frequency: places.reduce(0) { $0 + parts[$1.part].table.totalFrequency($1.term) },
        documentFrequency: words.documentFrequency(word), address: 0)
    }
    return PairsAhead(self, words: common.all, layer)
  }

  // MARK: Classes

  mutating func nextClass() -> StemClassForms? {
    if classes == nil { classes = StemOrder(words, analyzer) }
    while let next = classes?.next() {
      // The postings of a class lie anywhere in memory.
      if let word = classes?.word(ahead: 24) { words.prefetchEntry(word, parts) }
      if let word = classes?.word(ahead: 12) { words.prefetchPostings(word, parts) }
      classMembers = next
      // Nothing is kept of a stem whose only form is itself.
      if next.isAlone, next.isStem { continue }
      let forms = classWords()
      return StemClassForms(
        stem: classes?.stem(of: next) ?? [], forms: forms.map { words.key($0) },
        documentFrequencies: forms.map { words.documentFrequency($0) })
    }
    return nil
  }

  private func classWords() -> [Int] {
    guard let classes, let classMembers else { return [] }
    return classes.words(of: classMembers)
  }

  mutating func classPostings(_ postings: inout ClassPostings) {
    for word in classWords() {
      form.removeAll()
      for place in words.places(word) {
        let base = parts[place.part].base
        var walk = PostingPieces.Walk(parts[place.part].table.stream(place.term))
        while pieces.next(&walk) {
          for posting in 0..<pieces.count { form.append(base &+ pieces.documents[posting], pieces.frequency(posting)) }
        }
      }
      postings.merge(documents: form.documents, frequencies: form.frequencies, scratch: &scratch)
    }
  }

  mutating func classDocumentFrequency() -> UInt32 {
    union.removeAll()
    for word in classWords() {
      for place in words.places(word) {
        let base = parts[place.part].base
        var walk = PostingPieces.Walk(parts[place.part].table.stream(place.term))
        while pieces.next(&walk) {
          for posting in 0..<pieces.count { union.insert(base &+ pieces.documents[posting]) }
        }
      }
    }
    return union.count
  }
}
