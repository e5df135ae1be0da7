internal import Base

extension ListCursor {
  /// Opens a list: reads the header of a long one, decodes an inline or short one. Stands before the first document.
  ///
  /// - Throws: `PostingError.header` or `.block` where the bytes contradict the reference.
  init(
    _ reference: PostingListReference, extents: ExtentMap, documentCount: UInt32, arena: inout ScratchArena
  ) throws(PostingError) {
    let values = arena.slots(3 * PostingListFormat.blockCount + 16, repeating: DocID.terminated)
    let count = PostingListFormat.blockCount
    documents = values.part(from: 0, count: count + 1)
    frequencies = values.part(from: count + 16, count: count)
    let nothing = arena.copy([])
    positions = PositionState(values: values.part(from: 2 * count + 16, count: count), chunks: nothing)
    self.reference = reference
    self.extents = extents
    self.documentCount = documentCount
    pieces = nothing
    guard reference.layout == .long else {
      blockCount = 1
      lastBlockCount = Int(reference.documentFrequency)
      base = 0
      level2 = nothing
      listPairs = ImpactPairs()
      if reference.layout == .inline { try decodeInline() } else { try decodeShort(&arena) }
      blockLast = documents[lastBlockCount - 1]
      document = documents[0]
      decodedBlock = 0
      hasFrequencies = true
      guard ascends(lastBlockCount) else { throw .block }
      return
    }
    typealias Header = PostingListFormat.Header
    guard let header = extents.bytes(at: reference.address, count: Header.bytes) else { throw .header }
    base = header.integer(at: Header.base)
    blockCount = Int(header.integer(at: Header.blockCount, as: UInt32.self))
    lastBlockCount = Int(reference.documentFrequency) - (blockCount - 1) * count
    listPairs = ImpactPairs(bits: header.integer(at: Header.pairs))
    let pieceCount = (blockCount + PostingListFormat.pieceBlocks - 1) / PostingListFormat.pieceBlocks
    let level2Bytes = extents.bytes(
      at: header.integer(at: Header.level2), count: pieceCount * PostingListFormat.Level2.bytes)
    guard (1...count).contains(lastBlockCount), base <= extents.byteCount, let level2Bytes else { throw .header }
    level2 = level2Bytes
    positions.directory = header.integer(at: Header.positionDirectory)
    positions.blockCount = Int(header.integer(at: Header.positionBlockCount, as: UInt32.self))
    for i in 0..<Header.wrapCount { positions.wraps[i] = header.integer(at: Header.wraps + 4 * i) }
    let positionBlocks = reference.hasPositions ? (Int(reference.totalFrequency) + count - 1) / count : 0
    guard positions.blockCount == positionBlocks, positions.directory <= extents.byteCount,
      UInt64(4 * positionBlocks) <= extents.byteCount
    else { throw .header }
    guard loadPiece(0) else { throw .header }
  }

  /// A second cursor over the same list, before its first document. Only for a list that has not been moved yet.
  func twin(_ arena: inout ScratchArena) -> ListCursor {
    // An inline or short list was decoded once and for all: both may read the same buffers, but for the positions.
    var twin = self
    twin.blocksDecoded = 0
    twin.positionsDecoded = 0
    twin.bytesTouched = 0
    let count = PostingListFormat.blockCount
    if isLong {
      let values = arena.slots(3 * count + 16, repeating: DocID.terminated)
      twin.documents = values.part(from: 0, count: count + 1)
      twin.frequencies = values.part(from: count + 16, count: count)
      twin.positions.values = values.part(from: 2 * count + 16, count: count)
    }
    return twin
  }

  /// The whole list from the bytes of the dictionary entry.
  private mutating func decodeInline() throws(PostingError) {
    var offset = 0
    func varint(_ offset: inout Int) throws(PostingError) -> UInt64 {
      var value: UInt64 = 0
      for shift in stride(from: UInt64(0), to: 63, by: 7) {
        guard offset < reference.byteCount else { throw .block }
        let byte = reference.inlineByte(offset)
        offset += 1
        value |= UInt64(byte & 0x7F) << shift
        if byte < 0x80 { return value }
      }
      throw .block
    }
    var document = UInt64.max  // -1
    var total = 0
    for i in 0..<lastBlockCount {
      let gap = try varint(&offset)
      document = document &+ gap >> 1 &+ 1
      guard document < UInt64(documentCount) else { throw .block }
      documents[i] = UInt32(document)
      let frequency = gap & 1 == 1 ? 1 : try varint(&offset) &+ 2
      guard frequency <= UInt64(Int32.max) else { throw .block }
      frequencies[i] = UInt32(frequency)
      guard reference.hasPositions else { continue }
      guard frequency <= UInt64(PostingListFormat.inlineBytesMax) else { throw .block }
      for _ in 0..<frequency {
        positions.values[total] = UInt32(truncatingIfNeeded: try varint(&offset))
        total += 1
      }
    }
    positions.block = 0
    guard offset == reference.byteCount, !reference.hasPositions || total == Int(reference.totalFrequency) else {
      throw .block
    }
  }

  /// Documents and frequencies of a short list; its positions stay packed.
  private mutating func decodeShort(_ arena: inout ScratchArena) throws(PostingError) {
    let bytes: SegmentBytes
    if let together = extents.bytes(at: reference.address, count: reference.byteCount) {
      bytes = together
    } else if let copy = extents.copyBytes(at: reference.address, count: reference.byteCount) {
      bytes = arena.copy(copy)
    } else {
      throw .block
    }
    guard bytes.count >= 2 else { throw .block }
    let documentWidth = UInt32(bytes.byte(at: 0))
    let frequencyWidth = UInt32(bytes.byte(at: 1))
    guard documentWidth <= 32, frequencyWidth <= 32 else { throw .block }
    let frequencyOffset = 2 + PostingListFormat.packedBytes(count: lastBlockCount, width: documentWidth)
    let end = frequencyOffset + PostingListFormat.packedBytes(count: lastBlockCount, width: frequencyWidth)
    guard end <= bytes.count else { throw .block }
    bytes.unpackStream(at: 2, width: documentWidth, valueCount: lastBlockCount, into: documents)
    undoGaps(count: lastBlockCount, previous: .max)
    bytes.unpackStream(at: frequencyOffset, width: frequencyWidth, valueCount: lastBlockCount, into: frequencies)
    for i in 0..<lastBlockCount { frequencies[i] = (frequencies[i] &+ 1) & 0x7FFF_FFFF }
    positions.chunks = bytes
    positions.firstChunkOffset = end
    positions.nextChunkOffset = end
  }
}
