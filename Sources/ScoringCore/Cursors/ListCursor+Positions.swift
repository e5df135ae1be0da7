internal import Base

/// Where a cursor is in the positions of its list.
struct PositionState: BitwiseCopyable {
  /// Decoded values of position block `block`; -1 for none.
  var values: Slots<UInt32>
  var block = -1
  /// Bits of each of them; 32 where nobody knows.
  var width: UInt32 = 32

  // The documents of the decoded block before `prefixIndex` have `prefixSum` positions.
  var prefixIndex = 0
  var prefixSum = 0

  // Long lists: address of the directory, its length, and the blocks where offsets wrap.
  var directory: UInt64 = 0
  var blockCount = 0
  var wraps = InlineArray<3, UInt32>(repeating: .max)

  // Short lists: the bytes from the first chunk on, and where the next chunk to be read begins.
  var chunks: SegmentBytes
  var firstChunkOffset = 0
  var nextChunk = 0
  var nextChunkOffset = 0

  init(values: Slots<UInt32>, chunks: SegmentBytes) {
    self.values = values
    self.chunks = chunks
  }

  @inline(__always)
  mutating func startBlock() {
    prefixIndex = 0
    prefixSum = 0
  }
}

extension ListCursor {
  /// Writes the positions of the current document to `target` from `start` on; there must be room for `frequency()`.
  /// False, with `failure` set, where the bytes are wrong.
  mutating func readPositions(into target: Slots<UInt32>, at start: Int) -> Bool {
    let count = Int(frequency())
    guard !isExhausted else { return failPositions() }
    var from = positionsBefore()
    guard reference.hasPositions, from + count <= Int(reference.totalFrequency) else { return failPositions() }
    var written = start
    let end = start + count
    // 64 bits wide: positions ascend whatever the bytes, and if the last one fits into 32 bits all do.
    var next: UInt64 = 0
    while written < end {
      guard loadPositionBlock(from >> 7) else { return failPositions() }
      let offset = from & 127
      let part = min(end - written, PostingListFormat.blockCount - offset)
      positions.values.ascend(
        from: offset, count: part, previous: UInt32(truncatingIfNeeded: next) &- 1, into: target, at: written)
      // Up to 24 bits a gap 128 of them cannot wrap around: the last position tells how far they went.
      let last = UInt64(target[written + part - 1]) + 1
      next = positions.width <= 24 && last > next
        ? last : next + UInt64(part) + UInt64(positions.values.sum(count: part, from: offset))
      written += part
      from += part
    }
    return next <= UInt64(UInt32.max) || failPositions()
  }

  /// Positions of the list before the current document's.
  private mutating func positionsBefore() -> Int {
    if positions.prefixIndex > index { positions.startBlock() }
    var sum = positions.prefixSum
    sum &+= frequencies.sum(count: index - positions.prefixIndex, from: positions.prefixIndex)
    positions.prefixIndex = index
    positions.prefixSum = sum
    guard isLong else { return sum }
    let before: UInt32 = pieces.integer(at: entryOffset + PostingListFormat.Level1.positionsBefore)
    return Int(before) + sum
  }

  private mutating func failPositions() -> Bool {
    fail(.positions)
    return false
  }

  @inline(__always)
  private mutating func loadPositionBlock(_ block: Int) -> Bool {
    if positions.block == block { return true }
    positionsDecoded &+= PostingListFormat.blockCount
    switch reference.layout {
    case .inline: return false  // all of them were decoded at open
    case .short: return loadChunk(block)
    case .long: return loadLongBlock(block)
    }
  }

  /// Values of position block `block`.
  private func valueCount(_ block: Int) -> Int {
    min(Int(reference.totalFrequency) - block * PostingListFormat.blockCount, PostingListFormat.blockCount)
  }

  private mutating func loadLongBlock(_ block: Int) -> Bool {
    guard block < positions.blockCount,
      let entry = extents.bytes(at: positions.directory &+ UInt64(4 * block), count: 4)
    else { return false }
    let place: UInt32 = entry.integer(at: 0)
    let width = place & UInt32(PostingListFormat.widthMask)
    guard width <= 32 else { return false }
    var unit = UInt64(place >> UInt32(PostingListFormat.widthBits))
    for i in 0..<PostingListFormat.Header.wrapCount where positions.wraps[i] <= UInt32(truncatingIfNeeded: block) {
      unit &+= 1 << PostingListFormat.offsetBits
    }
    let count = valueCount(block)
    let bytes = extents.bytes(
      at: base &+ unit &* UInt64(PostingListFormat.unitBytes),
      count: PostingListFormat.packedBytes(count: count, width: width))
    guard let bytes else { return false }
    bytesTouched &+= bytes.count
    unpack(bytes, at: 0, width: width, count: count)
    positions.block = block
    return true
  }

  /// Chunks of a short list stand one behind the other; who reads a document twice walks from the first again.
  private mutating func loadChunk(_ block: Int) -> Bool {
    if positions.nextChunk > block {
      positions.nextChunk = 0
      positions.nextChunkOffset = positions.firstChunkOffset
    }
    while true {
      let chunk = positions.nextChunk
      guard positions.nextChunkOffset < positions.chunks.count else { return false }
      let width = UInt32(positions.chunks.byte(at: positions.nextChunkOffset))
      let count = valueCount(chunk)
      let offset = positions.nextChunkOffset + 1
      guard width <= 32, count > 0 else { return false }
      let end = offset + PostingListFormat.packedBytes(count: count, width: width)
      guard end <= positions.chunks.count else { return false }
      positions.nextChunk = chunk + 1
      positions.nextChunkOffset = end
      if chunk == block {
        bytesTouched &+= end - offset
        unpack(positions.chunks, at: offset, width: width, count: count)
        positions.block = block
        return true
      }
    }
  }

  private mutating func unpack(_ bytes: SegmentBytes, at offset: Int, width: UInt32, count: Int) {
    positions.width = width
    if count == PostingListFormat.blockCount {
      bytes.unpackBlock(at: offset, width: width, into: positions.values)
    } else {
      bytes.unpackStream(at: offset, width: width, valueCount: count, into: positions.values)
    }
  }
}
