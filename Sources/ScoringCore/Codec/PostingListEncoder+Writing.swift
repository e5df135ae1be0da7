public import Base

extension PostingListEncoder {
  /// Writes the list behind what `writer` holds and returns the payload of its dictionary entry; then call `reset`.
  ///
  /// - Throws: What the writer's emitter throws.
  /// - Precondition: At least one document was added.
  public mutating func finish<E: Error>(into writer: inout ExtentWriter<E>) throws(E) -> [UInt8] {
    precondition(documentFrequency > 0, "a list has documents")
    var payload: [UInt8] = []
    if let list = inlineList() {
      appendCounts(isInline: true, to: &payload)
      payload.append(contentsOf: list)
      return payload
    }
    appendCounts(isInline: false, to: &payload)
    if documentFrequency < UInt32(PostingListFormat.blockCount) {
      let list = shortList()
      let address =
        list.count <= PostingListFormat.shortTogetherBytesMax
        ? try writer.appendTogether(list.span) : try writer.append(list.span)
      Varint.append(address, to: &payload)
      Varint.append(UInt64(list.count), to: &payload)
    } else {
      Varint.append(try writeLongList(into: &writer), to: &payload)
    }
    return payload
  }

  /// What every payload begins with.
  private func appendCounts(isInline: Bool, to payload: inout [UInt8]) {
    let surplus = totalFrequency - UInt64(documentFrequency)
    Varint.append(UInt64(documentFrequency) << 2 | (surplus == 0 ? 2 : 0) | (isInline ? 1 : 0), to: &payload)
    if surplus > 0 { Varint.append(surplus - 1, to: &payload) }
  }

  // MARK: - Inline and short lists

  /// The list as it stands in the dictionary entry, or nil where it is too long for that.
  private func inlineList() -> [UInt8]? {
    guard documentFrequency <= UInt32(PostingListFormat.inlineDocumentsMax), positionWidths.isEmpty else { return nil }
    var list: [UInt8] = []
    var position = 0
    for i in 0..<pendingCount {
      let extra = frequenciesLessOne[i]
      Varint.append(UInt64(gaps[i]) << 1 | (extra == 0 ? 1 : 0), to: &list)
      if extra > 0 { Varint.append(extra - 1, to: &list) }
      guard withPositions else { continue }
      for _ in 0...extra {
        Varint.append(positionValues[position], to: &list)
        position += 1
      }
    }
    return list.count <= PostingListFormat.inlineBytesMax ? list : nil
  }

  /// Widths, gaps, frequencies, then position chunks, each behind its width.
  private mutating func shortList() -> [UInt8] {
    let documentWidth = BlockPacking.width(gaps, count: pendingCount)
    let frequencyWidth = BlockPacking.width(frequenciesLessOne, count: pendingCount)
    var list = [UInt8(documentWidth), UInt8(frequencyWidth)]
    BlockPacking.appendStream(gaps, width: documentWidth, count: pendingCount, to: &list)
    BlockPacking.appendStream(frequenciesLessOne, width: frequencyWidth, count: pendingCount, to: &list)
    closeLastPositionBlock()
    var start = 0
    for chunk in positionWidths.indices {
      let end = start + positionBlockBytes(chunk)
      list.append(positionWidths[chunk])
      list.append(contentsOf: positionBytes[start..<end])
      start = end
    }
    return list
  }

  /// Bytes of one position block: whole rows, or the bit stream of the last values.
  private func positionBlockBytes(_ block: Int) -> Int {
    let count = min(Int(totalFrequency) - block * PostingListFormat.blockCount, PostingListFormat.blockCount)
    return PostingListFormat.packedBytes(count: count, width: UInt32(positionWidths[block]))
  }

  // MARK: - Long lists

  /// Writes units, positions, directory, skip entries and header; returns the header's address.
  private mutating func writeLongList<E: Error>(into writer: inout ExtentWriter<E>) throws(E) -> UInt64 {
    closeLastBlock()
    closeLastPositionBlock()
    let base = try writer.reserve(blocks[0].end, alignment: PostingListFormat.unitBytes)
    let units = try writeUnits(into: &writer, base: base)
    let (directory, wraps) = try writePositions(into: &writer, base: base)
    let level2 = try writeSkipEntries(into: &writer, base: base, units: units)

    var header: [UInt8] = []
    header.appendInteger(base)
    header.appendInteger(directory)
    header.appendInteger(level2)
    header.appendInteger(UInt32(blocks.count))
    header.appendInteger(UInt32(positionWidths.count))
    header.appendInteger(listFront.pairs().bits)
    for wrap in wraps { header.appendInteger(wrap) }
    header.append(contentsOf: repeatElement(0, count: PostingListFormat.Header.bytes - header.count))
    return try writer.appendTogether(header.span, alignment: PostingListFormat.unitBytes)
  }

  /// Writes the document units. Returns their offsets from `base` in units of 16 bytes.
  private func writeUnits<E: Error>(into writer: inout ExtentWriter<E>, base: UInt64) throws(E) -> [UInt64] {
    var units: [UInt64] = []
    units.reserveCapacity(blocks.count)
    var start = 0
    for block in blocks {
      let unit = documentBytes.span.extracting(start..<block.end)
      let address = try writer.appendTogether(unit, alignment: PostingListFormat.unitBytes)
      units.append((address - base) / UInt64(PostingListFormat.unitBytes))
      start = block.end
    }
    return units
  }

  /// Writes the position blocks and their directory. Returns the directory's address and the wrap blocks.
  private func writePositions<E: Error>(
    into writer: inout ExtentWriter<E>, base: UInt64
  ) throws(E) -> (directory: UInt64, wraps: [UInt32]) {
    var wraps = [UInt32](repeating: .max, count: PostingListFormat.Header.wrapCount)
    guard withPositions else { return (0, wraps) }
    var entries: [UInt8] = []
    entries.reserveCapacity(4 * positionWidths.count)
    var start = 0
    var gigabytes = 0
    for block in positionWidths.indices {
      let end = start + positionBlockBytes(block)
      let address = try writer.appendTogether(
        positionBytes.span.extracting(start..<end), alignment: PostingListFormat.unitBytes)
      let unit = (address - base) / UInt64(PostingListFormat.unitBytes)
      while unit >> PostingListFormat.offsetBits > UInt64(gigabytes) {
        precondition(gigabytes < wraps.count, "more words than a segment may have")
        wraps[gigabytes] = UInt32(block)
        gigabytes += 1
      }
      entries.appendInteger(PostingListFormat.place(unit: unit, width: UInt32(positionWidths[block])))
      start = end
    }
    try writer.reserve(4, alignment: 4)
    return (try writer.append(entries.span), wraps)
  }

  /// Writes the level-1 entries in pieces of 32, then the level-2 entries. Returns the address of the latter.
  private func writeSkipEntries<E: Error>(
    into writer: inout ExtentWriter<E>, base: UInt64, units: [UInt64]
  ) throws(E) -> UInt64 {
    var level2: [UInt8] = []
    var first = 0
    while first < blocks.count {
      let end = min(first + PostingListFormat.pieceBlocks, blocks.count)
      var piece: [UInt8] = []
      for i in first..<end {
        let block = blocks[i]
        precondition(units[i] >> PostingListFormat.offsetBits == 0, "more documents than a segment may have")
        piece.appendInteger(block.last)
        piece.appendInteger(PostingListFormat.place(unit: units[i], width: block.documentWidth))
        piece.appendInteger(block.positionsBefore)
        piece.append(UInt8(block.frequencyWidth))
        piece.append(UInt8((0..<ImpactPairs.count).count { block.pairs[$0].frequency > 0 }))
        piece.appendInteger(UInt16(0))
        piece.appendInteger(block.pairs.bits)
      }
      let address = try writer.appendTogether(piece.span, alignment: 8)
      level2.appendInteger(blocks[end - 1].last)
      level2.appendInteger(UInt32((address - base) / 8))
      level2.appendInteger(piecePairs[first / PostingListFormat.pieceBlocks].bits)
      first = end
    }
    return try writer.appendTogether(level2.span, alignment: 8)
  }
}
