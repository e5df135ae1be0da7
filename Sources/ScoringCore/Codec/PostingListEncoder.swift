public import Base

/// Collects the postings of one list in document order and writes them in the format of the chapter.
///
/// One encoder serves many lists after another (`reset`), and keeps its buffers. Memory: the encoded bytes of the
/// current list. Single thread. Complexity: O(1) a posting and a position, a kernel call each 128.
public struct PostingListEncoder {
  /// Whether positions are stored; lists of stem classes have none.
  public let withPositions: Bool
  /// Documents added since `reset`.
  public private(set) var documentFrequency: UInt32 = 0
  /// Occurrences added since `reset`.
  public private(set) var totalFrequency: UInt64 = 0

  /// What the skip entry of a finished block needs.
  struct BlockRecord {
    var last: UInt32
    /// Widths as the entry has them, with `Level1.patched`.
    var documentWidth: UInt8
    var frequencyWidth: UInt8
    var positionsBefore: UInt32
    var pairs: ImpactPairs
    /// Where its unit ends in `documentBytes`.
    var end: Int
  }

  var blocks: [BlockRecord] = []
  var documentBytes: [UInt8] = []
  var positionBytes: [UInt8] = []
  /// A code of the directory for each position block.
  var positionCodes: [UInt16] = []
  /// Merged pairs of 32 blocks, in order; and of the whole list.
  var piecePairs: [ImpactPairs] = []
  var listFront = ImpactFront()

  // The block that is being filled.
  var gaps = [UInt32](repeating: 0, count: PostingListFormat.blockCount)
  var frequenciesLessOne = [UInt32](repeating: 0, count: PostingListFormat.blockCount)
  var pendingCount = 0
  var positionValues = [UInt32](repeating: 0, count: PostingListFormat.blockCount)
  var pendingPositionCount = 0
  private var low = [UInt32](repeating: 0, count: PostingListFormat.blockCount)
  private var blockFront = ImpactFront()
  private var pieceFront = ImpactFront()
  private var last = UInt32.max  // -1: the gap of the first document counts from there
  private var blockPrevious = UInt32.max
  private var blockPositionsBefore: UInt32 = 0

  public init(withPositions: Bool) { self.withPositions = withPositions }

  /// Adds one document.
  /// - Parameters:
  ///   - document: Above the one before.
  ///   - frequency: Occurrences, at least 1.
  ///   - norm: The document's `Norm`.
  ///   - positions: Ascending; `frequency` of them, or none where the list is without positions.
  public mutating func add(_ document: DocID, frequency: UInt32, norm: UInt8, positions: Span<UInt32>) {
    precondition(document > last || documentFrequency == 0, "documents ascend")
    precondition(frequency > 0 && positions.count == (withPositions ? Int(frequency) : 0), "as many as the frequency")
    gaps[pendingCount] = document &- last &- 1
    frequenciesLessOne[pendingCount] = frequency - 1
    pendingCount += 1
    last = document
    documentFrequency += 1
    totalFrequency += UInt64(frequency)
    blockFront.add(frequency: frequency, norm: norm)
    if withPositions { addPositions(positions) }
    if pendingCount == PostingListFormat.blockCount { closeBlock() }
  }

  /// Forgets the list; buffers keep their capacity.
  public mutating func reset() {
    documentFrequency = 0
    totalFrequency = 0
    blocks.removeAll(keepingCapacity: true)
    documentBytes.removeAll(keepingCapacity: true)
    positionBytes.removeAll(keepingCapacity: true)
    positionCodes.removeAll(keepingCapacity: true)
    piecePairs.removeAll(keepingCapacity: true)
    listFront.removeAll()
    blockFront.removeAll()
    pieceFront.removeAll()
    pendingCount = 0
    pendingPositionCount = 0
    last = .max
    blockPrevious = .max
    blockPositionsBefore = 0
  }

  private mutating func addPositions(_ positions: Span<UInt32>) {
    var next: UInt32 = 0  // least position that may follow
    for i in positions.indices {
      precondition(positions[i] >= next, "positions ascend")
      positionValues[pendingPositionCount] = positions[i] - next
      next = positions[i] + 1
      pendingPositionCount += 1
      if pendingPositionCount == PostingListFormat.blockCount { closePositionBlock() }
    }
  }

  /// Encodes the position values of a block, which is full unless it is the last.
  private mutating func closePositionBlock() {
    let patched = BlockPacking.appendPatched(
      positionValues, count: pendingPositionCount, overhead: PostingListFormat.positionPatchOverhead, low: &low,
      to: &positionBytes)
    positionBytes.append(contentsOf: patched.patches)
    positionCodes.append(PostingListFormat.Directory.code(width: patched.width, patchCount: patched.patches.count))
    pendingPositionCount = 0
  }

  /// Encodes the values of the last, unfilled position block; afterwards the list takes no more documents.
  mutating func closeLastPositionBlock() {
    if pendingPositionCount > 0 { closePositionBlock() }
  }

  /// Encodes the documents and frequencies of a block, which is full unless it is the last.
  private mutating func closeBlock() {
    let start = documentBytes.count
    var width = appendPatched(gaps, overhead: PostingListFormat.gapPatchOverhead)
    let bitSetBytes = PostingListFormat.bitSetBytes(previous: blockPrevious, last: last)
    // A few bytes more are worth it: a bit set is counted and intersected as it is.
    if pendingCount == PostingListFormat.blockCount,
      bitSetBytes <= documentBytes.count - start + PostingListFormat.bitSetBonusBytes
    {
      documentBytes.removeSubrange(start...)
      width = UInt8(PostingListFormat.bitSetWidth)
      appendBitSet(byteCount: bitSetBytes)
    }
    let frequencyWidth = appendPatched(frequenciesLessOne, overhead: PostingListFormat.frequencyPatchOverhead)
    recordBlock(documentWidth: width, frequencyWidth: frequencyWidth)
  }

  /// Appends the values of the block, and their patches where they have some; answers the width for the skip entry.
  private mutating func appendPatched(_ values: [UInt32], overhead: Int) -> UInt8 {
    let patched = BlockPacking.appendPatched(
      values, count: pendingCount, overhead: overhead, low: &low, to: &documentBytes)
    guard !patched.patches.isEmpty else { return UInt8(patched.width) }
    documentBytes.append(UInt8(patched.patches.count))
    documentBytes.append(contentsOf: patched.patches)
    return UInt8(patched.width) | PostingListFormat.Level1.patched
  }

  /// Encodes the documents and frequencies of the last, unfilled block; afterwards the list takes no more documents.
  mutating func closeLastBlock() {
    if pendingCount > 0 { closeBlock() }
    if !pieceFront.isEmpty { closePiece() }
  }

  private mutating func appendBitSet(byteCount: Int) {
    let start = documentBytes.count
    documentBytes.append(contentsOf: repeatElement(0, count: byteCount))
    var bit = -1
    for i in 0..<pendingCount {
      bit += Int(gaps[i]) + 1
      documentBytes[start + bit / 8] |= 1 << UInt8(bit % 8)
    }
  }

  private mutating func recordBlock(documentWidth: UInt8, frequencyWidth: UInt8) {
    blocks.append(
      BlockRecord(
        last: last, documentWidth: documentWidth, frequencyWidth: frequencyWidth,
        positionsBefore: withPositions ? blockPositionsBefore : 0, pairs: blockFront.pairs(), end: documentBytes.count))
    pieceFront.merge(blockFront)
    blockFront.removeAll()
    if blocks.count % PostingListFormat.pieceBlocks == 0 { closePiece() }
    blockPrevious = last
    blockPositionsBefore = UInt32(truncatingIfNeeded: totalFrequency)
    pendingCount = 0
  }

  private mutating func closePiece() {
    piecePairs.append(pieceFront.pairs())
    listFront.merge(pieceFront)
    pieceFront.removeAll()
  }
}
