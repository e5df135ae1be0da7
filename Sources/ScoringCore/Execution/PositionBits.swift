internal import Base
internal import CKernels

/// The positions of one word in one document as bits, beside which another word's are walked: of each the nearest neighbours
/// are so many zeros away. No step waits for the one before, as those of a merge do.
struct PositionBits: BitwiseCopyable {
  /// Bit 0 is that of the second word; zeros stand in front of it.
  private var words = Slots<UInt64>.none
  /// Bits that are written.
  private var zeroed: UInt32 = 0
  /// No bit is set from here on.
  private(set) var end: UInt32 = 0
  /// Where the values of the document end; a walk that no border stops has one.
  private var valueEnds = Slots<UInt32>.none

  /// Positions that it has about room for: documents are mostly shorter. Nothing is written before it is used.
  private static let room: UInt32 = 65_536
  private static let valuesMax = 32
  /// The widest hulls that are found.
  static let distanceMax = UInt32(KWIC_NEAR_MAX)

  /// Takes room at the first call.
  @inline(__always)
  mutating func removeAll(_ arena: inout ScratchArena) {
    if words.count == 0 {
      words = arena.unwritten(Int(Self.room) / 64 + 1, of: UInt64.self)
      words[0] = 0
      valueEnds = arena.slots(Self.valuesMax + 1, repeating: UInt32.max)
    }
    zeroed = 0
    end = 0
  }

  /// Sets the bits that gaps give, the sum of which is below 2^32, from behind `previous` on (-1: from the first position);
  /// that is the last position afterwards. False where there is no room for them.
  @inline(__always)
  mutating func add(_ gaps: Slots<UInt32>, previous: inout UInt32) -> Bool {
    // SAFETY: the kernel writes no bit beyond the room, which stands behind the first word.
    guard unsafe kwic_mark_positions(
      gaps.pointer(), gaps.count, &previous, words.pointer(at: 1), &zeroed, Self.room) != 0
    else { return false }
    end = max(end, previous &+ 1)
    return true
  }

  /// Notes where the values of the document end; false where they are too many.
  mutating func divide(_ layout: DocumentLayout) -> Bool {
    guard layout.values.count <= Self.valuesMax else { return false }
    for (i, value) in layout.values.enumerated() { valueEnds[i] = value.end }
    valueEnds[layout.values.count] = .max
    return true
  }

  /// The borders of values stop no walk any more.
  mutating func unite() { valueEnds[0] = .max }

  /// Goes on with a walk; false where it has ended.
  @inline(__always)
  func walk(_ walk: inout kwic_near_walk, _ gaps: Slots<UInt32>, rest: Int) -> Bool {
    assert(walk.end == end && walk.max <= Self.distanceMax)
    // SAFETY: zeros stand around the bits as far as the kernel reads, and the last value has no end.
    return unsafe kwic_walk_near(&walk, words.pointer(at: 1), valueEnds.pointer(), gaps.pointer(), gaps.count, rest) != 0
  }
}

extension ListCursor {
  /// Adds the positions of the current document. False where they cannot be told by their gaps: the bytes are wrong, which
  /// `readPositions` says, or there is no room.
  mutating func addPositions(to bits: inout PositionBits) -> Bool {
    var previous = UInt32.max
    return forEachGaps { (gaps, _) in bits.add(gaps, previous: &previous) ? true : nil } != nil
  }

  /// Walks the positions of the current document past the bits. False where they cannot be told by their gaps.
  mutating func walk(_ walk: inout kwic_near_walk, past bits: PositionBits) -> Bool {
    forEachGaps { (gaps, rest) in bits.walk(&walk, gaps, rest: rest) } != nil
  }

  /// Calls `body` with the gaps of the current document's positions, block by block, and how many follow, until it answers
  /// false. Answers nil where bytes are wrong, or gaps might wrap around, or `body` answers nil.
  @inline(__always)
  private mutating func forEachGaps(_ body: (Slots<UInt32>, Int) -> Bool?) -> Void? {
    let count = Int(frequency())
    guard !isExhausted, reference.hasPositions else { return nil }
    var from = positionsBefore()
    let end = from + count
    guard end <= Int(reference.totalFrequency) else { return nil }
    while from < end {
      guard loadPositionBlock(from >> 7), !positions.mayWrap else { return nil }
      let offset = from & 127
      let part = min(end - from, PostingListFormat.blockCount - offset)
      from += part
      guard let goesOn = body(positions.values.part(from: offset, count: part), end - from) else { return nil }
      if !goesOn { break }
    }
    return ()
  }
}
