internal import Analysis
public import Base
public import ScoringCore

/// One segment as a snapshot sees it: its bytes, and which of its documents are deleted in this snapshot.
///
/// Borrows its snapshot: use it only while the snapshot lives. Immutable, thread-safe.
public final class Segment: Sendable {
  let body: SegmentBody
  let deletes: DeleteBitmap?
  let fields: FieldTable
  let schema: IndexSchema
  let analyzer: Analyzer

  init(body: SegmentBody, deletes: DeleteBitmap?, fields: FieldTable, schema: IndexSchema, analyzer: Analyzer) {
    self.body = body
    self.deletes = deletes
    self.fields = fields
    self.schema = schema
    self.analyzer = analyzer
  }

  public var id: SegmentID { body.id }
  /// Documents, deleted ones included: ids run from 0 to this.
  public var documentCount: Int { body.documentCount }
  public var deletedCount: Int { deletes?.deletedCount ?? 0 }
  public var liveCount: Int { documentCount - deletedCount }
  /// Word occurrences, those of deleted documents included.
  public var wordCount: UInt64 { body.header.wordCount }
  /// Distinct exact forms.
  public var termCount: Int { Int(body.header[.termCount].count) }
  public var storesText: Bool { body.header.flags.contains(.storesText) }
  /// Whether a merge has put documents that share words side by side.
  public var isOrdered: Bool { body.header.flags.contains(.ordered) }

  public func isDeleted(_ document: DocID) -> Bool { deletes?.contains(document) ?? false }

  /// What the scoring core needs of the segment; valid while the snapshot lives.
  public var view: SegmentView {
    // SAFETY: the pointers belong to the body and the bitmap, which the snapshot keeps alive.
    unsafe SegmentView(
      extents: body.extents, documentCount: UInt32(body.documentCount), norms: body.norms,
      deleted: deletes?.pointer, layouts: body.layouts)
  }

  // MARK: Words

  /// The postings of an exact form, or nil where the segment does not hold it.
  public func lookup(_ form: [UInt8]) throws(IndexError) -> PostingListReference? {
    guard let payload = try body.reading(.dictionary, { () throws(DictionaryReader.Damage) in
      try body.terms.payload(of: form)
    }) else { return nil }
    return try reference(payload, withPositions: true)
  }

  /// The postings of several exact forms, nil for each that the segment does not hold: what `lookup` answers of each,
  /// but what has to come from memory is asked for ahead.
  public func lookup(_ forms: [[UInt8]]) throws(IndexError) -> [PostingListReference?] {
    var lists = [PostingListReference?](repeating: nil, count: forms.count)
    var isIntact = true
    try body.reading(.dictionary) { () throws(DictionaryReader.Damage) in
      try body.terms.forEachPayload(of: forms) { place, payload in
        lists[place] = try? PostingListReference(payload: payload)
        if let list = lists[place] { list.prefetch(in: body.extents) } else { isIntact = false }
      }
    }
    guard isIntact else { throw corrupt(.postings) }
    for case .some(let list) in lists { try body.check(list) }
    return lists
  }

  /// Calls `body` with every exact form that begins with `prefix`, ascending, until it returns false.
  public func forEachForm(
    withPrefix prefix: [UInt8], _ visit: (_ form: [UInt8], _ list: PostingListReference) -> Bool
  ) throws(IndexError) {
    var failure: IndexError?
    try body.reading(.dictionary) { () throws(DictionaryReader.Damage) in
      try body.terms.forEach(from: prefix) { (form, payload) throws(DictionaryReader.Damage) in
        guard form.starts(with: prefix) else { return false }
        do throws(IndexError) {
          return visit(form, try reference(payload, withPositions: true))
        } catch {
          failure = error
          return false
        }
      }
    }
    if let failure { throw failure }
  }

  /// Calls `visit` with every document of a list, deleted ones included, and its frequency, ascending.
  public func forEachPosting(
    of list: PostingListReference, _ visit: (_ document: DocID, _ frequency: UInt32) -> Void
  ) throws(IndexError) {
    try walking { () throws(PostingError) in
      var walk = try PostingWalk(list, in: view)
      while true {
        let document = try walk.next()
        if document == .terminated { return }
        visit(document, try walk.frequency())
      }
    }
  }

  /// The documents of a list, deleted ones included, ascending.
  public func documents(of list: PostingListReference) throws(IndexError) -> [DocID] {
    var found: [DocID] = []
    try forEachPosting(of: list) { document, _ in found.append(document) }
    return found
  }

  // MARK: Documents

  /// A document as it was put. A segment without stored text answers the id alone.
  public func storedDocument(_ document: DocID) throws(IndexError) -> StoredDocument {
    let bytes = try body.storedRecord(Int(document))
    do {
      let record = try StoredDocumentFormat.decode(bytes)
      return StoredDocument(
        id: record.id, date: record.date,
        values: record.values.map {
          StoredDocument.Value(
            field: $0.field, name: fields.name(of: $0.field) ?? "", text: $0.text, checkpoints: $0.checkpoints)
        },
        extras: record.extras)
    } catch {
      throw corrupt(.storedDocuments)
    }
  }

  /// The same read where it lies, without the members that are no text; valid while the snapshot lives.
  public func storedRecord(_ document: DocID) throws(IndexError) -> StoredRecord {
    // SAFETY: the bytes belong to the snapshot, which the record borrows as this segment does.
    let (start, byteCount, copy) = unsafe try body.storedBytes(Int(document))
    do { return unsafe try StoredRecord(start: start, byteCount: byteCount, copy: copy, fields: fields) } catch {
      throw corrupt(.storedDocuments)
    }
  }

  /// Length of a document's stored record.
  public func storedByteCount(_ document: DocID) throws(IndexError) -> Int { try body.storedRange(Int(document)).count }

  /// Length of a stored record on average.
  public var storedBytesPerDocument: Int {
    documentCount == 0 ? 0 : Int(clamping: body.header.sectionSizes.storedDocuments) / documentCount
  }

  /// The identity of a document.
  public func identifier(_ document: DocID) throws(IndexError) -> String {
    String(decoding: try identifierBytes(document), as: UTF8.self)
  }

  /// Seconds since 1970, or nil for a document without a date.
  public func date(_ document: DocID) -> Int64? {
    let seconds = body.date(Int(document))
    return seconds == .min ? nil : seconds
  }

  /// The live document with this identity.
  func locate(_ id: [UInt8], hash: UInt32) throws(IndexError) -> DocID? {
    let candidates = try body.reading(.identifiers) { () throws(DictionaryReader.Damage) in
      try body.identifiers.candidates(hash)
    }
    for candidate in candidates where Int(candidate) < documentCount && !isDeleted(candidate) {
      if try identifierBytes(candidate) == id { return candidate }
    }
    return nil
  }

  private func identifierBytes(_ document: DocID) throws(IndexError) -> [UInt8] {
    let bytes = try body.storedRecord(Int(document))
    do { return try StoredDocumentFormat.decodeID(bytes) } catch { throw corrupt(.storedDocuments) }
  }

  // MARK: Errors

  func corrupt(_ structure: IndexError.Structure, at address: UInt64 = 0) -> IndexError {
    .corrupt(segment: id.rawValue, structure: structure, address: address)
  }

  /// Runs an operation on posting lists; what is wrong with their bytes becomes the index's error.
  func walking(_ body: () throws(PostingError) -> Void) throws(IndexError) {
    do { try body() } catch { throw corrupt(.postings) }
  }

  func reference(_ payload: [UInt8], withPositions: Bool) throws(IndexError) -> PostingListReference {
    let list: PostingListReference
    do {
      // SAFETY: bytes have no padding that could be uninitialised.
      list = try PostingListReference(payload: unsafe payload.span.bytes, withPositions: withPositions)
    } catch {
      throw corrupt(.postings)
    }
    try body.check(list)
    return list
  }
}
