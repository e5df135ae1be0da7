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

  /// Values of a block, in the encoder itself: written without asking who else holds them.
  typealias BlockValues = InlineArray<128, UInt32>

  // The block that is being filled.
  var gaps = BlockValues(repeating: 0)
  var frequenciesLessOne = BlockValues(repeating: 0)
  private var norms = InlineArray<128, UInt8>(repeating: 0)
  var pendingCount = 0
  var positionValues = BlockValues(repeating: 0)
  var pendingPositionCount = 0
  private var low = BlockValues(repeating: 0)
  private var blockFront = ImpactFront()
  private var pieceFront = ImpactFront()
  private var last = UInt32.max  // -1: the gap of the first document counts from there
  private var blockPrevious = UInt32.max
  private var blockPositionsBefore: UInt32 = 0
  /// Where lists that are no long ones are put together.
  var list: [UInt8] = []

  public init(withPositions: Bool) { self.withPositions = withPositions }

  /// Adds one document.
  /// - Parameters:
  ///   - document: Above the one before.
  ///   - frequency: Occurrences, at least 1.
  ///   - norm: The document's `Norm`.
  ///   - positions: Ascending; `frequency` of them, or none where the list is without positions.
  public mutating func add(_ document: DocID, frequency: UInt32, norm: UInt8, positions: Span<UInt32>) {
    precondition(positions.count == (withPositions ? Int(frequency) : 0), "as many as the frequency")
    if withPositions { addPositions(positions) }
    addDocument(document, frequency: frequency, norm: norm)
  }

  /// Adds occurrences by their values as they are stored: the first position of a document, then the differences to the
  /// position before, less one. Documents are told by `addDocument`, before or afterwards, but all of them before the
  /// list is finished. Fastest many at a time.
  public mutating func addPositionValues(_ values: Span<UInt32>) {
    var next = 0
    while next < values.count {
      let left = values.count &- next
      if pendingPositionCount == 0, left >= PostingListFormat.blockCount {
        let block = values.extracting(next..<next &+ PostingListFormat.blockCount)
        appendPositionBlock(block, count: PostingListFormat.blockCount)
        next &+= PostingListFormat.blockCount
        continue
      }
      let count = min(left, PostingListFormat.blockCount &- pendingPositionCount)
      for i in 0..<count { positionValues[pendingPositionCount &+ i] = values[next &+ i] }
      next &+= count
      pendingPositionCount &+= count
      if pendingPositionCount == PostingListFormat.blockCount { closePositionBlock() }
    }
  }

  /// Adds one document, whose positions are told by `addPositionValues`.
  /// - Parameters: As for `add`.
  public mutating func addDocument(_ document: DocID, frequency: UInt32, norm: UInt8) {
    precondition(document > last || documentFrequency == 0, "documents ascend")
    precondition(frequency > 0, "a document has the word")
    gaps[pendingCount] = document &- last &- 1
    frequenciesLessOne[pendingCount] = frequency &- 1
    norms[pendingCount] = norm
    pendingCount &+= 1
    last = document
    documentFrequency &+= 1
    totalFrequency &+= UInt64(frequency)
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
    let values = positionValues
    appendPositionBlock(values.span, count: pendingPositionCount)
    pendingPositionCount = 0
  }

  private mutating func appendPositionBlock(_ values: Span<UInt32>, count: Int) {
    let patched = BlockPacking.appendPatched(
      values, count: count, overhead: PostingListFormat.positionPatchOverhead, low: &low, to: &positionBytes)
    positionBytes.append(contentsOf: patched.patches)
    positionCodes.append(PostingListFormat.Directory.code(width: patched.width, patchCount: patched.patches.count))
  }

  /// Encodes the values of the last, unfilled position block; afterwards the list takes no more documents.
  mutating func closeLastPositionBlock() {
    if pendingPositionCount > 0 { closePositionBlock() }
  }

  /// Encodes the documents and frequencies of a block, which is full unless it is the last.
  private mutating func closeBlock() {
    let start = documentBytes.count
    var width = Self.appendPatched(
      gaps.span, count: pendingCount, overhead: PostingListFormat.gapPatchOverhead, low: &low, to: &documentBytes)
    let bitSetBytes = PostingListFormat.bitSetBytes(previous: blockPrevious, last: last)
    // A few bytes more are worth it: a bit set is counted and intersected as it is.
    if pendingCount == PostingListFormat.blockCount,
      bitSetBytes <= documentBytes.count - start + PostingListFormat.bitSetBonusBytes
    {
      documentBytes.removeSubrange(start...)
      width = UInt8(PostingListFormat.bitSetWidth)
      appendBitSet(byteCount: bitSetBytes)
    }
    let frequencyWidth = Self.appendPatched(
      frequenciesLessOne.span, count: pendingCount, overhead: PostingListFormat.frequencyPatchOverhead, low: &low,
      to: &documentBytes)
    recordBlock(documentWidth: width, frequencyWidth: frequencyWidth)
  }

  /// Appends the values of the block, and their patches where they have some; answers the width for the skip entry.
  private static func appendPatched(
    _ values: Span<UInt32>, count: Int, overhead: Int, low: inout BlockValues, to bytes: inout [UInt8]
  ) -> UInt8 {
    let patched = BlockPacking.appendPatched(values, count: count, overhead: overhead, low: &low, to: &bytes)
    guard !patched.patches.isEmpty else { return UInt8(patched.width) }
    bytes.append(UInt8(patched.patches.count))
    bytes.append(contentsOf: patched.patches)
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
    blockFront.add(frequenciesLessOne: frequenciesLessOne.span, norms: norms.span, count: pendingCount)
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
