/// Memory for the positions of one leaf in one document; grows, never shrinks, freed with its owner.
@safe
struct PositionBuffer: ~Copyable {
  private var arena = ScratchArena()
  private(set) var values: Slots<UInt32>

  /// - Parameter first: What it begins with, memory of another owner that lives longer.
  init(first: Slots<UInt32> = .none) { values = first }

  /// Values that an execution's buffer begins with.
  static let firstCount = 1_024

  /// Room for `count` values; what was in it is gone if it had to grow, but for the first `kept`.
  @inline(__always)
  mutating func reserve(_ count: Int, keeping kept: Int = 0) {
    if count > values.count { grow(count, keeping: kept) }
  }

  private mutating func grow(_ count: Int, keeping kept: Int) {
    var newArena = ScratchArena()
    let grown = newArena.unwritten(max(count, 2 * values.count, Self.firstCount), of: UInt32.self)
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
