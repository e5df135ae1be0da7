public import Base

extension PostingListEncoder {
  /// Writes the list behind what `writer` holds and returns the payload of its dictionary entry; then call `reset`.
  ///
  /// - Throws: What the writer's emitter throws.
  /// - Precondition: At least one document was added.
  public mutating func finish<E: Error>(into writer: inout ExtentWriter<E>) throws(E) -> [UInt8] {
    var payload: [UInt8] = []
    try finish(into: &writer, payload: &payload)
    return payload
  }

  /// The same, the payload appended to an array that can be used again.
  public mutating func finish<E: Error>(into writer: inout ExtentWriter<E>, payload: inout [UInt8]) throws(E) {
    precondition(documentFrequency > 0, "a list has documents")
    if makeInlineList() {
      appendCounts(isInline: true, to: &payload)
      payload.append(contentsOf: list)
      return
    }
    appendCounts(isInline: false, to: &payload)
    if documentFrequency < UInt32(PostingListFormat.blockCount) {
      makeShortList()
      let address =
        list.count <= PostingListFormat.shortTogetherBytesMax
        ? try writer.appendTogether(list.span) : try writer.append(list.span)
      Varint.append(address, to: &payload)
      Varint.append(UInt64(list.count), to: &payload)
    } else {
      Varint.append(try writeLongList(into: &writer), to: &payload)
    }
  }

  /// Whether no document has the word twice: then nothing is said of frequencies.
  private var isOnceEach: Bool { totalFrequency == UInt64(documentFrequency) }

  /// What every payload begins with.
  private func appendCounts(isInline: Bool, to payload: inout [UInt8]) {
    Varint.append(UInt64(documentFrequency) << 2 | (isOnceEach ? 2 : 0) | (isInline ? 1 : 0), to: &payload)
    if !isOnceEach { Varint.append(totalFrequency - UInt64(documentFrequency) - 1, to: &payload) }
  }

  // MARK: - Inline and short lists

  /// Makes the list as it stands in the dictionary entry; false where it is too long for that.
  private mutating func makeInlineList() -> Bool {
    guard documentFrequency <= UInt32(PostingListFormat.inlineDocumentsMax), positionCodes.isEmpty else { return false }
    list.removeAll(keepingCapacity: true)
    var position = 0
    for i in 0..<pendingCount {
      let extra = frequenciesLessOne[i]
      if isOnceEach {
        Varint.append(gaps[i], to: &list)
      } else {
        Varint.append(UInt64(gaps[i]) << 1 | (extra == 0 ? 1 : 0), to: &list)
        if extra > 0 { Varint.append(extra - 1, to: &list) }
      }
      guard withPositions else { continue }
      for _ in 0...extra {
        Varint.append(positionValues[position], to: &list)
        position += 1
      }
    }
    return list.count <= PostingListFormat.inlineBytesMax
  }

  /// Gaps, frequencies, the full position chunks with their patches, the rest of the positions.
  private mutating func makeShortList() {
    list.removeAll(keepingCapacity: true)
    BlockPacking.appendRice(gaps.span, count: pendingCount, to: &list)
    if !isOnceEach { BlockPacking.appendRice(frequenciesLessOne.span, count: pendingCount, to: &list) }
    var start = 0
    for (chunk, code) in positionCodes.enumerated() {
      let end = start + positionBlockBytes(chunk)
      list.append(UInt8(code & PostingListFormat.Directory.widthMask))
      list.append(UInt8(code >> PostingListFormat.Directory.widthBits))
      list.append(contentsOf: positionBytes[start..<end])
      start = end
    }
    if pendingPositionCount > 0 { BlockPacking.appendRice(positionValues.span, count: pendingPositionCount, to: &list) }
  }

  /// Bytes of one position block: whole rows, or the bit stream of the last values; and its patches.
  private func positionBlockBytes(_ block: Int) -> Int {
    let count = min(Int(totalFrequency) - block * PostingListFormat.blockCount, PostingListFormat.blockCount)
    let width = UInt32(positionCodes[block] & PostingListFormat.Directory.widthMask)
    return PostingListFormat.packedBytes(count: count, width: width)
      + Int(positionCodes[block] >> PostingListFormat.Directory.widthBits)
  }

  // MARK: - Long lists

  /// Writes pieces, positions, directory and header; returns the header's address.
  private mutating func writeLongList<E: Error>(into writer: inout ExtentWriter<E>) throws(E) -> UInt64 {
    closeLastBlock()
    closeLastPositionBlock()
    let base = try writer.reserve(PostingListFormat.offsetBytes, alignment: PostingListFormat.offsetBytes)
    let level2 = try writePieces(into: &writer, base: base)
    let directory = try writePositions(into: &writer, base: base)
    let byteCount = PostingListFormat.Header.bytes(pieceCount: piecePairs.count)
    let address = try writer.reserve(byteCount, alignment: PostingListFormat.offsetBytes)
    var header: [UInt8] = []
    header.reserveCapacity(byteCount)
    header.appendInteger(Self.offset(from: base, to: address))
    header.appendInteger(Self.offset(from: directory ?? base, to: address))
    if piecePairs.count > 1 { header.appendInteger(listFront.pairs().bits) }
    header.append(contentsOf: level2)
    return try writer.appendTogether(header.span)
  }

  /// An offset in the unit of the format.
  private static func offset(from start: UInt64, to end: UInt64) -> UInt32 {
    let unit = UInt64(PostingListFormat.offsetBytes)
    precondition((end - start).isMultiple(of: unit) && (end - start) / unit <= UInt64(UInt32.max), "no such long list")
    return UInt32((end - start) / unit)
  }

  /// Writes the pieces: 32 level-1 entries and the units they speak of, together. Returns the level-2 entries.
  private func writePieces<E: Error>(into writer: inout ExtentWriter<E>, base: UInt64) throws(E) -> [UInt8] {
    var level2: [UInt8] = []
    var start = 0
    for first in stride(from: 0, to: blocks.count, by: PostingListFormat.pieceBlocks) {
      let end = min(first + PostingListFormat.pieceBlocks, blocks.count)
      var piece: [UInt8] = []
      var unit = start
      for block in blocks[first..<end] {
        piece.appendInteger(block.last)
        piece.appendInteger(block.positionsBefore)
        piece.appendInteger(block.pairs.bits)
        piece.appendInteger(UInt16(unit - start))
        piece.append(block.documentWidth)
        piece.append(block.frequencyWidth)
        unit = block.end
      }
      piece.append(contentsOf: documentBytes[start..<unit])
      start = unit
      let address = try writer.appendTogether(piece.span, alignment: PostingListFormat.offsetBytes)
      level2.appendInteger(blocks[end - 1].last)
      level2.appendInteger(Self.offset(from: base, to: address))
      level2.appendInteger(piecePairs[first / PostingListFormat.pieceBlocks].bits)
    }
    return level2
  }

  /// Writes the position blocks and their directory. Returns the directory's address; nil for a list without positions.
  private func writePositions<E: Error>(
    into writer: inout ExtentWriter<E>, base: UInt64
  ) throws(E) -> UInt64? {
    guard withPositions else { return nil }
    typealias Directory = PostingListFormat.Directory
    var offsets: [UInt8] = []
    var start = 0
    for first in stride(from: 0, to: positionCodes.count, by: Directory.groupBlocks) {
      var end = start
      for block in first..<min(first + Directory.groupBlocks, positionCodes.count) { end += positionBlockBytes(block) }
      let address = try writer.appendTogether(
        positionBytes.span.extracting(start..<end), alignment: PostingListFormat.offsetBytes)
      offsets.appendInteger(Self.offset(from: base, to: address))
      start = end
    }
    var codes: [UInt8] = []
    codes.reserveCapacity(Directory.codesBytes(blockCount: positionCodes.count))
    for code in positionCodes { codes.appendInteger(code) }
    codes.append(contentsOf: repeatElement(0, count: Directory.codesBytes(blockCount: positionCodes.count) - codes.count))
    try writer.reserve(Directory.groupBlocks * Directory.codeBytes, alignment: Directory.groupBlocks * Directory.codeBytes)
    let address = try writer.append(codes.span)
    try writer.append(offsets.span)
    return address
  }
}
