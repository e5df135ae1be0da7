internal import CKernels
internal import Glibc

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

  /// A run of no elements.
  static var none: Slots {
    // SAFETY: an aligned address that is never read.
    unsafe Slots(base: UnsafeMutablePointer(bitPattern: 64)!, count: 0)
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

  /// The sum of the values in places `from..<to`, modulo 2^32.
  @inline(__always)
  func sum(from: Int, to: Int) -> Int where Element == UInt32 {
    assert(from >= 0 && from <= to && to <= count)
    return unsafe Int(kwic_sum_between(base, from, to))  // SAFETY: who asks has three more values behind in its arena.
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

  /// Whether a position of the word with the gaps `other` stands from `least` to `most` behind one of the word with these
  /// gaps. Neither has none, and their sums stay below 2^32.
  @inline(__always)
  func standNear(_ other: Slots, least: Int64, most: Int64) -> Bool where Element == UInt32 {
    assert(count > 0 && other.count > 0)
    return unsafe kwic_stand_near(base, count, other.base, other.count, least, most) != 0  // SAFETY: both are there.
  }

  /// Whether one of the positions that the gaps from place `start` on give is from 0 to `width` behind one of these, modulo
  /// 2^32. `previous` is the position in front of the first gap, and the last one that was looked at afterwards; none above
  /// `stop` has to be.
  @inline(__always)
  func reach(
    _ gaps: Slots, from start: Int, count gapCount: Int, width: UInt32, stop: UInt32, previous: inout UInt32
  ) -> Bool where Element == UInt32 {
    assert(start >= 0 && gapCount >= 0 && start + gapCount <= gaps.count)
    // SAFETY: both are there, as asserted.
    return unsafe kwic_any_within(base, count, width, gaps.base + start, gapCount, stop, &previous) != 0
  }

  /// Sets the bits of those of the first `count` documents that are in the window; its bit 0 is document `start`.
  @inline(__always)
  func mark(_ documents: Slots<UInt32>, count: Int, start: UInt32) where Element == UInt64 {
    assert(count >= 0 && count <= documents.count)
    // SAFETY: both runs are there; the kernel stays inside the window.
    unsafe kwic_mark_documents(documents.base, count, start, base, self.count)
  }

  /// Which of the first `count` candidates are among the 128 `documents`, from place `from` on, and where: see the kernel.
  @inline(__always)
  func intersect(
    count: Int, with documents: Slots, from: Int, places: Slots, documentPlaces: Slots
  ) -> Int where Element == UInt32 {
    assert(count <= self.count && count <= places.count && count <= documentPlaces.count && from % 16 == 0)
    // SAFETY: as asserted; a cursor's documents are 128 and more.
    return unsafe Int(
      kwic_intersect(base, count, documents.base, from, places.base, documentPlaces.base))
  }

  /// How many bits of the words are set.
  @inline(__always)
  func countBits() -> Int where Element == UInt64 {
    unsafe Int(kwic_count_bits(base, count))  // SAFETY: `count` words are there.
  }

  func fill(_ value: Element) {
    unsafe base.update(repeating: value, count: count)  // SAFETY: count initialised elements.
  }
}

/// The memory of one execution, given out in `Slots` and freed as a whole.
@safe
struct ScratchArena: ~Copyable {
  /// Chunks of the common size, and larger ones, which somebody asked for at once.
  private var chunks: [UnsafeMutableRawPointer] = unsafe []
  private var largeChunks: [UnsafeMutableRawPointer] = unsafe []
  private var next: UnsafeMutableRawPointer?
  private var left = 0

  init() {}

  deinit {
    for unsafe chunk in unsafe chunks { unsafe kwic_give_chunk(chunk) }  // SAFETY: taken here, given back once.
    for unsafe large in unsafe largeChunks { unsafe large.deallocate() }  // SAFETY: allocated here, freed once.
  }

  /// `count` elements equal to `value`, aligned to 64 bytes.
  @inline(__always)
  mutating func slots<Element: BitwiseCopyable>(_ count: Int, repeating value: Element) -> Slots<Element> {
    let slots = unsafe Slots(base: reserve(count, Element.self), count: count)
    // SAFETY: that many elements were reserved.
    unsafe slots.pointer().initialize(repeating: value, count: count)
    return slots
  }

  /// The elements of an array, which they outlive.
  @inline(__always)
  mutating func slots<Element: BitwiseCopyable>(copying elements: [Element]) -> Slots<Element> {
    let count = elements.count
    let base = unsafe reserve(count, Element.self)
    // SAFETY: that many elements were reserved; both are trivial.
    unsafe elements.withUnsafeBufferPointer { source in
      if let start = source.baseAddress { unsafe base.initialize(from: start, count: count) }
    }
    return unsafe Slots(base: base, count: count)
  }

  /// `count` elements that are written before they are read.
  @inline(__always)
  mutating func unwritten<Element: BitwiseCopyable>(_ count: Int, of type: Element.Type) -> Slots<Element> {
    unsafe Slots(base: reserve(count, type), count: count)  // SAFETY: that many elements were reserved.
  }

  /// Room for `count` elements, not initialised.
  @inline(__always)
  private mutating func reserve<Element: BitwiseCopyable>(
    _ count: Int, _ type: Element.Type
  ) -> UnsafeMutablePointer<Element> {
    let bytes = (count * MemoryLayout<Element>.stride + 63) & ~63
    if bytes > left { return unsafe reserveInNewChunk(bytes).bindMemory(to: Element.self, capacity: count) }
    guard let place = unsafe next else {
      // No chunk yet, and nothing asked for: an address that is never read.
      return unsafe UnsafeMutablePointer<Element>(bitPattern: 64)!
    }
    // SAFETY: `bytes` bytes are left in the newest chunk from `place` on, which is aligned to 64.
    unsafe next = place + bytes
    left -= bytes
    return unsafe place.bindMemory(to: Element.self, capacity: count)
  }

  /// Room for `count` elements that are written before they are read. Memory is taken as it is written, in large pages
  /// where that is not much more than is asked for and the kernel has them.
  mutating func room<Element: BitwiseCopyable>(_ count: Int, of type: Element.Type) -> Slots<Element> {
    let bytes = count * MemoryLayout<Element>.stride
    let largePageBytes = 2 << 20
    let isLarge = (2 * largePageBytes...32 * largePageBytes).contains(bytes)
    // SAFETY: freed in deinit; advice about memory changes nothing of what it holds.
    let room = UnsafeMutableRawPointer.allocate(byteCount: max(bytes, 1), alignment: isLarge ? largePageBytes : 64)
    if isLarge { _ = unsafe madvise(room, bytes, MADV_HUGEPAGE) }
    unsafe largeChunks.append(room)
    return unsafe Slots(base: room.bindMemory(to: Element.self, capacity: count), count: count)
  }

  private mutating func reserveInNewChunk(_ bytes: Int) -> UnsafeMutableRawPointer {
    let chunkBytes = Int(KWIC_CHUNK_BYTES)
    guard bytes <= chunkBytes / 2 else {
      // SAFETY: freed in deinit. The newest chunk stays in use.
      let large = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
      unsafe largeChunks.append(large)
      return unsafe large
    }
    guard let chunk = unsafe kwic_take_chunk() else { preconditionFailure("no memory for a query") }
    unsafe chunks.append(chunk)  // SAFETY: given back in deinit.
    unsafe next = chunk + bytes
    left = chunkBytes - bytes
    return unsafe chunk
  }

  /// An empty run.
  mutating func slots<Element: BitwiseCopyable>(_ count: Int, of type: Element.Type) -> Slots<Element> {
    precondition(count == 0)
    return .none
  }

  /// A copy of `bytes` that lives as long as the arena.
  mutating func copy(_ bytes: [UInt8]) -> SegmentBytes {
    let slots = self.slots(copying: bytes)
    return unsafe SegmentBytes(base: UnsafeRawPointer(slots.pointer()), count: bytes.count)  // SAFETY: just made.
  }
}
