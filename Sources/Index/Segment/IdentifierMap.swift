internal import Base

/// From a document's identity to its number in a segment: (hash, document) pairs in ascending order.
///
///     entry := hash u32, document u32       8-aligned, so that no entry straddles two extents
///
/// A hash names candidates; the stored record settles which one it is.
struct IdentifierMap: Sendable {
  static let entryBytes = 8

  let memory: SegmentMemory
  let address: UInt64
  let count: Int

  /// 32 bits of FNV-1a over the identity (Fowler, Noll, Vo), mixed once. Part of the format.
  static func hash(_ id: some Sequence<UInt8>) -> UInt32 {
    var state: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in id { state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    state ^= state >> 32
    return UInt32(truncatingIfNeeded: state &* 0x9E37_79B1)
  }

  /// Documents whose identity has this hash, ascending. Complexity: log2(count).
  func candidates(_ hash: UInt32) throws(SegmentMemory.Damage) -> [DocID] {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if try entry(middle).hash < hash { low = middle + 1 } else { high = middle }
    }
    var found: [DocID] = []
    while low < count {
      let next = try entry(low)
      if next.hash != hash { break }
      found.append(next.document)
      low += 1
    }
    return found
  }

  private func entry(_ number: Int) throws(SegmentMemory.Damage) -> (hash: UInt32, document: DocID) {
    let value = try memory.integer(at: address + UInt64(number * Self.entryBytes), as: UInt64.self)
    return (UInt32(truncatingIfNeeded: value), DocID(truncatingIfNeeded: value >> 32))
  }
}
