internal import Base

/// One word: block after block, those whose bound cannot enter the k best skipped, of one list 32 at a time where the
/// level-2 bound allows it.
extension Executor {
  mutating func runSingleWord() {
    let unit = units[nodes[root].unit]
    guard leaves[unit.firstLeaf].mode == .single else { return runUnion(unit) }
    let list = leaves[unit.firstLeaf].first
    let scores = arena.slots(PostingListFormat.blockCount, repeating: Float(0))
    let indexes = arena.slots(PostingListFormat.blockCount, repeating: UInt32(0))
    lists[list].seekBlock(view.range.lowerBound)
    while !lists[list].isExhausted, lists[list].blockPrevious &+ 1 < view.range.upperBound {
      hearFloor()
      if prunes, let next = skipTarget(list, scale: unit.scale) {
        lists[list].seekBlock(next)
        continue
      }
      if lists[list].decodedBlock != lists[list].block { lists[list].decodeDocuments() }
      guard !lists[list].isExhausted else { return }
      if !lists[list].hasFrequencies { lists[list].decodeFrequencies() }
      let count = lists[list].documentsOf(block: lists[list].decodedBlock)
      if isCounting { countLive(lists[list].documents, count) }
      collectBlock(
        lists[list].documents, lists[list].frequencies, count, scale: unit.scale, scores: scores, indexes: indexes)
      lists[list].seekBlock(lists[list].blockLast &+ 1)
    }
  }

  /// A word that is a union of a few lists, run after run.
  private mutating func runUnion(_ unit: PlanUnit) {
    let room = leaves[unit.firstLeaf].runRoom
    let scores = arena.slots(room, repeating: Float(0))
    let indexes = arena.slots(room, repeating: UInt32(0))
    var target = view.range.lowerBound
    while target < view.range.upperBound {
      hearFloor()
      if prunes {
        let (ratio, end) = runBound(unit.firstLeaf, from: target)
        if BM25.score(scale: unit.scale, ratio: ratio) <= floor {
          guard end < view.range.upperBound - 1 else { return }
          target = end + 1
          continue
        }
      }
      guard let run = nextRun(unit.firstLeaf, from: target) else { return }
      if isCounting { countLive(run.documents, run.count) }
      collectBlock(run.documents, run.frequencies, run.count, scale: unit.scale, scores: scores, indexes: indexes)
      target = run.last + 1
    }
  }

  /// Where to go on if the current block, or all 32 around it, cannot enter; nil if the block is worth reading.
  @inline(__always)
  private mutating func skipTarget(_ list: Int, scale: Float) -> DocID? {
    if lists[list].isLong, lists[list].block % PostingListFormat.pieceBlocks == 0 {
      let (ratio, last) = lists[list].pieceRatio(inverse)
      if BM25.score(scale: scale, ratio: ratio) <= floor { return last &+ 1 }
    }
    let ratio = lists[list].blockRatio(inverse, norms: view)
    return BM25.score(scale: scale, ratio: ratio) <= floor ? lists[list].blockLast &+ 1 : nil
  }

  private mutating func countLive(_ documents: Slots<UInt32>, _ count: Int) {
    if !view.hasDeletions, matched.count == 0 {
      matchCount += count
    } else {
      for i in 0..<count where !view.isDeleted(documents[i]) { self.count(documents[i]) }
    }
  }

  /// Scores a block and collects what is above the floor.
  private mutating func collectBlock(
    _ documents: Slots<UInt32>, _ frequencies: Slots<UInt32>, _ count: Int, scale: Float, scores: Slots<Float>,
    indexes: Slots<UInt32>
  ) {
    view.score(documents, frequencies, count: count, inverse: inverse, scale: scale, into: scores)
    counters.documentsScored &+= count
    let found = SegmentView.above(floor, scores, count: count, into: indexes)
    for i in 0..<found {
      let index = Int(indexes[i])
      if !view.isDeleted(documents[index]) { collect(documents[index], scores[index]) }
    }
  }
}
