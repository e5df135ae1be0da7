internal import Base
internal import ScoringCore
internal import Store
internal import Synchronization

/// The bytes of one open segment and the arithmetic to read them. Shared by all snapshots that hold the segment.
///
/// The bytes are LMDB's: they stay where they are while a snapshot that names this segment lives, since LMDB never
/// moves a live page. A body is used only through such a snapshot. Thread-safe: nothing changes
/// after `init` but an atomic flag and a cache that has a lock.
@safe
final class SegmentBody: @unchecked Sendable {
  let id: SegmentID
  let header: SegmentHeader
  let memory: SegmentMemory
  let terms: DictionaryReader
  let classes: DictionaryReader
  let identifiers: IdentifierMap
  /// The phrase layer: its words' lists, none without one; and its dictionary.
  let common: CommonLists
  let pairs: DictionaryReader
  let layouts: LayoutTable
  /// Whether all layouts were found to be what was written.
  private let hasIntactLayouts = Atomic<Bool>(false)
  /// The columns there are, ascending by field.
  let columns: [ColumnFormat]
  /// What queries have asked for of its stem classes.
  let stems: StemCache

  // SAFETY (whole type): nothing changes after `init` but the atomic flag and the cache; the table of extents is allocated and freed by this object. `norms` points into an extent or, where the
  // section is cut by an extent's end, to `normsCopy`, which this object frees.
  private let pointerTable: UnsafeMutablePointer<UnsafeRawPointer>
  let norms: UnsafePointer<UInt8>
  private let normsCopy: UnsafeMutablePointer<UInt8>?

  /// - Parameters:
  ///   - lastValueBytes: Length of the last extent's value; those before have `valueBytes`.
  ///   - advises: False where the kernel reads ahead by itself.
  init(
    record: SegmentRecord, pointers: [UnsafeRawPointer], lastValueBytes: Int, advises: Bool = true,
    stems: StemCacheBudget = StemCacheBudget(bytesMax: 0)
  ) throws(IndexError) {
    let id = record.id
    guard unsafe !pointers.isEmpty, record.extentSize.isLastValue(byteCount: lastValueBytes) else {
      throw .corrupt(segment: id.rawValue, structure: .header, address: 0)
    }
    let table = unsafe UnsafeMutablePointer<UnsafeRawPointer>.allocate(capacity: max(pointers.count, 1))
    unsafe table.initialize(from: pointers, count: pointers.count)
    let extents = unsafe ExtentMap(
      pointers: UnsafePointer(table), extentCount: pointers.count, size: record.extentSize,
      lastUsableBytes: lastValueBytes - record.extentSize.trailerBytes)
    // SAFETY: the table has a pointer for each extent and lives as long as the memory, which this object owns.
    let memory = unsafe SegmentMemory(id: id, extents: extents, advises: advises) { extent in unsafe table[extent] }
    var copy: UnsafeMutablePointer<UInt8>?
    do {
      header = try Self.readHeader(memory, record)
      columns = try Self.readColumns(memory, header)
      common = CommonLists(addresses: try Self.readCommonLists(memory, header))
      unsafe (norms, copy) = try Self.readNorms(memory, header)
    } catch {
      unsafe table.deallocate()
      throw error
    }
    self.id = id
    self.memory = memory
    self.stems = StemCache(stems)
    unsafe pointerTable = table
    unsafe normsCopy = copy
    terms = DictionaryReader(
      memory: memory,
      location: DictionaryLocation(
        headsAddress: header[.terms].address, blockCount: header[.terms].count, keyCount: header[.termCount].count))
    classes = DictionaryReader(
      memory: memory,
      location: DictionaryLocation(
        headsAddress: header[.classes].address, blockCount: header[.classes].count,
        keyCount: header[.classCount].count))
    pairs = DictionaryReader(
      memory: memory,
      location: DictionaryLocation(
        headsAddress: header[.pairs].address, blockCount: header[.pairs].count, keyCount: header[.pairCount].count))
    layouts = LayoutTable(
      extents: extents, address: header[.layouts].address, documentCount: header.documentCount,
      hasSingleValues: header.flags.contains(.singleValue))
    identifiers = IdentifierMap(
      memory: memory, address: header[.identifiers].address, count: Int(header[.identifiers].count))
  }

  deinit {
    unsafe pointerTable.deallocate()
    unsafe normsCopy?.deallocate()
  }

  var extents: ExtentMap { memory.extents }
  var documentCount: Int { Int(header.documentCount) }

  private static func readHeader(_ memory: SegmentMemory, _ record: SegmentRecord) throws(IndexError) -> SegmentHeader {
    let damage = IndexError.corrupt(segment: record.id.rawValue, structure: .header, address: 0)
    guard let bytes = try? memory.copyBytes(at: 0, count: SegmentHeader.byteCount) else { throw damage }
    let header = try SegmentHeader(bytes, segment: record.id)
    guard header.documentCount == record.documentCount, header[.norms].count == UInt64(header.documentCount),
      header[.identifiers].count == UInt64(header.documentCount),
      header[.dates].count == 0 || header[.dates].count == UInt64(header.documentCount),
      header[.storedOffsets].count == UInt64(header.documentCount) + 1,
      header[.layouts].count == UInt64(header.documentCount)
    else { throw damage }
    return header
  }

  private static func readColumns(
    _ memory: SegmentMemory, _ header: SegmentHeader
  ) throws(IndexError) -> [ColumnFormat] {
    let section = header[.columns]
    guard section.count <= UInt64(Limits.fieldsMax),
      let bytes = try? memory.copyBytes(at: section.address, count: Int(section.count) * ColumnFormat.byteCount),
      let columns = ColumnFormat.directory(bytes, documentCount: Int(header.documentCount))
    else { throw .corrupt(segment: memory.id.rawValue, structure: .columns, address: section.address) }
    return columns
  }

  private static func readCommonLists(
    _ memory: SegmentMemory, _ header: SegmentHeader
  ) throws(IndexError) -> [UInt64] {
    let section = header[.commonLists]
    guard section.count <= UInt64(PairKey.wordsMax),
      let bytes = try? memory.copyBytes(at: section.address, count: Int(section.count) * 8)
    else { throw .corrupt(segment: memory.id.rawValue, structure: .pairs, address: section.address) }
    return stride(from: 0, to: bytes.count, by: 8).map { start in
      (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) }
    }
  }

  private static func readNorms(
    _ memory: SegmentMemory, _ header: SegmentHeader
  ) throws(IndexError) -> (UnsafePointer<UInt8>, UnsafeMutablePointer<UInt8>?) {
    let section = header[.norms]
    let count = Int(section.count)
    do throws(SegmentMemory.Damage) {
      if count <= memory.extents.size.usableBytes {
        let pointer = unsafe try memory.pointer(at: section.address, byteCount: count)
        return unsafe (pointer.assumingMemoryBound(to: UInt8.self), nil)
      }
      let bytes = try memory.copyBytes(at: section.address, count: count)
      let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: count)
      unsafe copy.initialize(from: bytes, count: count)
      return unsafe (UnsafePointer(copy), copy)
    } catch {
      throw .corrupt(segment: memory.id.rawValue, structure: .norms, address: error.address)
    }
  }

  /// The whole value of one extent, trailer included.
  func withExtent<R>(_ number: Int, _ body: (RawSpan) -> R) -> R {
    precondition(number < extents.extentCount)
    // SAFETY: every extent has so many readable bytes, checked when its pointer was made.
    let byteCount = extents.usableBytes(ofExtent: number) + extents.size.trailerBytes
    return unsafe body(RawSpan(_unsafeStart: pointerTable[number], byteCount: byteCount))
  }

  /// Makes sure that a list's bytes, and the layouts that a match may need, are what was written. Before every use of
  /// a list, which reads the bytes without asking; once checked it costs a load a piece.
  func check(_ list: PostingListReference) throws(IndexError) {
    if !hasIntactLayouts.load(ordering: .relaxed) {
      let layouts = header[.layouts].address..<header[.norms].address
      try reading(.layouts) { () throws(SegmentMemory.Damage) in try memory.check(layouts) }
      hasIntactLayouts.store(true, ordering: .relaxed)
    }
    try reading(.postings) { () throws(SegmentMemory.Damage) in
      try memory.check(list.headerRange)
      guard let range = list.byteRange(in: extents) else { throw SegmentMemory.Damage(address: list.headerRange.lowerBound) }
      try memory.check(range)
    }
  }

  // MARK: Columns

  func reader(_ column: ColumnFormat) -> ColumnReader {
    ColumnReader(memory: memory, format: column, documentCount: documentCount)
  }

  /// The documents' own dates as a column; nil where no document has one.
  var dateColumn: ColumnReader? {
    header[.dates].count == 0 ? nil : reader(ColumnFormat(dates: header[.dates]))
  }

  /// All values of a field of the schema; nil where no document has one.
  func columnValues(_ field: Int) throws(IndexError) -> ColumnValues? {
    guard let column = columns.first(where: { $0.field == field }) else { return nil }
    return try reading(.columns) { () throws(SegmentMemory.Damage) in try reader(column).load() }
  }

  // MARK: Records

  /// The bytes of a document's stored record.
  func storedRecord(_ document: Int) throws(IndexError) -> [UInt8] {
    let range = try storedRange(document)
    return try reading(.storedDocuments) { () throws(SegmentMemory.Damage) in
      try memory.copyBytes(at: range.lowerBound, count: range.count)
    }
  }

  /// The same in place where they lie in one extent; else a copy, and no pointer.
  func storedBytes(_ document: Int) throws(IndexError) -> (UnsafeRawPointer?, byteCount: Int, copy: [UInt8]) {
    let range = try storedRange(document)
    return unsafe try reading(.storedDocuments) { () throws(SegmentMemory.Damage) in
      guard unsafe extents.pointer(at: range.lowerBound, byteCount: range.count) != nil else {
        return (nil, range.count, try memory.copyBytes(at: range.lowerBound, count: range.count))
      }
      return unsafe (try memory.pointer(at: range.lowerBound, byteCount: range.count), range.count, [])
    }
  }

  /// Where a document's stored record lies.
  func storedRange(_ document: Int) throws(IndexError) -> Range<UInt64> {
    let (start, end) = (try storedOffset(document), try storedOffset(document + 1))
    guard start <= end, end - start <= UInt64(Limits.documentBytesMax) * 4 else { throw corrupt(.storedDocuments, start) }
    return start..<end
  }

  /// The address of a document's stored record.
  private func storedOffset(_ document: Int) throws(IndexError) -> UInt64 {
    let address = header[.storedOffsets].address + UInt64(document * header.storedOffsetBytes)
    let offset: UInt64
    if header.storedOffsetBytes == 4 {
      offset = UInt64(try integer(at: address, .storedDocuments) as UInt32)
    } else {
      offset = try integer(at: address, .storedDocuments)
    }
    let (record, isTooLarge) = header[.stored].address.addingReportingOverflow(offset)
    if isTooLarge { throw corrupt(.storedDocuments, address) }
    return record
  }

  /// Seconds since 1970, `Int64.min` for none.
  func date(_ document: Int) -> Int64 {
    guard header[.dates].count > 0 else { return .min }
    return (try? integer(at: header[.dates].address + UInt64(document) * 8, .dates)) ?? .min
  }

  private func integer<T: FixedWidthInteger & BitwiseCopyable>(
    at address: UInt64, _ structure: IndexError.Structure
  ) throws(IndexError) -> T {
    try reading(structure) { () throws(SegmentMemory.Damage) in try memory.integer(at: address, as: T.self) }
  }

  /// Runs an operation on the bytes; its damage becomes the index's error.
  func reading<R>(
    _ structure: IndexError.Structure, _ read: () throws(SegmentMemory.Damage) -> R
  ) throws(IndexError) -> R {
    do { return try read() } catch { throw corrupt(structure, error.address) }
  }

  private func corrupt(_ structure: IndexError.Structure, _ address: UInt64) -> IndexError {
    .corrupt(segment: id.rawValue, structure: structure, address: address)
  }
}
