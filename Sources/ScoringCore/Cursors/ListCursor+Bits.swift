internal import Base

/// Blocks that are bit sets, looked at as they are: whether a document is there is one bit, and its place in the block, by
/// which its frequency and positions are found, the number of bits before it. To unpack 128 documents for the few that
/// somebody asks about takes ten times as long.
extension ListCursor {
  /// Whether the list holds `target`, on which it then stands; else it stays before the next of its documents. Targets
  /// ascend. The same as `advance` and a comparison, but what follows `target` is not known.
  @inline(__always)
  mutating func moves(to target: DocID) -> Bool {
    if document < target || decodedBlock < 0 {
      seekBlock(target)
      // A cursor that never stood anywhere has document 0: there the block is unpacked.
      if block != documentsBlock, target > 0, block == bitsBlock || !isExhausted && openBits() {
        return standsByBit(target)
      }
      advance(to: target)
    }
    return document == target
  }

  @inline(__always)
  private mutating func standsByBit(_ target: DocID) -> Bool {
    guard let place = bits.rank(at: Int(target &- (blockPrevious &+ 1)), before: documents) else { return false }
    stand(at: place, on: target)
    return true
  }

  /// Of ascending candidates from place `first` on, those that the list holds, as far as its block that has or follows the
  /// first of them reaches. The list is left in that block.
  /// - Returns: How many were found, and the first candidate that was not looked at; all were where the list has ended.
  ///   Their places among the candidates, from `first` on, are in `places`, those in the block in `blockPlaces`.
  @inline(__always)
  mutating func intersect(
    _ candidates: Slots<UInt32>, from first: Int, count: Int, places: Slots<UInt32>, blockPlaces: Slots<UInt32>
  ) -> (found: Int, next: Int) {
    let target = candidates[first]
    seekBlock(target)
    guard !isExhausted else { return (0, count) }
    let isBits = block != documentsBlock && (block == bitsBlock || openBits())
    if !isBits {
      if document < target || block != documentsBlock { advance(to: target) }
      guard !isExhausted else { return (0, count) }
    }
    let last = blockLast
    var next = count
    if candidates[count - 1] > last {
      next = first
      while candidates[next] <= last { next &+= 1 }
    }
    let within = candidates.part(from: first, count: next - first)
    let found =
      isBits
      ? bits.intersect(within, count: within.count, first: blockPrevious &+ 1, places: places, ranks: blockPlaces)
      : within.intersect(
        count: within.count, with: documents, from: index & ~15, places: places, documentPlaces: blockPlaces)
    return (found, next)
  }
}
