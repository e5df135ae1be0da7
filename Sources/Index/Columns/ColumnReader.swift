internal import Base

/// Reads one column of a segment. Every entry is checked against what it points to: damaged bytes are an error.
struct ColumnReader: Sendable {
  typealias Damage = SegmentMemory.Damage

  let memory: SegmentMemory
  let format: ColumnFormat
  let documentCount: Int
  /// Documents whose entries are copied at a time.
  private static let chunkDocuments = 1 << 14

  /// Calls `visit` with every value of every document, ascending by document: a value's number for keyword fields,
  /// else its bits. Complexity: linear in the documents.
  @inline(__always)
  func forEach(_ visit: (_ document: DocID, _ entry: UInt64) throws(Damage) -> Void) throws(Damage) {
    var first = 0
    while first < documentCount {
      let end = min(first + Self.chunkDocuments, documentCount)
      if format.isSingle {
        let cells = try cells(first..<end)
        for i in 0..<cells.count where cells[i] != format.none { try visit(DocID(first + i), try entry(cells[i])) }
      } else {
        let starts = try starts(first, end)
        let cells = try cells(Int(starts[0])..<Int(starts[end - first]))
        for document in first..<end {
          for i in Int(starts[document - first])..<Int(starts[document - first + 1]) {
            try visit(DocID(document), try entry(cells[i - Int(starts[0])]))
          }
        }
      }
      first = end
    }
  }

  /// A bit for each document with a value that `accepts` takes. The same as `forEach` gives, without a branch a
  /// document where each has one entry.
  @inline(__always)
  func select(_ accepts: (_ entry: UInt64) -> Bool) throws(Damage) -> [UInt64] {
    var bits = [UInt64](repeating: 0, count: documentCount / 64 + 1)
    guard format.isSingle else {
      try forEach { document, entry in
        if accepts(entry) { bits[Int(document >> 6)] |= 1 << UInt64(document & 63) }
      }
      return bits
    }
    for first in stride(from: 0, to: documentCount, by: Self.chunkDocuments) {
      let range = first..<min(first + Self.chunkDocuments, documentCount)
      if format.width == 1 {
        mark(try memory.copyBytes(at: format.entries &+ UInt64(first), count: range.count), first, accepts, &bits)
      } else {
        mark(try cells(range), first, accepts, &bits)
      }
    }
    return bits
  }

  /// Sets the bits of a chunk, which begins at a multiple of 64.
  @inline(__always)
  private func mark<Cell: UnsignedInteger>(
    _ cells: [Cell], _ first: Int, _ accepts: (UInt64) -> Bool, _ bits: inout [UInt64]
  ) {
    let none = format.none
    let offset: UInt64 = format.kind == .keyword ? 1 : 0
    var start = 0
    while start < cells.count {
      var word: UInt64 = 0
      for i in start..<min(start + 64, cells.count) {
        let cell = UInt64(cells[i])
        let bit: UInt64 = (cell != none ? 1 : 0) & (accepts(cell &- offset) ? 1 : 0)
        word |= bit &<< UInt64(i & 63)
      }
      bits[(first + start) >> 6] = word
      start += 64
    }
  }

  /// The whole column.
  func load() throws(Damage) -> ColumnValues {
    var values = ColumnValues(kind: format.kind)
    values.table = try table()
    var waiting: [UInt64] = []
    var document = 0
    try forEach { (next, entry) throws(Damage) in
      while document < Int(next) {
        values.append(waiting)
        waiting.removeAll(keepingCapacity: true)
        document += 1
      }
      if format.kind == .keyword, let last = waiting.last, entry <= last { throw Damage(address: format.entries) }
      waiting.append(entry)
    }
    while document < documentCount {
      values.append(waiting)
      waiting.removeAll(keepingCapacity: true)
      document += 1
    }
    return values
  }

  // MARK: Values of keyword fields

  /// The number of a value; nil where no document has it. Complexity: log2(values).
  func number(of value: [UInt8]) throws(Damage) -> UInt64? {
    var low = 0
    var high = Int(format.valueCount)
    while low < high {
      let middle = (low + high) / 2
      if try self.value(middle).lexicographicallyPrecedes(value) { low = middle + 1 } else { high = middle }
    }
    guard low < format.valueCount, try self.value(low) == value else { return nil }
    return UInt64(low)
  }

  /// The value with this number.
  func value(_ number: Int) throws(Damage) -> [UInt8] {
    let address = format.ends &+ UInt64(number) &* 8
    let start = number == 0 ? 0 : try memory.integer(at: address &- 8, as: UInt64.self)
    let end = try memory.integer(at: address, as: UInt64.self)
    guard start <= end, end <= memory.extents.byteCount else { throw Damage(address: address) }
    return try memory.copyBytes(at: format.table &+ start, count: Int(end - start))
  }

  /// All values.
  func table() throws(Damage) -> KeywordTable {
    var table = KeywordTable()
    for number in 0..<Int(format.valueCount) {
      let value = try value(number)
      if number > 0, !table[number - 1].lexicographicallyPrecedes(value) { throw Damage(address: format.table) }
      table.append(value)
    }
    return table
  }

  // MARK: Bytes

  @inline(__always)
  private func entry(_ cell: UInt64) throws(Damage) -> UInt64 {
    guard format.kind == .keyword else { return cell }
    guard cell > 0, cell <= format.valueCount else { throw Damage(address: format.entries) }
    return cell &- 1
  }

  private func starts(_ first: Int, _ end: Int) throws(Damage) -> [UInt32] {
    let bytes = try memory.copyBytes(at: format.starts &+ UInt64(first) &* 4, count: (end - first + 1) * 4)
    var reader = ByteReader(bytes)
    var starts: [UInt32] = []
    starts.reserveCapacity(end - first + 1)
    do {
      for _ in first...end { starts.append(try reader.integer(UInt32.self)) }
    } catch {
      throw Damage(address: format.starts)
    }
    for i in 1..<starts.count where starts[i] < starts[i - 1] { throw Damage(address: format.starts) }
    guard UInt64(starts[starts.count - 1]) <= format.entryCount else { throw Damage(address: format.starts) }
    return starts
  }

  private func cells(_ range: Range<Int>) throws(Damage) -> [UInt64] {
    let bytes = try memory.copyBytes(
      at: format.entries &+ UInt64(range.lowerBound * format.width), count: range.count * format.width)
    var reader = ByteReader(bytes)
    var cells: [UInt64] = []
    cells.reserveCapacity(range.count)
    do {
      switch format.width {
      case 1: for byte in bytes { cells.append(UInt64(byte)) }
      case 2: for _ in range { cells.append(UInt64(try reader.integer(UInt16.self))) }
      case 4: for _ in range { cells.append(UInt64(try reader.integer(UInt32.self))) }
      default: for _ in range { cells.append(try reader.integer(UInt64.self)) }
      }
    } catch {
      throw Damage(address: format.entries)
    }
    return cells
  }
}
