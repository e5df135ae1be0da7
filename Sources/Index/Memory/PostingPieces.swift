internal import CKernels

/// Takes the postings of words out of a `TermTable`, some documents at a time.
///
/// A word's slices are put end to end, as far as they hold whole documents, and taken apart by a kernel. Used for one word
/// after the other. Memory: some ten times the bytes of a piece, 4 KiB or a document's if it has more.
@safe
struct PostingPieces {
  // SAFETY (whole type): the kernel gets arrays as large as its contract says.

  /// Where the walk over one word stands.
  struct Walk {
    fileprivate var stream: TermStream
    /// Bytes at the beginning of `piece` that belong to the next documents.
    fileprivate var keptBytes = 0
    /// The last document so far, plus one.
    fileprivate var document: UInt32 = 0

    init(_ stream: TermStream) { self.stream = stream }
  }

  private var piece: [UInt8] = []
  /// Documents of the piece.
  private(set) var count = 0
  /// The documents, ascending; what is behind `count` has no meaning.
  private(set) var documents: [UInt32] = []
  /// Where the values of each end.
  private(set) var ends: [UInt32] = []
  /// For each document the first position, then the differences less one.
  private(set) var values: [UInt32] = []

  /// Bytes of a piece, unless one document has more.
  private static let pieceBytes = 4_096

  /// Values of all documents of the piece.
  var valueCount: Int { count == 0 ? 0 : Int(ends[count - 1]) }

  /// How often the word is in a document of the piece.
  @inline(__always)
  func frequency(_ place: Int) -> UInt32 { ends[place] &- (place == 0 ? 0 : ends[place &- 1]) }

  /// The positions in a document of the piece, once: they are put in the place of its values.
  @_lifetime(&self)
  mutating func takePositions(_ place: Int) -> Span<UInt32> {
    let range = Int(place == 0 ? 0 : ends[place - 1])..<Int(ends[place])
    var position = UInt32.max
    for i in range {
      position &+= values[i] &+ 1
      values[i] = position
    }
    return values.span.extracting(range)
  }

  /// Goes to the next documents of a word; false where there are no more.
  mutating func next(_ walk: inout Walk) -> Bool {
    if walk.keptBytes == 0, walk.stream.isInLastSlice {
      guard let bytes = unsafe walk.stream.next() else { return false }
      unsafe split(bytes, &walk)
      return true
    }
    piece.removeLast(piece.count - walk.keptBytes)
    // A 0 ends a document, and is nowhere else.
    var whole = 0
    while piece.count < Self.pieceBytes || whole == 0 {
      guard let bytes = unsafe walk.stream.next() else { break }
      unsafe piece.append(contentsOf: bytes)
      if piece.count >= Self.pieceBytes { whole = (piece.lastIndex(of: 0) ?? -1) + 1 }
    }
    if piece.isEmpty { return false }
    // The last document of all has no end.
    if walk.stream.isAtEnd { whole = piece.count }
    var taken: [UInt8] = []
    swap(&taken, &piece)
    unsafe taken.withUnsafeBytes { unsafe split(UnsafeRawBufferPointer(rebasing: $0[..<whole]), &walk) }
    taken.removeSubrange(..<whole)
    walk.keptBytes = taken.count
    swap(&taken, &piece)
    return true
  }

  private mutating func split(_ bytes: UnsafeRawBufferPointer, _ walk: inout Walk) {
    let slack = Int(KWIC_SPLIT_SLACK)
    if values.count < bytes.count + slack {
      values = Array(repeating: 0, count: 2 * bytes.count + slack)
      documents = Array(repeating: 0, count: bytes.count + 1 + slack)
      ends = documents
    }
    var document = walk.document
    unsafe documents.withUnsafeMutableBufferPointer { documents in
      let stream = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
      unsafe count = kwic_split_postings(stream, bytes.count, documents.baseAddress, &ends, &values)
      // Gaps become documents; what is written is one more.
      for place in 0..<count {
        unsafe document &+= documents[place]
        unsafe documents[place] = document &- 1
      }
    }
    walk.document = document
  }
}
