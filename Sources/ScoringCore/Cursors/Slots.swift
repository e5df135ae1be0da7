internal import CKernels

/// A run of trivial values in an arena: what cursors and executors keep their state and decoded blocks in.
///
/// A handle, copied freely, without reference counting; valid as long as its arena. Indexes are checked in debug
/// builds only: this is the inner loop's memory, and its users state why their indexes are in range.
@safe
struct Slots<Element: BitwiseCopyable>: BitwiseCopyable {
  // SAFETY: `base` points to `count` initialised elements of an arena that outlives every use of the handle.
  private let base: UnsafeMutablePointer<Element>
  let count: Int

  fileprivate init(base: UnsafeMutablePointer<Element>, count: Int) {
    unsafe self.base = base  // SAFETY: made by the arena only.
    self.count = count
  }

  @inline(__always)
  subscript(i: Int) -> Element {
    get {
      assert(i >= 0 && i < count)
      return unsafe base[i]  // SAFETY: i < count, see the type.
    }
    nonmutating _modify {
      assert(i >= 0 && i < count)
      yield unsafe &base[i]  // SAFETY: i < count, see the type.
    }
  }

  /// For kernels: the memory from element `start` on.
  @inline(__always)
  func pointer(at start: Int = 0) -> UnsafeMutablePointer<Element> { unsafe base + start }  // SAFETY: start <= count.

  /// The handle of a part.
  @inline(__always)
  func part(from start: Int, count: Int) -> Slots {
    assert(start >= 0 && count >= 0 && start + count <= self.count)
    return unsafe Slots(base: base + start, count: count)  // SAFETY: inside this one.
  }

  /// The sum of the first `count` values.
  @inline(__always)
  func sum(count: Int, from start: Int = 0) -> Int where Element == UInt32 {
    assert(start >= 0 && count >= 0 && start + count <= self.count)
    return unsafe Int(truncatingIfNeeded: kwic_sum(base + start, count))  // SAFETY: inside, as asserted.
  }

  /// How many of the 16 ascending values from `start` on are below `limit`.
  @inline(__always)
  func countBelow16(_ limit: UInt32, from start: Int) -> Int where Element == UInt32 {
    unsafe Int(kwic_below16(base + start, limit))  // SAFETY: who asks has 16 values from `start` on in its arena.
  }

  /// Writes positions to `target`: the first `count` gaps from `start` on undone, counted from `previous`.
  @inline(__always)
  func ascend(from start: Int, count: Int, previous: UInt32, into target: Slots, at place: Int)
  where Element == UInt32 {
    assert(start >= 0 && count >= 0 && start + count <= self.count && place + count <= target.count)
    unsafe kwic_ascend(base + start, count, previous, target.base + place)  // SAFETY: both inside, as asserted.
  }

  func fill(_ value: Element) {
    unsafe base.update(repeating: value, count: count)  // SAFETY: count initialised elements.
  }
}

/// The memory of one execution, given out in `Slots` and freed as a whole.
@safe
struct ScratchArena: ~Copyable {
  private var chunks: [UnsafeMutableRawPointer] = unsafe []
  private var next = 0
  private var left = 0
  private static let chunkBytes = 64 << 10

  init() {}

  deinit {
    for unsafe chunk in unsafe chunks { unsafe chunk.deallocate() }  // SAFETY: allocated here, freed once.
  }

  /// `count` elements equal to `value`, aligned to 64 bytes.
  mutating func slots<Element: BitwiseCopyable>(_ count: Int, repeating value: Element) -> Slots<Element> {
    let bytes = (max(count, 1) * MemoryLayout<Element>.stride + 63) & ~63
    if bytes > left {
      let size = max(bytes, Self.chunkBytes)
      unsafe chunks.append(UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64))  // SAFETY: freed in deinit.
      next = 0
      left = size
    }
    // SAFETY: `bytes` bytes are left in the newest chunk from `next` on, which is a multiple of 64.
    let base = unsafe (chunks[chunks.count - 1] + next).bindMemory(to: Element.self, capacity: max(count, 1))
    unsafe base.initialize(repeating: value, count: max(count, 1))
    next += bytes
    left -= bytes
    return unsafe Slots(base: base, count: count)
  }

  /// An empty run.
  mutating func slots<Element: BitwiseCopyable>(_ count: Int, of type: Element.Type) -> Slots<Element> {
    precondition(count == 0)
    let none = self.slots(8, repeating: UInt64(0))
    // SAFETY: 64 aligned bytes of which no element is ever read.
    return unsafe Slots(base: UnsafeMutableRawPointer(none.pointer()).assumingMemoryBound(to: Element.self), count: 0)
  }

  /// A copy of `bytes` that lives as long as the arena.
  mutating func copy(_ bytes: [UInt8]) -> SegmentBytes {
    let slots = self.slots(bytes.count, repeating: UInt8(0))
    for i in bytes.indices { slots[i] = bytes[i] }
    return unsafe SegmentBytes(base: UnsafeRawPointer(slots.pointer()), count: bytes.count)  // SAFETY: just made.
  }
}
