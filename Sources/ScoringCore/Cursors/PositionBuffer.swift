/// Memory for the positions of one leaf in one document; grows, never shrinks, freed with its owner.
@safe
struct PositionBuffer: ~Copyable {
  private var arena = ScratchArena()
  private(set) var values = Slots<UInt32>.none

  /// Room for `count` values; what was in it is gone if it had to grow, but for the first `kept`.
  @inline(__always)
  mutating func reserve(_ count: Int, keeping kept: Int = 0) {
    if count > values.count { grow(count, keeping: kept) }
  }

  private mutating func grow(_ count: Int, keeping kept: Int) {
    var newArena = ScratchArena()
    let grown = newArena.slots(max(count, 2 * values.count, 1_024), repeating: UInt32(0))
    for i in 0..<kept { grown[i] = values[i] }
    arena = newArena
    values = grown
  }

  /// Appends the first `count` values.
  func append(_ count: Int, to positions: inout [UInt32]) {
    // SAFETY: `count` values were reserved and written.
    unsafe positions.append(contentsOf: UnsafeBufferPointer(start: values.pointer(), count: count))
  }
}
