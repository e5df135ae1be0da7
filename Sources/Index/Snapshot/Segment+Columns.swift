public import Base
public import ScoringCore

/// What the fields of the schema say about documents. All of it goes through a column once: linear in the documents of
/// the segment, deleted ones included. A field that the schema does not have, or that no document of the segment has a
/// value in, holds nothing.
extension Segment {
  /// Documents whose keyword field has exactly this value.
  public func documents(whose field: String, is value: [UInt8]) throws(IndexError) -> DocumentSet {
    guard let column = try column(field, .keyword),
      let wanted = try reading({ () throws(ColumnReader.Damage) in try column.number(of: value) })
    else { return none }
    return try select(column) { $0 == wanted }
  }

  /// Documents whose number field has a value between the bounds, both included; nil is no bound.
  public func documents(
    whose field: String, isFrom minimum: Double?, to maximum: Double?
  ) throws(IndexError) -> DocumentSet {
    guard let column = try column(field, .number) else { return none }
    let range = (minimum ?? -.infinity)...max(maximum ?? .infinity, minimum ?? -.infinity)
    return try select(column) { range.contains(Double(bitPattern: $0)) }
  }

  /// Documents with a date in `field` (`date`, or a date field of the schema) that lies in a range of seconds since 1970.
  public func documents(dated field: String, in seconds: ClosedRange<Int64>) throws(IndexError) -> DocumentSet {
    guard let column = try dateColumn(field) else { return none }
    return try select(column) { seconds.contains(Int64(bitPattern: $0)) }
  }

  /// Calls `visit` with the values of a keyword field, ascending, until it returns false.
  public func forEachKeyword(of field: String, _ visit: (_ value: [UInt8]) -> Bool) throws(IndexError) {
    guard let column = try column(field, .keyword) else { return }
    for number in 0..<Int(column.format.valueCount) {
      guard visit(try reading { () throws(ColumnReader.Damage) in try column.value(number) }) else { return }
    }
  }

  /// Calls `visit` with each value of a keyword field that documents of `set` have, and how many of them have it.
  ///
  /// - Returns: How many documents of `set` have a value at all.
  public func forEachGroup(
    of set: DocumentSet, by field: String, _ visit: (_ value: [UInt8], _ documents: Int) -> Void
  ) throws(IndexError) -> Int {
    guard let column = try column(field, .keyword) else { return 0 }
    var counts = [Int](repeating: 0, count: Int(column.format.valueCount))
    let valued = try count(column, set) { counts[Int($0)] += 1 }
    for number in counts.indices where counts[number] > 0 {
      visit(try reading { () throws(ColumnReader.Damage) in try column.value(number) }, counts[number])
    }
    return valued
  }

  /// Calls `visit` with every date in `field` of documents of `set`, in seconds since 1970.
  ///
  /// - Returns: How many documents of `set` have a date at all.
  public func forEachDate(
    of set: DocumentSet, in field: String, _ visit: (_ document: DocID, _ seconds: Int64) -> Void
  ) throws(IndexError) -> Int {
    guard let column = try dateColumn(field) else { return 0 }
    return try count(column, set) { (entry, document) in visit(document, Int64(bitPattern: entry)) }
  }

  /// The fingerprint of a document's text; nil where it has no word, or was put before the index kept fingerprints.
  /// Complexity: O(1).
  public func fingerprint(_ document: DocID) throws(IndexError) -> Fingerprint? {
    guard let column = fingerprints else { return nil }
    guard column.format.kind == .fingerprint, column.format.isSingle, Int(document) < column.documentCount else {
      throw corrupt(.columns)
    }
    // Entries of a column are not aligned: one may lie in two extents, so its bytes are copied.
    let bytes = try reading { () throws(ColumnReader.Damage) in
      try column.memory.copyBytes(at: column.format.entries &+ UInt64(document) &* 8, count: 8)
    }
    return Fingerprint(bits: bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) })
  }

  // MARK: Columns

  private var fingerprints: ColumnReader? {
    guard let number = schema.fingerprintNumber else { return nil }
    return body.columns.first { $0.field == number }.map { body.reader($0) }
  }

  private var none: DocumentSet { DocumentSet(documentCount: UInt32(documentCount), bits: []) }

  /// The column of a field of this kind; nil where the segment has none.
  private func column(_ field: String, _ kind: IndexSchema.Kind) throws(IndexError) -> ColumnReader? {
    guard let number = schema.number(of: field), schema.fields[number].kind == kind else { return nil }
    guard let format = body.columns.first(where: { $0.field == number }) else { return nil }
    guard format.kind == kind else { throw corrupt(.columns) }
    return body.reader(format)
  }

  private func dateColumn(_ field: String) throws(IndexError) -> ColumnReader? {
    field == "date" ? body.dateColumn : try column(field, .date)
  }

  @inline(__always)
  private func select(_ column: ColumnReader, _ holds: (UInt64) -> Bool) throws(IndexError) -> DocumentSet {
    let bits: [UInt64]
    do throws(ColumnReader.Damage) {
      bits = try column.select(holds)
    } catch {
      throw corrupt(.columns, at: error.address)
    }
    return DocumentSet(documentCount: UInt32(documentCount), bits: bits)
  }

  /// Visits the values of documents of a set; returns how many documents have one.
  private func count(
    _ column: ColumnReader, _ set: DocumentSet, _ visit: (UInt64, DocID) -> Void
  ) throws(IndexError) -> Int {
    var valued = 0
    var last = DocID.terminated
    try reading { () throws(ColumnReader.Damage) in
      try column.forEach { document, entry in
        guard set.contains(document) else { return }
        if document != last { valued += 1 }
        last = document
        visit(entry, document)
      }
    }
    return valued
  }

  private func count(_ column: ColumnReader, _ set: DocumentSet, _ visit: (UInt64) -> Void) throws(IndexError) -> Int {
    try count(column, set) { (entry, _) in visit(entry) }
  }

  private func reading<R>(_ read: () throws(ColumnReader.Damage) -> R) throws(IndexError) -> R {
    try body.reading(.columns, read)
  }
}
