internal import Base

/// Upper bounds of f / K (frequency over the length factor of BM25), the one number a unit's score rises with.
///
/// Bounds are computed when asked for, from the stored (frequency, norm) pairs and the query's own norm table, so they
/// stay right when statistics change.
extension ListCursor {
  /// The bound of the block at the skip position; 0 behind the end.
  @inline(__always)
  mutating func blockRatio(_ inverse: Slots<Float>, norms: SegmentView) -> Float {
    if ratioBlock != block { loadRatio(inverse, norms) }
    return ratio
  }

  private mutating func loadRatio(_ inverse: Slots<Float>, _ view: SegmentView) {
    ratioBlock = block
    if isExhausted {
      ratio = 0
    } else if isLong {
      ratio = Self.ratio(ImpactPairs(bits: pieces.integer(at: entryOffset + PostingListFormat.Level1.pairs)), inverse)
    } else {
      ratio = exactRatio(inverse, view)
    }
  }

  /// The bound of an inline or short list: of its postings themselves.
  private mutating func exactRatio(_ inverse: Slots<Float>, _ view: SegmentView) -> Float {
    var most: Float = 0
    for i in 0..<lastBlockCount {
      most = max(most, Float(frequencies[i]) * inverse[Int(view.norm(documents[i]))])
    }
    return most
  }

  /// The bound of the whole list.
  mutating func listRatio(_ inverse: Slots<Float>, _ view: SegmentView) -> Float {
    isLong ? Self.ratio(listPairs, inverse) : exactRatio(inverse, view)
  }

  /// The bound of the 32 blocks around the skip position, and their last document. Long lists only.
  @inline(__always)
  func pieceRatio(_ inverse: Slots<Float>) -> (ratio: Float, last: DocID) {
    let entry = piece * PostingListFormat.Level2.bytes
    let pairs = ImpactPairs(bits: level2.integer(at: entry + PostingListFormat.Level2.pairs))
    return (Self.ratio(pairs, inverse), level2Last(piece))
  }

  /// The bound of all blocks that reach into `first...last`; moves the skip position to the first of them.
  mutating func ratio(_ inverse: Slots<Float>, _ view: SegmentView, from first: DocID, through last: DocID) -> Float {
    seekBlock(first)
    guard !isExhausted else { return 0 }
    var most = blockRatio(inverse, norms: view)
    guard blockLast < last else { return most }
    // The rest of this piece block by block, further pieces by their level-2 bound.
    let pieceEnd = min((piece + 1) * PostingListFormat.pieceBlocks, blockCount)
    var entry = entryOffset
    var previous = blockLast
    for _ in block + 1..<max(pieceEnd, block + 1) where previous < last {
      entry += PostingListFormat.Level1.bytes
      most = max(most, Self.ratio(ImpactPairs(bits: pieces.integer(at: entry + PostingListFormat.Level1.pairs)), inverse))
      previous = pieces.integer(at: entry)
    }
    var next = piece + 1
    let pieceCount = level2.count / PostingListFormat.Level2.bytes
    while previous < last, next < pieceCount {
      let entry = next * PostingListFormat.Level2.bytes
      most = max(most, Self.ratio(ImpactPairs(bits: level2.integer(at: entry + PostingListFormat.Level2.pairs)), inverse))
      previous = level2Last(next)
      next += 1
    }
    return most
  }

  /// The best of the pairs; frequency 255 stands for any.
  @inline(__always)
  static func ratio(_ pairs: ImpactPairs, _ inverse: Slots<Float>) -> Float {
    var most: Float = 0
    for i in 0..<ImpactPairs.count {
      let pair = pairs[i]
      let ratio = pair.frequency == 255 ? Float.infinity : Float(pair.frequency) * inverse[Int(pair.norm)]
      most = max(most, ratio)
    }
    return most
  }
}
