internal import Base

/// A column of a segment: one field's values by document. Its entry in the segment's directory of columns says
///
///     column := field u8, kind u8, shape u8 (0 one entry a document, 1 any number), width u8 (bytes an entry),
///               valueCount u32, entryCount u64, ends u64, table u64, starts u64, entries u64          48 bytes
///
/// and four addresses:
///
///     ends    := u64 × valueCount    where each value of `table` ends, ascending          keyword fields only
///     table   := bytes               the different values, ascending, end to end
///     starts  := u32 × (documents + 1)                                                    shape 1 only
///     entries := entryCount × width  a value's number + 1, or 8 bytes: a number's bits, seconds since 1970, a fingerprint
///
/// With shape 0 there is an entry a document, and `none` stands for a document without a value. Worked example, the
/// keyword field 0 of three documents, `en`, none and `de`:
///
///     ends 2, 4; table "deen"; entries 02 00 01; column 00 01 00 01  02 00 00 00  03 …
struct ColumnFormat: Equatable, Sendable {
  static let byteCount = 48
  /// No number that JSON can say, and no date of a calendar.
  static let noNumber = Double.nan.bitPattern
  static let noDate = UInt64(bitPattern: .min)

  var field: UInt8
  var kind: IndexSchema.Kind
  var isSingle: Bool
  var width: Int
  var valueCount: UInt32
  var entryCount: UInt64
  var ends: UInt64 = 0
  var table: UInt64 = 0
  var starts: UInt64 = 0
  var entries: UInt64 = 0

  /// What stands for no value where every document has an entry.
  var none: UInt64 { Self.none(kind) }

  static func none(_ kind: IndexSchema.Kind) -> UInt64 {
    switch kind {
    case .keyword: 0
    case .number: noNumber
    case .date: noDate
    case .fingerprint: 0
    }
  }

  /// Bytes of an entry of a keyword field with so many values.
  static func width(valueCount: Int) -> Int { valueCount < 1 << 8 ? 1 : valueCount < 1 << 16 ? 2 : 4 }

  init(field: Int, _ values: ColumnValues) {
    self.field = UInt8(field)
    kind = values.kind
    isSingle = (0..<values.documentCount).allSatisfy { values.entries(of: $0).count < 2 }
    width = kind == .keyword ? Self.width(valueCount: values.table.count) : 8
    valueCount = UInt32(values.table.count)
    entryCount = UInt64(isSingle ? values.documentCount : values.entries.count)
  }

  /// The section of the documents' own dates.
  init(dates: SegmentHeader.Extent) {
    field = UInt8(Limits.fieldsMax)
    kind = .date
    isSingle = true
    width = 8
    valueCount = 0
    entryCount = dates.count
    entries = dates.address
  }

  func encode(into bytes: inout [UInt8]) {
    bytes.append(field)
    bytes.append(kind.rawValue)
    bytes.append(isSingle ? 0 : 1)
    bytes.append(UInt8(width))
    bytes.appendInteger(valueCount)
    for value in [entryCount, ends, table, starts, entries] { bytes.appendInteger(value) }
  }

  /// The directory of a segment; nil where its bytes contradict themselves.
  static func directory(_ bytes: [UInt8], documentCount: Int) -> [ColumnFormat]? {
    guard bytes.count % byteCount == 0 else { return nil }
    var columns: [ColumnFormat] = []
    for start in stride(from: 0, to: bytes.count, by: byteCount) {
      guard let column = try? ColumnFormat(bytes, at: start, documentCount: documentCount),
        columns.allSatisfy({ $0.field < column.field })
      else { return nil }
      columns.append(column)
    }
    return columns
  }

  private struct Contradiction: Error {}

  private init(_ bytes: [UInt8], at start: Int, documentCount: Int) throws {
    var reader = ByteReader(bytes, at: start)
    field = try reader.byte()
    guard let kind = IndexSchema.Kind(rawValue: try reader.byte()) else { throw Contradiction() }
    self.kind = kind
    let shape = try reader.byte()
    isSingle = shape == 0
    width = Int(try reader.byte())
    valueCount = try reader.integer(UInt32.self)
    entryCount = try reader.integer(UInt64.self)
    ends = try reader.integer(UInt64.self)
    table = try reader.integer(UInt64.self)
    starts = try reader.integer(UInt64.self)
    entries = try reader.integer(UInt64.self)
    guard shape < 2, field < Limits.fieldsMax,
      width == (kind == .keyword ? Self.width(valueCount: Int(valueCount)) : 8),
      isSingle ? entryCount == UInt64(documentCount) : entryCount <= UInt64(UInt32.max)
    else { throw Contradiction() }
  }
}
