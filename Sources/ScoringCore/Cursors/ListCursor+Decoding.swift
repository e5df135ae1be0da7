internal import Base

extension ListCursor {
  /// Unpacks the documents of the block at the skip position and stands on its first.
  mutating func decodeDocuments() {
    let count = documentsOf(block: block)
    guard let unit = unit() else { return fail(.block) }
    let last = blockLast
    if unit.width == PostingListFormat.bitSetWidth {
      let found = unit.bytes.unpackBits(at: 0, byteCount: unit.documentBytes, first: blockPrevious &+ 1, into: documents)
      guard found == count else { return fail(.block) }
    } else if count == PostingListFormat.blockCount {
      unit.bytes.unpackAscendingBlock(at: 0, width: unit.width, previous: blockPrevious, into: documents)
    } else {
      unit.bytes.unpackStream(at: 0, width: unit.width, valueCount: count, into: documents)
      undoGaps(count: count, previous: blockPrevious)
    }
    // Up to 24 bits a gap the sum cannot pass 2^32, so the last document vouches for all of them.
    guard documents[count - 1] == last, unit.width <= 24 || unit.width == PostingListFormat.bitSetWidth || ascends(count)
    else { return fail(.block) }
    decodedBlock = block
    hasFrequencies = false
    positions.startBlock()
    index = 0
    document = documents[0]
    blocksDecoded &+= 1
    bytesTouched &+= unit.documentBytes
  }

  /// Unpacks the frequencies of the decoded block.
  mutating func decodeFrequencies() {
    // The skip position may stand on a later block than the decoded one only after the documents were left behind.
    assert(block == decodedBlock)
    let count = documentsOf(block: block)
    guard let unit = unit() else { return fail(.block) }
    if count == PostingListFormat.blockCount {
      unit.bytes.unpackBlock(at: unit.documentBytes, width: unit.frequencyWidth, into: frequencies)
    } else {
      unit.bytes.unpackStream(
        at: unit.documentBytes, width: unit.frequencyWidth, valueCount: count, into: frequencies)
    }
    bytesTouched &+= unit.bytes.count - unit.documentBytes
    for i in 0..<count { frequencies[i] = (frequencies[i] &+ 1) & 0x7FFF_FFFF }
    hasFrequencies = true
  }

  /// The current block's bytes, if its skip entry is possible and they are there.
  @inline(__always)
  func unit() -> (bytes: SegmentBytes, documentBytes: Int, width: UInt32, frequencyWidth: UInt32)? {
    let entry = entryOffset
    let place: UInt32 = pieces.integer(at: entry + PostingListFormat.Level1.unit)
    let frequencyWidth = UInt32(pieces.byte(at: entry + PostingListFormat.Level1.frequencyWidth))
    let width = place & UInt32(PostingListFormat.widthMask)
    let count = documentsOf(block: block)
    // `blockPrevious` is -1 before the first block: the difference is then the number of documents it may span.
    guard blockLast < documentCount, blockPrevious == .max || blockPrevious < blockLast, frequencyWidth <= 32 else {
      return nil
    }
    let documentBytes: Int
    if width <= 32 {
      documentBytes = PostingListFormat.packedBytes(count: count, width: width)
    } else {
      guard width == PostingListFormat.bitSetWidth, count == PostingListFormat.blockCount else { return nil }
      documentBytes = PostingListFormat.bitSetBytes(previous: blockPrevious, last: blockLast)
    }
    let address = base &+ UInt64(place >> UInt32(PostingListFormat.widthBits)) &* UInt64(PostingListFormat.unitBytes)
    let frequencyBytes = PostingListFormat.packedBytes(count: count, width: frequencyWidth)
    guard let bytes = extents.bytes(at: address, count: documentBytes + frequencyBytes) else { return nil }
    return (bytes, documentBytes, width, frequencyWidth)
  }

  /// Turns the first `count` gaps in `documents` into documents and puts terminators behind them.
  func undoGaps(count: Int, previous: DocID) {
    var document = previous
    for i in 0..<count {
      document = document &+ documents[i] &+ 1
      documents[i] = document
    }
    for i in count..<documents.count { documents[i] = .terminated }
  }

  /// Whether the first `count` documents ascend and exist.
  func ascends(_ count: Int) -> Bool {
    for i in 1..<max(count, 1) where documents[i] <= documents[i - 1] { return false }
    return documents[count - 1] < documentCount
  }
}
