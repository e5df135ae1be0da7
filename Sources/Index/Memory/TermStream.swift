internal import CKernels

/// The stream of one word of a `TermTable`, slice by slice.
@safe
struct TermStream {
  // SAFETY (whole type): the arena outlives the walk; offsets were written by the table, and `end` bounds the walk.
  private let base: UnsafeRawPointer
  private var at: UInt32
  private var sliceBytes = TermTable.firstSlice
  /// Where the stream ends: the table's next byte would go here.
  private let end: UInt32
  private(set) var isAtEnd = false

  init(entry: TermTable.Entry, base: UnsafeRawPointer) {
    unsafe self.base = base
    at = entry.head
    end = entry.stream.write
  }

  /// Whether what comes next is the last slice.
  var isInLastSlice: Bool {
    end >= at && end <= at &+ UInt32(truncatingIfNeeded: TermTable.payloadBytes(ofSlice: sliceBytes))
  }

  /// The bytes of the next slice; nil after the last.
  mutating func next() -> UnsafeRawBufferPointer? {
    if isAtEnd { return nil }
    let start = at
    if isInLastSlice {
      isAtEnd = true
      return unsafe UnsafeRawBufferPointer(start: base + Int(start), count: Int(end &- start))
    }
    let payloadBytes = TermTable.payloadBytes(ofSlice: sliceBytes)
    at = unsafe base.loadUnaligned(fromByteOffset: Int(start) + payloadBytes, as: UInt32.self)
    sliceBytes = TermTable.sliceBytes(after: sliceBytes)
    return unsafe UnsafeRawBufferPointer(start: base + Int(start), count: payloadBytes)
  }
}
