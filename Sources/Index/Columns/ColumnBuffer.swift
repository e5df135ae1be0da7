internal import Base

/// The columns of the documents in the buffer. Values of keyword fields are numbered as they come; a flush sorts them.
struct ColumnBuffer {
  private struct Column {
    let kind: IndexSchema.Kind
    var numbers: [[UInt8]: UInt64] = [:]
    var values = KeywordTable()
    var cells: ColumnValues
  }

  private var columns: [Column] = []
  /// Bytes of memory, roughly.
  private(set) var byteCount = 0

  /// Adds the next document. The schema is the same for all of them.
  mutating func append(_ values: FieldValues, schema: IndexSchema) {
    if columns.isEmpty { columns = schema.fields.map { Column(kind: $0.kind, cells: ColumnValues(kind: $0.kind)) } }
    for field in columns.indices {
      var entries: [UInt64] = []
      // A member that stands twice in a document adds to its values.
      for cell in values.cells where cell.field == field {
        switch cell.cells {
        case .numbers(let numbers): entries += numbers
        case .keywords(let keywords): entries += keywords.map { number(of: $0, in: field) }
        }
      }
      columns[field].cells.append(entries)
      byteCount += 4 + entries.count * 8
    }
  }

  private mutating func number(of keyword: [UInt8], in field: Int) -> UInt64 {
    if let known = columns[field].numbers[keyword] { return known }
    let number = UInt64(columns[field].values.count)
    columns[field].numbers[keyword] = number
    columns[field].values.append(keyword)
    byteCount += keyword.count * 2 + 80
    return number
  }

  /// The column of a field as a segment keeps it; nil where no document has a value.
  func values(_ field: Int) -> ColumnValues? {
    guard field < columns.count, !columns[field].cells.entries.isEmpty else { return nil }
    let column = columns[field]
    guard column.kind == .keyword else { return column.cells }
    let order = (0..<column.values.count).sorted { column.values[$0].lexicographicallyPrecedes(column.values[$1]) }
    var ranks = [UInt64](repeating: 0, count: order.count)
    var sorted = ColumnValues(kind: .keyword)
    for (rank, number) in order.enumerated() {
      ranks[number] = UInt64(rank)
      sorted.table.append(column.values[number])
    }
    for document in 0..<column.cells.documentCount {
      let entries = column.cells.entries(of: document)
      sorted.append(entries.count < 2 ? entries.map { ranks[Int($0)] } : Set(entries.map { ranks[Int($0)] }).sorted())
    }
    return sorted
  }

  mutating func removeAll() {
    columns.removeAll()
    byteCount = 0
  }
}
