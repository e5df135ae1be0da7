/// Memory for the positions of one leaf in one document; grows, never shrinks, freed with its owner.
@safe
struct PositionBuffer: ~Copyable {
  private var arena = ScratchArena()
  private(set) var values = Slots<UInt32>.none

  /// Room for `count` values; what was in it is gone if it had to grow.
  @inline(__always)
  mutating func reserve(_ count: Int) {
    if count > values.count { grow(count) }
  }

  private mutating func grow(_ count: Int) {
    arena = ScratchArena()
    values = arena.slots(max(count, 2 * values.count, 1_024), repeating: 0)
  }

  /// Appends the first `count` values.
  func append(_ count: Int, to positions: inout [UInt32]) {
    // SAFETY: `count` values were reserved and written.
    unsafe positions.append(contentsOf: UnsafeBufferPointer(start: values.pointer(), count: count))
  }
}
