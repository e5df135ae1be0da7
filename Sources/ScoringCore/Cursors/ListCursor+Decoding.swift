internal import Base

extension ListCursor {
  /// Unpacks the documents of the block at the skip position and stands on its first.
  mutating func decodeDocuments() {
    let count = documentsOf(block: block)
    // Both runs are looked at now: a list that failed when a frequency is asked for would leave its reader between two
    // documents of the block.
    guard let unit = unit(), let values = run(at: unit.end, entry: PostingListFormat.Level1.frequencyWidth),
      values.width <= 32
    else { return fail(.block) }
    let last = blockLast
    if unit.width == PostingListFormat.bitSetWidth {
      let found = pieces.unpackBits(
        at: unit.start, byteCount: unit.end - unit.start, first: blockPrevious &+ 1, into: documents)
      guard found == count else { return fail(.block) }
    } else if count == PostingListFormat.blockCount {
      if unit.patchCount == 0 {
        pieces.unpackAscendingBlock(at: unit.start, width: unit.width, previous: blockPrevious, into: documents)
      } else {
        pieces.unpackBlock(at: unit.start, width: unit.width, into: documents)
        pieces.patch(at: unit.end - unit.patchCount, patchCount: unit.patchCount, width: unit.width, documents)
        documents.ascend(from: 0, count: count, previous: blockPrevious, into: documents, at: 0)
      }
    } else {
      pieces.unpackStream(at: unit.start, width: unit.width, valueCount: count, into: documents)
      if unit.patchCount > 0 {
        pieces.patch(at: unit.end - unit.patchCount, patchCount: unit.patchCount, width: unit.width, documents)
      }
      undoGaps(count: count, previous: blockPrevious)
    }
    // Up to 20 bits a gap the sum cannot pass 2^32 with all patches there may be: the last document vouches for all.
    guard documents[count - 1] == last, unit.width <= 20 || unit.width == PostingListFormat.bitSetWidth || ascends(count)
    else { return fail(.block) }
    documentsBlock = block
    startBlock(unit, values)
    document = documents[0]
    blocksDecoded &+= 1
  }

  /// Makes the block at the skip position the decoded one, before its first document.
  @inline(__always)
  private mutating func startBlock(_ unit: Unit, _ values: Run) {
    decodedBlock = block
    frequencyRun = FrequencyRun(start: unit.end, width: values.width, patchCount: values.patchCount, end: values.end)
    hasFrequencies = false
    positions.startBlock()
    index = 0
    bytesTouched &+= unit.end - unit.start
  }

  /// Makes the block at the skip position the decoded one without unpacking its documents, if it is a bit set; false for
  /// others, and where the bytes are wrong.
  mutating func openBits() -> Bool {
    guard usesBits, isLong,
      pieces.byte(at: entryOffset + PostingListFormat.Level1.documentWidth) == UInt8(PostingListFormat.bitSetWidth),
      let unit = unit(), let values = run(at: unit.end, entry: PostingListFormat.Level1.frequencyWidth),
      values.width <= 32
    else { return false }
    let found = pieces.part(from: unit.start, count: unit.end - unit.start)
    // The documents of the block before are left behind: in their place stands how many are in front of each word.
    guard found.count <= 8 * PostingListFormat.blockCount else { return false }
    documentsBlock = -1
    guard found.countBits(before: documents) == PostingListFormat.blockCount else { return false }
    startBlock(unit, values)
    bits = found
    bitsBlock = block
    return true
  }

  /// Unpacks the frequencies of the decoded block, whose bytes were found to be there with the documents'.
  mutating func decodeFrequencies() {
    // The skip position may stand on a later block than the decoded one only after the documents were left behind.
    assert(block == decodedBlock)
    let count = documentsOf(block: block)
    let values = frequencyRun
    if count == PostingListFormat.blockCount {
      pieces.unpackBlock(at: values.start, width: values.width, into: frequencies)
    } else {
      pieces.unpackStream(at: values.start, width: values.width, valueCount: count, into: frequencies)
    }
    bytesTouched &+= values.end - values.start
    // Before the patches: a vector read behind a narrow write of the same place waits for it.
    for i in 0..<count { frequencies[i] = (frequencies[i] &+ 1) & 0x7FFF_FFFF }
    if values.patchCount > 0 {
      pieces.patch(at: values.end - values.patchCount, patchCount: values.patchCount, width: values.width, frequencies)
      if values.width > 20 {
        for i in 0..<count { frequencies[i] &= 0x7FFF_FFFF }
      }
    }
    hasFrequencies = true
  }

  /// The documents of a block: where they lie, and how.
  typealias Unit = (start: Int, width: UInt32, patchCount: Int, end: Int)

  /// One run of a unit: the values' width, how many patches follow them, and where it ends in `pieces`.
  private typealias Run = (width: UInt32, patchCount: Int, end: Int)

  /// The documents of the current block, if its skip entry is possible and the bytes are there.
  @inline(__always)
  func unit() -> Unit? {
    // `blockPrevious` is -1 before the first block: the difference is then the number of documents it may span.
    guard blockLast < documentCount, blockPrevious == .max || blockPrevious < blockLast else { return nil }
    let offset: UInt16 = pieces.integer(at: entryOffset + PostingListFormat.Level1.unit)
    let start = unitsStart + Int(offset)
    guard let run = run(at: start, entry: PostingListFormat.Level1.documentWidth) else { return nil }
    return (start, run.width, run.patchCount, run.end)
  }

  /// The run at `start` whose width stands at `entry` in the current level-1 entry.
  @inline(__always)
  private func run(at start: Int, entry: Int) -> Run? {
    let code = pieces.byte(at: entryOffset + entry)
    let width = UInt32(code & 63)
    let count = documentsOf(block: block)
    let valueBytes: Int
    if width <= 32 {
      valueBytes = PostingListFormat.packedBytes(count: count, width: width)
    } else {
      guard code == UInt8(PostingListFormat.bitSetWidth), count == PostingListFormat.blockCount else { return nil }
      valueBytes = PostingListFormat.bitSetBytes(previous: blockPrevious, last: blockLast)
    }
    let end = start + valueBytes
    guard code & PostingListFormat.Level1.patched != 0 else { return end <= pieces.count ? (width, 0, end) : nil }
    guard end < pieces.count, width < 32 else { return nil }
    let patchCount = Int(pieces.byte(at: end))
    guard end + 1 + patchCount <= pieces.count else { return nil }
    return (width, patchCount, end + 1 + patchCount)
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
