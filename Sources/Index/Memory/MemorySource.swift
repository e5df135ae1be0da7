internal import Analysis
internal import Base
internal import ScoringCore

/// The buffer as the source of a segment: its words in order, its classes by stem.
///
/// Made and used inside `MemoryIndex.withSource`; borrows the table's memory.
struct MemorySource: SegmentSource {
  // SAFETY (whole type): `entries` and `arena` belong to the term table, which outlives the source and does not
  // change while it is in use.
  private let table: BorrowedTable
  private let documents: DocumentBuffer
  private let order: [UInt32]
  private var classes: [StemMember]
  private var termAt = -1
  private var classAt = 0
  private var classMembers: Range<Int> = 0..<0
  private var positions: [UInt32] = []
  private var scratch = ClassPostings()
  private var form = ClassPostings()
  let storesText: Bool

  /// One form in the order of stems.
  private struct StemMember {
    var stem: [UInt8]
    var term: UInt32
  }

  init(terms: borrowing TermTable, documents: DocumentBuffer, analyzer: Analyzer, storesText: Bool) {
    table = BorrowedTable(terms)
    self.documents = documents
    self.storesText = storesText
    order = Self.sorted(table)
    classes = Self.stems(table, order, analyzer)
  }

  var documentCount: Int { documents.count }
  var wordCount: UInt64 { documents.wordCount }
  var everyDocumentHasOneValue: Bool { documents.everyDocumentHasOneValue }
  func storedRecord(_ document: Int) -> [UInt8] { documents.storedRecord(document) }
  func layouts() -> DocumentLayoutEncoder { documents.layouts }
  func norm(_ document: Int) -> UInt8 { documents.norms[document] }
  func date(_ document: Int) -> Int64 { documents.dates[document] }
  var columnCount: Int { documents.schema.fields.count }
  func column(_ field: Int) -> ColumnValues? { documents.columns.values(field) }
  func identifierHash(_ document: Int) -> UInt32 { documents.identifierHashes[document] }

  mutating func nextTerm() -> [UInt8]? {
    termAt += 1
    guard termAt < order.count else { return nil }
    return table.key(Int(order[termAt]))
  }

  mutating func encodePostings(into encoder: inout PostingListEncoder) {
    var postings = table.postings(Int(order[termAt]))
    while let document = postings.next(&positions) {
      encoder.add(
        document, frequency: UInt32(positions.count), norm: documents.norms[Int(document)], positions: positions.span)
    }
  }

  mutating func visitPositions(of form: [UInt8], in documents: Range<DocID>, _ visit: (DocID, Span<UInt32>) -> Void) {
    var low = 0
    var high = order.count
    while low < high {
      let middle = (low + high) / 2
      if table.key(Int(order[middle])).lexicographicallyPrecedes(form) { low = middle + 1 } else { high = middle }
    }
    guard low < order.count, table.key(Int(order[low])) == form else { return }
    var postings = table.postings(Int(order[low]))
    while let document = postings.next(&positions), document < documents.upperBound {
      if document >= documents.lowerBound { visit(document, positions.span) }
    }
  }

  mutating func nextClass() -> StemClassForms? {
    guard classAt < classes.count else { return nil }
    let stem = classes[classAt].stem
    var end = classAt + 1
    while end < classes.count, classes[end].stem == stem { end += 1 }
    classMembers = classAt..<end
    classAt = end
    return StemClassForms(
      stem: stem, forms: classes[classMembers].map { table.key(Int($0.term)) },
      documentFrequencies: classes[classMembers].map { table.documentFrequency(Int($0.term)) })
  }

  mutating func classPostings(_ postings: inout ClassPostings) {
    for member in classMembers {
      form.removeAll()
      var walk = table.postings(Int(classes[member].term))
      while let document = walk.next(&positions) { form.append(document, UInt32(positions.count)) }
      postings.merge(documents: form.documents, frequencies: form.frequencies, scratch: &scratch)
    }
  }

  // MARK: Order

  /// Words in the order of their bytes: by the first eight as a number, then by the rest.
  private static func sorted(_ table: BorrowedTable) -> [UInt32] {
    var keys: [(prefix: UInt64, term: UInt32)] = []
    keys.reserveCapacity(table.count)
    for term in 0..<table.count { keys.append((table.prefix(term), UInt32(term))) }
    keys.sort { a, b in
      a.prefix != b.prefix ? a.prefix < b.prefix : table.precedes(Int(a.term), Int(b.term))
    }
    return keys.map(\.term)
  }

  /// The forms of every class that a segment keeps, by stem and then by form.
  private static func stems(_ table: BorrowedTable, _ order: [UInt32], _ analyzer: Analyzer) -> [StemMember] {
    guard analyzer.stemming != .none else { return [] }
    var members: [StemMember] = []
    members.reserveCapacity(order.count)
    for term in order {
      let form = table.key(Int(term))
      if !Analyzer.isPossessive(form) { members.append(StemMember(stem: analyzer.stem(form), term: term)) }
    }
    // Stable by construction: `order` ascends by form, ties of stems are settled by it.
    var numbered = members.indices.map { (prefix: DictionaryFormat.prefix(members[$0].stem), index: $0) }
    numbered.sort { a, b in
      if a.prefix != b.prefix { return a.prefix < b.prefix }
      let left = members[a.index].stem
      let right = members[b.index].stem
      if left == right { return a.index < b.index }
      return left.lexicographicallyPrecedes(right)
    }
    return numbered.map { members[$0.index] }
  }
}

/// Read-only view of a term table for the time of a flush.
@safe
struct BorrowedTable {
  // SAFETY: as `MemorySource` says; only terms below `count` are asked for.
  private let entries: UnsafePointer<TermTable.Entry>
  private let base: UnsafeRawPointer
  let count: Int

  init(_ table: borrowing TermTable) {
    unsafe entries = UnsafePointer(table.entries)
    unsafe base = UnsafeRawPointer(table.arena.base)
    count = table.count
  }

  func key(_ term: Int) -> [UInt8] { unsafe [UInt8](bytes(term)) }
  func documentFrequency(_ term: Int) -> UInt32 { unsafe entries[term].documentFrequency }
  func postings(_ term: Int) -> TermPostings { unsafe TermPostings(entry: entries[term], base: base) }
  func prefix(_ term: Int) -> UInt64 { unsafe DictionaryFormat.prefix(bytes(term)) }

  func precedes(_ a: Int, _ b: Int) -> Bool { unsafe bytes(a).lexicographicallyPrecedes(bytes(b)) }

  private func bytes(_ term: Int) -> UnsafeRawBufferPointer {
    let entry = unsafe entries[term]
    return unsafe UnsafeRawBufferPointer(start: base + Int(entry.keyOffset), count: Int(entry.keyLength))
  }
}
