internal import Base
internal import ScoringCore

/// Older segments as the source of a new one: documents renumbered, words merged.
///
/// Memory: document maps of twelve bytes a document, and what `SegmentWriter` holds; where documents change their
/// order, what `PostingSorter` takes for a list, or for `sortedOccurrencesMax`
/// occurrences of it. Single thread.
struct MergeSource: SegmentSource {
  let sources: [Segment]
  private let schema: IndexSchema
  let renumbering: DocumentRenumbering
  /// Where each new document comes from.
  private let origins: [(source: UInt16, document: DocID)]
  private var terms: KeyMerge
  private var classes: KeyMerge
  var form = ClassPostings()
  private var scratch = ClassPostings()
  private var classForms: [[UInt8]] = []
  var positions: [UInt32] = []
  /// For documents that change their order.
  var sorter: PostingSorter
  let sortedOccurrencesMax: UInt64
  private var union: DocumentUnion
  private let isStopped: @Sendable () -> Bool
  private(set) var wordCount: UInt64 = 0
  private(set) var everyDocumentHasOneValue = true

  init(
    sources: [Segment], schema: IndexSchema, renumbering: DocumentRenumbering, isOrdered: Bool,
    sortedOccurrencesMax: UInt64, isStopped: @escaping @Sendable () -> Bool
  ) throws(IndexError) {
    self.sources = sources
    self.schema = schema
    self.renumbering = renumbering
    self.isOrdered = isOrdered
    self.sortedOccurrencesMax = sortedOccurrencesMax
    self.isStopped = isStopped
    origins = renumbering.origins()
    sorter = PostingSorter(documentCount: renumbering.keepsOrder ? 0 : renumbering.documentCount)
    terms = try KeyMerge(sources.map { ($0, $0.body.terms, .dictionary) })
    classes = try KeyMerge(sources.map { ($0, $0.body.classes, .classes) })
    union = DocumentUnion(documentCount: renumbering.documentCount)
    try countWords()
  }

  let isOrdered: Bool
  var documentCount: Int { origins.count }
  var storesText: Bool { sources.allSatisfy(\.storesText) }

  func storedRecord(_ document: Int) throws(IndexError) -> [UInt8] {
    if document % 1_024 == 0, isStopped() { throw .closed }
    return try body(document).storedRecord(Int(origins[document].document))
  }

  func writeLayouts(into writer: inout ExtentWriter<IndexError>) throws(IndexError) -> UInt64 {
    try DocumentLayoutEncoder.write(documentCount: origins.count, into: &writer) { (document) throws(IndexError) in
      let origin = origins[document]
      let segment = sources[Int(origin.source)]
      do { return try segment.body.layouts.record(origin.document) } catch { throw segment.corrupt(.layouts) }
    }
  }

  func norm(_ document: Int) -> UInt8 {
    // SAFETY: a norm for every document of the source, which the snapshot of the merge keeps alive.
    unsafe body(document).norms[Int(origins[document].document)]
  }

  func date(_ document: Int) -> Int64 { body(document).date(Int(origins[document].document)) }

  var columnCount: Int { schema.fields.count }

  func column(_ field: Int) throws(IndexError) -> ColumnValues? {
    var columns: [ColumnValues?] = []
    for segment in sources { columns.append(try segment.body.columnValues(field)) }
    guard columns.contains(where: { $0 != nil }) else { return nil }
    guard columns.allSatisfy({ $0 == nil || $0?.kind == schema.fields[field].kind }) else {
      throw sources[0].corrupt(.columns)
    }
    return ColumnValues.merge(kind: schema.fields[field].kind, columns, origins: origins)
  }

  func identifierHash(_ document: Int) -> UInt32 {
    // A record that cannot be read is found by `storedRecord`, which was called for every document before.
    guard let record = try? storedRecord(document), let id = try? StoredDocumentFormat.decodeID(record) else { return 0 }
    return IdentifierMap.hash(id)
  }

  // MARK: Words

  mutating func nextTerm() throws(IndexError) -> [UInt8]? {
    if isStopped() { throw .closed }
    return try terms.next()
  }

  mutating func encodePostings(into encoder: inout PostingListEncoder) throws(IndexError) {
    var lists: [(source: Int, list: PostingListReference)] = []
    for (number, payload) in terms.payloads() {
      lists.append((number, try sources[number].reference(payload, withPositions: true)))
    }
    if !renumbering.keepsOrder { return try encodeSorted(lists, into: &encoder) }
    for (number, list) in lists { try encode(list, of: number, into: &encoder) }
  }

  mutating func visitPositions(
    of form: [UInt8], in documents: Range<DocID>, _ visit: (DocID, Span<UInt32>) -> Void
  ) throws(IndexError) {
    if isStopped() { throw .closed }
    if !renumbering.keepsOrder { return try visitSorted(form, in: documents, visit) }
    let first = origins[Int(documents.lowerBound)]
    for number in Int(first.source)..<sources.count {
      guard let list = try sources[number].lookup(form) else { continue }
      let segment = sources[number]
      let map = renumbering.maps[number]
      try segment.walking { () throws(PostingError) in
        var walk = try PostingWalk(list, in: segment.view)
        var document = try walk.advance(to: number == Int(first.source) ? first.document : 0)
        while document != .terminated {
          let new = map[Int(document)]
          if new != .terminated {
            if new >= documents.upperBound { return }
            try walk.positions(into: &positions)
            visit(new, positions.span)
          }
          document = try walk.next()
        }
      }
    }
  }

  mutating func nextClass() throws(IndexError) -> StemClassForms? {
    if isStopped() { throw .closed }
    guard let stem = try classes.next() else { return nil }
    // A source without an entry for the stem may still hold the stem itself as a form.
    var frequencies: [[UInt8]: UInt32] = [:]
    for (number, segment) in sources.enumerated() {
      guard let found = try segment.lookupClass(stem) else { continue }
      for (form, list) in found.forms {
        let live = try liveFrequency(list, number)
        if live > 0 { frequencies[form, default: 0] += live }
      }
    }
    classForms = frequencies.keys.sorted { $0.lexicographicallyPrecedes($1) }
    return StemClassForms(
      stem: stem, forms: classForms, documentFrequencies: classForms.map { frequencies[$0] ?? 0 })
  }

  mutating func classPostings(_ postings: inout ClassPostings) throws(IndexError) {
    for word in classForms {
      form.removeAll()
      for (number, segment) in sources.enumerated() {
        guard let list = try segment.lookup(word) else { continue }
        try walk(list, of: number) { document, frequency in form.append(document, frequency) }
      }
      if !renumbering.keepsOrder { sortForm() }
      postings.merge(documents: form.documents, frequencies: form.frequencies, scratch: &scratch)
    }
  }

  mutating func classDocumentFrequency() throws(IndexError) -> UInt32 {
    union.removeAll()
    for word in classForms {
      for (number, segment) in sources.enumerated() {
        guard let list = try segment.lookup(word) else { continue }
        try walk(list, of: number) { document, _ in union.insert(document) }
      }
    }
    return union.count
  }

  func pairsAhead(_ layer: PhraseLayer) -> PairsAhead? { nil }

  // MARK: Helpers

  private func body(_ document: Int) -> SegmentBody { sources[Int(origins[document].source)].body }

  /// Calls `visit` with the live documents of a list of one source, renumbered, and their frequencies.
  private func walk(
    _ list: PostingListReference, of number: Int, _ visit: (DocID, UInt32) -> Void
  ) throws(IndexError) {
    let map = renumbering.maps[number]
    try sources[number].forEachPosting(of: list) { document, frequency in
      let new = map[Int(document)]
      if new != .terminated { visit(new, frequency) }
    }
  }

  /// Appends the live documents of a list of one source, renumbered, with their positions.
  private mutating func encode(
    _ list: PostingListReference, of number: Int, into encoder: inout PostingListEncoder
  ) throws(IndexError) {
    let segment = sources[number]
    let map = renumbering.maps[number]
    try segment.walking { () throws(PostingError) in
      var walk = try PostingWalk(list, in: segment.view)
      while true {
        let document = try walk.next()
        if document == .terminated { return }
        let new = map[Int(document)]
        if new == .terminated { continue }
        try walk.positions(into: &positions)
        // SAFETY: a norm for every document of the source; the walk answers none beyond them.
        let norm = unsafe segment.body.norms[Int(document)]
        encoder.add(new, frequency: UInt32(positions.count), norm: norm, positions: positions.span)
      }
    }
  }

  private mutating func countWords() throws(IndexError) {
    var layout = DocumentLayout()
    for origin in origins {
      let segment = sources[Int(origin.source)]
      do {
        try segment.body.layouts.load(origin.document, sentences: false, into: &layout)
      } catch {
        throw segment.corrupt(.layouts)
      }
      wordCount += layout.values.reduce(0) { $0 + UInt64($1.wordCount) }
      if layout.values.count > 1 { everyDocumentHasOneValue = false }
    }
  }

  /// Documents of a list that are not deleted; the list's own count where none is.
  private func liveFrequency(_ list: PostingListReference, _ number: Int) throws(IndexError) -> UInt32 {
    if sources[number].deletedCount == 0 { return list.documentFrequency }
    var count: UInt32 = 0
    try walk(list, of: number) { _, _ in count += 1 }
    return count
  }
}
