internal import Base

/// Where a cursor is in the positions of its list.
struct PositionState: BitwiseCopyable {
  /// Decoded values of position block `block`; -1 for none.
  var values: Slots<UInt32>
  var block = -1
  /// Whether the sum of a block's gaps might pass 2^32.
  var mayWrap = true

  // The documents of the decoded block before `prefixIndex` have `prefixSum` positions.
  var prefixIndex = 0
  var prefixSum = 0

  // Long lists: address of the directory, and the number of its blocks; its bytes where they lie in one extent.
  var directory: UInt64 = 0
  var blockCount = 0
  private var directoryBytes: SegmentBytes

  // Short lists: the bytes from the first chunk on, and where the next chunk to be read begins.
  var chunks: SegmentBytes
  var firstChunkOffset = 0
  var nextChunk = 0
  var nextChunkOffset = 0

  init(values: Slots<UInt32>, chunks: SegmentBytes) {
    self.values = values
    self.chunks = chunks
    directoryBytes = chunks
  }

  mutating func openDirectory(_ extents: ExtentMap) {
    typealias Directory = PostingListFormat.Directory
    let groupCount = (blockCount + Directory.groupBlocks - 1) / Directory.groupBlocks
    // The last group's eight codes may reach into the offsets behind them, and past one or two of those.
    let byteCount = max(
      Directory.codesBytes(blockCount: blockCount) + groupCount * Directory.offsetBytes,
      groupCount * Directory.groupBlocks * Directory.codeBytes)
    if let bytes = extents.bytes(at: directory, count: byteCount) { directoryBytes = bytes }
  }

  /// The eight codes of a group of position blocks, and where its first lies from the list's base; nil where the
  /// directory is not in the segment.
  @inline(__always)
  func group(_ group: Int, _ extents: ExtentMap) -> (codes: SegmentBytes, offset: UInt32)? {
    typealias Directory = PostingListFormat.Directory
    let codesAt = group &* Directory.groupBlocks &* Directory.codeBytes
    let offsetAt = Directory.codesBytes(blockCount: blockCount) &+ group &* Directory.offsetBytes
    let codesBytes = Directory.groupBlocks * Directory.codeBytes
    if directoryBytes.count > 0 {
      return (directoryBytes.part(from: codesAt, count: codesBytes), directoryBytes.integer(at: offsetAt))
    }
    guard let codes = extents.bytes(at: directory &+ UInt64(codesAt), count: codesBytes),
      let offset = extents.bytes(at: directory &+ UInt64(offsetAt), count: Directory.offsetBytes)
    else { return nil }
    return (codes, offset.integer(at: 0))
  }

  @inline(__always)
  mutating func startBlock() {
    prefixIndex = 0
    prefixSum = 0
  }
}

extension ListCursor {
  /// Writes the positions of the current document, the first `most` of them, to `target` from `start` on; there must be
  /// room for as many. False, with `failure` set, where the bytes are wrong.
  mutating func readPositions(into target: Slots<UInt32>, at start: Int, most: Int = .max) -> Bool {
    let count = min(Int(frequency()), most)
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
      // Where 128 gaps cannot wrap around the last position tells how far they went.
      let last = UInt64(target[written + part - 1]) + 1
      next = !positions.mayWrap && last > next
        ? last : next + UInt64(part) + UInt64(positions.values.sum(count: part, from: offset))
      written += part
      from += part
    }
    return next <= UInt64(UInt32.max) || failPositions()
  }

  /// The gaps of the current document's positions, where one block of positions holds them all and their sum stays below
  /// 2^32; nil elsewhere, and where the bytes are wrong: `readPositions` says so.
  @inline(__always)
  mutating func gaps() -> Slots<UInt32>? {
    let count = Int(frequency())
    guard !isExhausted, reference.hasPositions else { return nil }
    let from = positionsBefore()
    let offset = from & 127
    guard count > 0, offset + count <= PostingListFormat.blockCount, from + count <= Int(reference.totalFrequency),
      loadPositionBlock(from >> 7), !positions.mayWrap
    else { return nil }
    return positions.values.part(from: offset, count: count)
  }

  /// Whether one of the current document's positions is from 0 to `width` behind one of `begins`, modulo 2^32; true as
  /// well where that cannot be said: where gaps might wrap around, or the bytes are wrong. None is above `stop`.
  mutating func mayReach(_ begins: Slots<UInt32>, width: UInt32, stop: UInt32) -> Bool {
    let count = Int(frequency())
    guard !isExhausted, reference.hasPositions else { return true }
    var from = positionsBefore()
    let end = from + count
    guard end <= Int(reference.totalFrequency) else { return true }
    var previous = UInt32.max
    while from < end, previous < stop || previous == .max {
      guard loadPositionBlock(from >> 7), !positions.mayWrap else { return true }
      let offset = from & 127
      let part = min(end - from, PostingListFormat.blockCount - offset)
      if begins.reach(positions.values, from: offset, count: part, width: width, stop: stop, previous: &previous) {
        return true
      }
      from += part
    }
    return false
  }

  /// Positions of the list before the current document's.
  mutating func positionsBefore() -> Int {
    if positions.prefixIndex > index { positions.startBlock() }
    var sum = positions.prefixSum
    // In possible lists it is below 2^32, as what is before the block is.
    sum &+= frequencies.sum(from: positions.prefixIndex, to: index)
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
  mutating func loadPositionBlock(_ block: Int) -> Bool {
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
    typealias Directory = PostingListFormat.Directory
    guard block >= 0, block < positions.blockCount,
      let group = positions.group(block >> Directory.groupShift, extents)
    else { return false }
    let place = block & (Directory.groupBlocks - 1)
    let code: UInt16 = group.codes.integer(at: place * Directory.codeBytes)
    let address = base &+ UInt64(group.offset) &* UInt64(PostingListFormat.offsetBytes)
      &+ UInt64(group.codes.groupBytes(before: place))
    let width = UInt32(code & Directory.widthMask)
    let patchCount = Int(code >> Directory.widthBits)
    guard width <= 32, patchCount == 0 || width < 32 && patchCount <= PostingListFormat.patchesMax else { return false }
    let count = valueCount(block)
    let byteCount = PostingListFormat.packedBytes(count: count, width: width) + patchCount
    guard let bytes = extents.bytes(at: address, count: byteCount) else { return false }
    bytesTouched &+= byteCount
    unpack(bytes, at: 0, width: width, count: count, patchCount: patchCount)
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
      let count = valueCount(chunk)
      guard count > 0 else { return false }
      guard count == PostingListFormat.blockCount else { return chunk == block && loadLastChunk(count) }
      guard positions.nextChunkOffset + 2 <= positions.chunks.count else { return false }
      let width = UInt32(positions.chunks.byte(at: positions.nextChunkOffset))
      let patchCount = Int(positions.chunks.byte(at: positions.nextChunkOffset + 1))
      let offset = positions.nextChunkOffset + 2
      guard width <= 32, patchCount == 0 || width < 32 else { return false }
      let end = offset + PostingListFormat.packedBytes(count: count, width: width) + patchCount
      guard end <= positions.chunks.count else { return false }
      positions.nextChunk = chunk + 1
      positions.nextChunkOffset = end
      if chunk == block {
        bytesTouched &+= end - offset
        unpack(positions.chunks, at: offset, width: width, count: count, patchCount: patchCount)
        positions.block = block
        return true
      }
    }
  }

  /// The last, unfilled chunk; the next one stays where it is.
  private mutating func loadLastChunk(_ count: Int) -> Bool {
    let start = positions.nextChunkOffset
    guard let end = positions.chunks.unpackRice(at: start, valueCount: count, into: positions.values) else { return false }
    bytesTouched &+= end - start
    positions.mayWrap = true
    positions.block = positions.nextChunk
    return true
  }

  @inline(__always)
  private mutating func unpack(_ bytes: SegmentBytes, at offset: Int, width: UInt32, count: Int, patchCount: Int) {
    // With all patches there may be, 128 gaps of up to 20 bits stay below 2^32 together.
    positions.mayWrap = width > 20
    if count == PostingListFormat.blockCount {
      bytes.unpackBlock(at: offset, width: width, into: positions.values)
    } else {
      bytes.unpackStream(at: offset, width: width, valueCount: count, into: positions.values)
    }
    if patchCount > 0 {
      let patches = offset + PostingListFormat.packedBytes(count: count, width: width)
      bytes.patch(at: patches, patchCount: patchCount, width: width, positions.values)
    }
  }
}
