internal import Base

/// Walks one posting list: blocks by their skip entries, documents of a decoded block, frequencies and positions of a
/// document, each decoded only when asked for.
///
/// A plain value whose buffers lie in an arena. The **skip position** (`block`) may run ahead of the decoded block: a
/// bound is asked for a block before anybody wants its documents. All targets ascend; a target is at least the last.
///
/// Bytes are not trusted. Every block is checked against the segment before it is unpacked and against its skip entry
/// afterwards; what is wrong sets `failure` and ends the list, and the executor throws when it is done.
struct ListCursor: BitwiseCopyable {
  let extents: ExtentMap
  let reference: PostingListReference
  let documentCount: UInt32
  /// Blocks of the list; an inline or short list is one block, decoded at open.
  let blockCount: Int
  /// Documents of the last block.
  let lastBlockCount: Int

  /// Where the frequencies of a block lie, and how.
  struct FrequencyRun: BitwiseCopyable {
    var start = 0
    var width: UInt32 = 0
    var patchCount = 0
    var end = 0
  }

  // Decoded values: documents of block `documentsBlock`, followed by terminators, place 128 always by one; frequencies of
  // block `decodedBlock`.
  var documents: Slots<UInt32>
  var frequencies: Slots<UInt32>

  /// The document the cursor stands on; `terminated` behind the last. Undefined before the first block is decoded.
  var document: DocID = 0
  /// Its place in the decoded block.
  var index = 0

  // The skip position.
  var block = 0
  /// Last document of the block, and of the one before; `terminated` for a block behind the end, and -1 before the first.
  var blockLast: DocID = 0
  var blockPrevious: DocID = .max
  /// The block that the cursor stands in, with its frequencies and positions, and the one whose documents are unpacked. They
  /// differ where a block is a bit set and its bits were all that was looked at.
  var decodedBlock = -1
  var documentsBlock = -1
  /// The bits of block `bitsBlock`, which is then `decodedBlock`, while `documents` holds how many are set in front of each
  /// of their words; see `moves`.
  var bitsBlock = -1
  var bits: SegmentBytes
  /// Whether bit sets are looked at without being unpacked.
  let usesBits: Bool
  /// Where its frequencies lie in `pieces`.
  var frequencyRun = FrequencyRun()
  var hasFrequencies = false

  // Long lists: the level-2 entries and the piece that holds the skip position, from its level-1 entries to the end of
  // the extent.
  let base: UInt64
  let level2: SegmentBytes
  var pieces: SegmentBytes
  var piece = -1
  /// Where the units begin in `pieces`.
  var unitsStart = 0
  /// Bound of the whole list.
  let listPairs: ImpactPairs

  // The ratio of the block `ratioBlock` (see `blockRatio`).
  var ratio: Float = 0
  var ratioBlock = -1

  var positions: PositionState
  private var failureCode: UInt8 = 0
  /// Blocks unpacked, position values, and the bytes both came from.
  var blocksDecoded = 0
  var positionsDecoded = 0
  var bytesTouched = 0

  /// What was wrong with the list, if anything.
  var failure: PostingError? { PostingError(rawValue: failureCode) }

  /// Documents of `block`.
  @inline(__always)
  func documentsOf(block: Int) -> Int { block == blockCount - 1 ? lastBlockCount : PostingListFormat.blockCount }

  var isLong: Bool { reference.layout == .long }
  /// Whether the skip position is behind the last block.
  @inline(__always)
  var isExhausted: Bool { block >= blockCount }

  // MARK: - Blocks

  /// Moves the skip position to the first block that ends at `target` or later.
  @inline(__always)
  mutating func seekBlock(_ target: DocID) {
    if target > blockLast { seekBlockFar(target) }
  }

  private mutating func seekBlockFar(_ target: DocID) {
    guard isLong else { return finishBlocks() }
    var next = block + 1
    let pieceEnd = min((piece + 1) * PostingListFormat.pieceBlocks, blockCount)
    var entry = (next - piece * PostingListFormat.pieceBlocks) * PostingListFormat.Level1.bytes
    if next < pieceEnd, target <= level2Last(piece) {
      var last: UInt32 = pieces.integer(at: entry)
      var previous = blockLast
      while last < target, next + 1 < pieceEnd {
        previous = last
        next += 1
        entry += PostingListFormat.Level1.bytes
        last = pieces.integer(at: entry)
      }
      guard last >= target else { return fail(.header) }  // entries do not ascend
      (block, blockPrevious, blockLast) = (next, previous, last)
    } else {
      seekPiece(target)
    }
  }

  /// Moves on to the first piece that ends at `target` or later, by galloping over the level-2 entries.
  private mutating func seekPiece(_ target: DocID) {
    let pieceCount = level2.count / PostingListFormat.Level2.bytes
    var low = piece + 1
    var step = 1
    while low + step <= pieceCount, level2Last(low + step - 1) < target {
      low += step
      step *= 2
    }
    var high = min(low + step, pieceCount)
    while low < high {
      let middle = (low + high) / 2
      if level2Last(middle) < target { low = middle + 1 } else { high = middle }
    }
    guard low < pieceCount else { return finishBlocks() }
    guard loadPiece(low) else { return }
    seekBlock(target)
  }

  /// Makes `piece` the current one and its first block the skip position.
  mutating func loadPiece(_ number: Int) -> Bool {
    let first = number * PostingListFormat.pieceBlocks
    let count = min(PostingListFormat.pieceBlocks, blockCount - first)
    let offset: UInt32 = level2.integer(at: number * PostingListFormat.Level2.bytes + PostingListFormat.Level2.piece)
    let address = base &+ UInt64(offset) &* UInt64(PostingListFormat.offsetBytes)
    guard let bytes = extents.bytes(from: address), bytes.count >= count * PostingListFormat.Level1.bytes else {
      fail(.header)
      return false
    }
    // What level 2 promises level 1 must keep: seeking relies on it.
    let last: UInt32 = bytes.integer(at: (count - 1) * PostingListFormat.Level1.bytes + PostingListFormat.Level1.last)
    guard last == level2Last(number) else {
      fail(.header)
      return false
    }
    pieces = bytes
    piece = number
    unitsStart = count * PostingListFormat.Level1.bytes
    block = first
    blockPrevious = number == 0 ? .max : level2Last(number - 1)
    blockLast = bytes.integer(at: PostingListFormat.Level1.last)
    return true
  }

  @inline(__always)
  func level2Last(_ number: Int) -> DocID {
    level2.integer(at: number * PostingListFormat.Level2.bytes + PostingListFormat.Level2.last)
  }

  /// Offset of the level-1 entry of the current block in `pieces`.
  @inline(__always)
  var entryOffset: Int { (block - piece * PostingListFormat.pieceBlocks) * PostingListFormat.Level1.bytes }

  mutating func finishBlocks() {
    block = blockCount
    blockLast = .terminated
    document = .terminated
  }

  mutating func fail(_ error: PostingError) {
    if failureCode == 0 { failureCode = error.rawValue }
    hasFrequencies = true  // nothing is decoded any more
    finishBlocks()
  }

  /// Takes the state of `other`, an earlier copy of this cursor; what was done since still counts, and what was wrong.
  mutating func restore(_ other: ListCursor) {
    let (blocks, values, bytes, failed) = (blocksDecoded, positionsDecoded, bytesTouched, failure)
    self = other
    (blocksDecoded, positionsDecoded, bytesTouched) = (blocks, values, bytes)
    if let failed { fail(failed) }
  }

  // MARK: - Documents

  /// Moves to the first document that is `target` or later.
  @inline(__always)
  mutating func advance(to target: DocID) {
    seekBlock(target)
    if block != documentsBlock {
      guard !isExhausted else { return }
      decodeDocuments()
      guard !isExhausted else { return }
    }
    // Most targets are the next document or close by; else seven halvings of the block. Terminators stand behind the
    // last document, and sixteen of them behind place 127 (see `init`).
    var i = index
    if documents[i] < target {
      i &+= 1
      if documents[i] < target {
        let near = documents.countBelow16(target, from: i)
        i = near < 16 ? i &+ near : lowerBound(target)
      }
    }
    index = i
    document = documents[i]
  }

  /// Index of the first of the 128 values that is `target` or later. The block is known to hold one.
  @inline(__always)
  private func lowerBound(_ target: DocID) -> Int {
    var low = 0
    var half = PostingListFormat.blockCount / 2
    while half > 0 {
      low &+= documents[low &+ half &- 1] < target ? half : 0
      half &>>= 1
    }
    return low
  }

  /// How many documents of the block it stands in, from place `first` on, are at most `last`.
  @inline(__always)
  func countThrough(_ last: DocID, from first: Int) -> Int {
    (blockLast > last ? lowerBound(last &+ 1) : documentsOf(block: decodedBlock)) &- first
  }

  /// Stands on a later document of the decoded block, by its place.
  @inline(__always)
  mutating func stand(at place: Int, on document: DocID) {
    index = place
    self.document = document
  }

  /// Moves to the next document.
  @inline(__always)
  mutating func next() {
    if index &+ 1 < documentsOf(block: decodedBlock) {
      index &+= 1
      document = documents[index]
    } else {
      advance(to: document &+ 1)
    }
  }

  /// Occurrences in the current document.
  @inline(__always)
  mutating func frequency() -> UInt32 {
    if !hasFrequencies { decodeFrequencies() }
    return frequencies[index]
  }
}
