internal import Base

/// Documents as bits of a window: what counting needs of a list, and nothing is unpacked that is a bit set already.
extension ListCursor {
  /// Sets the bits of the list's documents from `start`, the document of bit 0, to `end`, which is inside the window or its
  /// end. Windows ascend.
  /// - Returns: A document that none of the list's from `end` on is below; `terminated` where none follow.
  mutating func mark(from start: DocID, to end: DocID, in window: Slots<UInt64>) -> DocID {
    seekBlock(start)
    while !isExhausted {
      let first = blockPrevious &+ 1
      if first >= end { return first }
      if !markBitSet(start, window) {
        if decodedBlock != block { decodeDocuments() }
        guard !isExhausted else { break }
        window.mark(documents, count: documentsOf(block: block), start: start)
      }
      if blockLast >= end { return end }
      seekBlock(blockLast &+ 1)
    }
    return .terminated
  }

  /// Takes the block's bits over as they are; false where it is none of bits.
  private mutating func markBitSet(_ start: DocID, _ window: Slots<UInt64>) -> Bool {
    guard isLong, decodedBlock != block, let unit = unit(), unit.width == PostingListFormat.bitSetWidth else {
      return false
    }
    let byteCount = unit.end - unit.start
    let count = pieces.markBits(
      at: unit.start, byteCount: byteCount, offset: Int64(blockPrevious &+ 1) - Int64(start), in: window)
    if count != PostingListFormat.blockCount { fail(.block) }
    bytesTouched &+= byteCount
    return true
  }
}
