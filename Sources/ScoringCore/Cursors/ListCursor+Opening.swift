internal import Base

extension ListCursor {
  /// Opens a list: reads the header of a long one, decodes an inline or short one. Stands before the first document.
  ///
  /// - Parameter usesBits: See `moves`.
  /// - Throws: `PostingError.header` or `.block` where the bytes contradict the reference.
  init(
    _ reference: PostingListReference, extents: ExtentMap, documentCount: UInt32, usesBits: Bool = false,
    arena: inout ScratchArena
  ) throws(PostingError) {
    let values = Self.buffers(&arena)
    let count = PostingListFormat.blockCount
    documents = values.part(from: 0, count: count + 1)
    frequencies = values.part(from: count + 16, count: count)
    let nothing = arena.copy([])
    positions = PositionState(values: values.part(from: 2 * count + 16, count: count), chunks: nothing)
    self.reference = reference
    self.extents = extents
    self.documentCount = documentCount
    self.usesBits = usesBits
    pieces = nothing
    bits = nothing
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
      documentsBlock = 0
      hasFrequencies = true
      guard ascends(lastBlockCount) else { throw .block }
      return
    }
    typealias Header = PostingListFormat.Header
    blockCount = (Int(reference.documentFrequency) + count - 1) / count
    lastBlockCount = Int(reference.documentFrequency) - (blockCount - 1) * count
    let pieceCount = PostingListFormat.pieceCount(documentFrequency: reference.documentFrequency)
    guard let header = extents.bytes(at: reference.address, count: Header.bytes(pieceCount: pieceCount)),
      let base = Self.address(before: reference.address, header, Header.base),
      let directory = Self.address(before: reference.address, header, Header.directory)
    else { throw .header }
    self.base = base
    level2 = header.part(from: Header.level2(pieceCount: pieceCount), count: pieceCount * PostingListFormat.Level2.bytes)
    listPairs = ImpactPairs(
      bits: pieceCount > 1
        ? header.integer(at: Header.pairs) : level2.integer(at: PostingListFormat.Level2.pairs))
    if reference.hasPositions {
      positions.directory = directory
      positions.blockCount = Int((reference.totalFrequency + UInt64(count) - 1) / UInt64(count))
      positions.openDirectory(extents)
    }
    guard loadPiece(0) else { throw .header }
    pieces.prefetch(at: unitsStart)
    pieces.prefetch(at: unitsStart + 64)
  }

  /// Room for the documents of a block and sixteen terminators behind them, for its frequencies, and for positions.
  @inline(__always)
  private static func buffers(_ arena: inout ScratchArena) -> Slots<UInt32> {
    let count = PostingListFormat.blockCount
    let values = arena.unwritten(3 * count + 16, of: UInt32.self)
    values.part(from: 0, count: count + 16).fill(.terminated)
    return values
  }

  /// The address that a header's distance leads to; nil where that is before the segment.
  private static func address(before address: UInt64, _ header: SegmentBytes, _ field: Int) -> UInt64? {
    let distance = UInt64(header.integer(at: field, as: UInt32.self)) * UInt64(PostingListFormat.offsetBytes)
    return distance <= address ? address - distance : nil
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
      let values = Self.buffers(&arena)
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
    let isOnceEach = reference.isOnceEach
    var document = UInt64.max  // -1
    var total = 0
    for i in 0..<lastBlockCount {
      let gap = try varint(&offset)
      document = document &+ (isOnceEach ? gap : gap >> 1) &+ 1
      guard document < UInt64(documentCount) else { throw .block }
      documents[i] = UInt32(document)
      let frequency = isOnceEach || gap & 1 == 1 ? 1 : try varint(&offset) &+ 2
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
    guard var end = bytes.unpackRice(at: 0, valueCount: lastBlockCount, into: documents) else { throw .block }
    undoGaps(count: lastBlockCount, previous: .max)
    if reference.isOnceEach {
      for i in 0..<lastBlockCount { frequencies[i] = 1 }
    } else {
      guard let next = bytes.unpackRice(at: end, valueCount: lastBlockCount, into: frequencies) else { throw .block }
      for i in 0..<lastBlockCount { frequencies[i] = (frequencies[i] &+ 1) & 0x7FFF_FFFF }
      end = next
    }
    positions.chunks = bytes
    positions.firstChunkOffset = end
    positions.nextChunkOffset = end
  }
}
