internal import Base

/// Writes the columns of one segment, then their directory.
struct ColumnWriter {
  private var directory: [UInt8] = []
  private(set) var count = 0

  /// Writes one column; nothing where no document has a value.
  mutating func append<Failure>(
    _ values: ColumnValues, field: Int, into writer: inout ExtentWriter<Failure>
  ) throws(Failure) {
    guard !values.entries.isEmpty else { return }
    var column = ColumnFormat(field: field, values)
    if values.kind == .keyword {
      var ends: [UInt8] = []
      ends.reserveCapacity(values.table.count * 8)
      for end in values.table.ends { ends.appendInteger(UInt64(end)) }
      try writer.reserve(0, alignment: 8)
      column.ends = try writer.append(ends.span)
      column.table = try writer.append(values.table.bytes.span)
    }
    if !column.isSingle {
      var starts: [UInt8] = []
      starts.reserveCapacity(values.documentCount * 4 + 4)
      starts.appendInteger(UInt32(0))
      for end in values.ends { starts.appendInteger(end) }
      column.starts = try writer.append(starts.span)
    }
    column.entries = try writer.append(Self.entries(values, column).span)
    column.encode(into: &directory)
    count += 1
  }

  /// Writes the directory; returns its address.
  func finish<Failure>(into writer: inout ExtentWriter<Failure>) throws(Failure) -> UInt64 {
    try writer.append(directory.span)
  }

  private static func entries(_ values: ColumnValues, _ column: ColumnFormat) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Int(column.entryCount) * column.width)
    func append(_ entry: UInt64) {
      switch column.width {
      case 1: bytes.append(UInt8(truncatingIfNeeded: entry))
      case 2: bytes.appendInteger(UInt16(truncatingIfNeeded: entry))
      case 4: bytes.appendInteger(UInt32(truncatingIfNeeded: entry))
      default: bytes.appendInteger(entry)
      }
    }
    let offset: UInt64 = values.kind == .keyword ? 1 : 0
    for document in 0..<values.documentCount {
      let entries = values.entries(of: document)
      for entry in entries { append(entry &+ offset) }
      if entries.isEmpty, column.isSingle { append(column.none) }
    }
    return bytes
  }
}
