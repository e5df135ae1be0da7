internal import Base

/// Cuts a stream of CSV (RFC 4180) into records of fields.
///
/// Quotes may stand anywhere a field begins; a quote inside an unquoted field, and text behind a closing quote, are taken as
/// they stand. A quote that is never closed costs the line it stands on, not the file. Memory is bounded by one record.
struct CSVScanner {
  enum Record: Equatable {
    /// `line` is where it begins, from 1.
    case fields([[UInt8]], line: Int)
    case unclosedQuote(line: Int)
    case tooLong(line: Int)
  }

  /// Bytes that are read again in all, to recover from quotes without an end.
  private static let rereadBytesMax = 32 << 20
  private static let fieldsMax = 10_000

  private enum Place {
    case fieldStart, unquoted, quoted, afterQuote
  }

  private let delimiter: UInt8
  private let recordBytesMax: Int
  private var place = Place.fieldStart
  private var fields: [[UInt8]] = []
  private var field: [UInt8] = []
  /// The bytes of the record that is being read.
  private var raw: [UInt8] = []
  private var isTooLong = false
  private var line = 1
  private var recordLine = 1
  private var rereadBytes = 0
  private(set) var records: [Record] = []

  init(delimiter: UInt8, recordBytesMax: Int = Limits.documentBytesMax) {
    self.delimiter = delimiter
    self.recordBytesMax = recordBytesMax
  }

  mutating func takeRecords() -> [Record] {
    defer { records = [] }
    return records
  }

  mutating func append(_ bytes: some Collection<UInt8>) {
    for byte in bytes { take(byte) }
  }

  mutating func finish() {
    while place == .quoted, !isTooLong, rereadBytes < Self.rereadBytesMax, let end = raw.firstIndex(of: 0x0A) {
      rereadBytes += raw.count
      records.append(.unclosedQuote(line: recordLine))
      let rest = Array(raw[(end + 1)...])
      line = recordLine + 1
      startRecord()
      append(rest)
    }
    if place == .quoted, !isTooLong {
      records.append(.unclosedQuote(line: recordLine))
    } else if !raw.isEmpty || isTooLong {
      endRecord()
    }
    startRecord()
  }

  private mutating func take(_ byte: UInt8) {
    if !isTooLong { raw.append(byte) }
    if raw.count > recordBytesMax { isTooLong = true }
    if byte == 0x0A { line += 1 }
    switch place {
    case .quoted:
      if byte == UInt8(ascii: "\"") { place = .afterQuote } else { add(byte) }
    case .fieldStart where byte == UInt8(ascii: "\""): place = .quoted
    case .afterQuote where byte == UInt8(ascii: "\""):
      add(byte)
      place = .quoted
    case .fieldStart, .unquoted, .afterQuote:
      if byte == delimiter {
        endField()
      } else if byte == 0x0A {
        endRecord()
        startRecord()
      } else {
        add(byte)
        place = .unquoted
      }
    }
  }

  private mutating func add(_ byte: UInt8) {
    if isTooLong { return }
    field.append(byte)
  }

  private mutating func endField() {
    if fields.count < Self.fieldsMax { fields.append(field) }
    field.removeAll(keepingCapacity: true)
    place = .fieldStart
  }

  private mutating func endRecord() {
    if field.last == 0x0D { field.removeLast() }
    endField()
    if isTooLong {
      records.append(.tooLong(line: recordLine))
    } else if fields.count > 1 || fields.first?.isEmpty == false {
      records.append(.fields(fields, line: recordLine))
    }
  }

  private mutating func startRecord() {
    fields = []
    field = []
    raw.removeAll(keepingCapacity: raw.capacity < 1 << 20)
    isTooLong = false
    place = .fieldStart
    recordLine = line
  }
}
