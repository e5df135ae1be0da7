/// Walks the postings of one word of a `TermTable`, document by document.
@safe
struct TermPostings {
  // SAFETY (whole type): the arena outlives the walk; offsets were written by the table and `documents` bounds the walk.
  private let base: UnsafeRawPointer
  private var at: UInt32
  private var sliceEnd: UInt32
  private var sliceBytes: Int
  private var documents: UInt32
  private var document: UInt32 = 0
  /// Where the stream ends: the table's next byte would go here.
  private let end: UInt32

  init(entry: TermTable.Entry, base: UnsafeRawPointer) {
    unsafe self.base = base
    at = entry.head
    sliceBytes = TermTable.firstSlice
    sliceEnd = entry.head + UInt32(TermTable.payloadBytes(ofSlice: TermTable.firstSlice))
    documents = entry.documentFrequency
    end = entry.write
  }

  /// The next document, its positions put into `positions`; nil after the last.
  mutating func next(_ positions: inout [UInt32]) -> UInt32? {
    guard documents > 0 else { return nil }
    documents -= 1
    document = document &+ varint()
    positions.removeAll(keepingCapacity: true)
    var position: UInt32 = 0
    // The last document's end is not written: the stream ends there. A first position is stored plus one.
    position = varint() &- 1
    positions.append(position)
    while !(documents == 0 && isAtEnd) {
      let gap = varint()
      if gap == 0 { break }
      position &+= gap
      positions.append(position)
    }
    return document &- 1
  }

  /// The next document and its occurrences, nil after the last. Their position values (the first position, then the
  /// differences less one) are put behind the `filled` that `piece` holds; when it is full, `take` gets it.
  @inline(__always)
  mutating func nextValues(
    _ piece: inout InlineArray<128, UInt32>, _ filled: inout Int, _ take: (Span<UInt32>) -> Void
  ) -> (document: UInt32, frequency: UInt32)? {
    guard documents > 0 else { return nil }
    documents -= 1
    document = document &+ varint()
    // What is written is a value plus one, so that 0 ends a document; the last document ends with the stream.
    let isLast = documents == 0
    var frequency: UInt32 = 0
    var value = varint()
    while value != 0 {
      piece[filled] = value &- 1
      filled &+= 1
      frequency &+= 1
      if filled == piece.count {
        take(piece.span)
        filled = 0
      }
      if isLast && isAtEnd { break }
      value = varint()
    }
    return (document &- 1, frequency)
  }

  /// The next document and its occurrences; nil after the last.
  mutating func nextFrequency() -> (document: UInt32, frequency: UInt32)? {
    guard documents > 0 else { return nil }
    documents -= 1
    document = document &+ varint()
    _ = varint()
    var frequency: UInt32 = 1
    while !(documents == 0 && isAtEnd) {
      if varint() == 0 { break }
      frequency &+= 1
    }
    return (document &- 1, frequency)
  }

  private var isAtEnd: Bool { at == end }

  @inline(__always)
  private mutating func varint() -> UInt32 {
    var value: UInt32 = 0
    var shift: UInt32 = 0
    while true {
      let next = byte()
      value |= UInt32(next & 0x7F) &<< shift
      if next < 0x80 { return value }
      shift &+= 7
    }
  }

  @inline(__always)
  private mutating func byte() -> UInt8 {
    if at == sliceEnd {
      at = unsafe base.loadUnaligned(fromByteOffset: Int(sliceEnd), as: UInt32.self)
      sliceBytes = TermTable.sliceBytes(after: sliceBytes)
      sliceEnd = at + UInt32(TermTable.payloadBytes(ofSlice: sliceBytes))
    }
    let value = unsafe base.load(fromByteOffset: Int(at), as: UInt8.self)
    at &+= 1
    return value
  }
}
