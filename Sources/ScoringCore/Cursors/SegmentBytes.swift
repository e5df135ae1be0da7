internal import Base
internal import CKernels

/// A run of a segment's bytes inside one extent (or a copy of it), checked to be there when it was made.
///
/// Every offset and length is checked by the caller once a block; debug builds check each access again.
@safe
struct SegmentBytes: BitwiseCopyable {
  // SAFETY: `count` readable bytes from `base` on, owned by the segment or the arena, both outlive the execution.
  private let base: UnsafeRawPointer
  let count: Int

  init(base: UnsafeRawPointer, count: Int) {
    unsafe self.base = base  // SAFETY: see the type; the caller vouches for it.
    self.count = count
  }

  @inline(__always)
  func byte(at offset: Int) -> UInt8 {
    assert(offset >= 0 && offset < count)
    return unsafe base.load(fromByteOffset: offset, as: UInt8.self)  // SAFETY: inside, checked by the caller.
  }

  @inline(__always)
  func integer<T: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as type: T.Type = T.self) -> T {
    assert(offset >= 0 && offset + MemoryLayout<T>.size <= count)
    // SAFETY: inside, checked by the caller.
    return unsafe T(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: T.self))
  }

  /// Asks for the bytes at `offset`, which may be behind the end, before they are read.
  @inline(__always)
  func prefetch(at offset: Int = 0) {
    unsafe kwic_prefetch(base + offset)  // SAFETY: nothing is read.
  }

  // MARK: - Kernels

  /// 128 values of `width` (at most 32) bits from 16 * width bytes at `offset`.
  @inline(__always)
  func unpackBlock(at offset: Int, width: UInt32, into values: Slots<UInt32>) {
    assert(offset >= 0 && offset + 16 * Int(width) <= count && width <= 32 && values.count >= 128)
    unsafe kwic_unpack_block(base + offset, width, values.pointer())  // SAFETY: both lengths as asserted.
  }

  /// 128 ascending values from their gaps.
  @inline(__always)
  func unpackAscendingBlock(at offset: Int, width: UInt32, previous: UInt32, into values: Slots<UInt32>) {
    assert(offset >= 0 && offset + 16 * Int(width) <= count && width <= 32 && values.count >= 128)
    // SAFETY: both lengths as asserted.
    unsafe kwic_unpack_ascending_block(base + offset, width, previous, values.pointer())
  }

  /// `valueCount` values of `width` (at most 32) bits from the bit stream at `offset`.
  @inline(__always)
  func unpackStream(at offset: Int, width: UInt32, valueCount: Int, into values: Slots<UInt32>) {
    assert(offset >= 0 && offset + PostingListFormat.packedBytes(count: valueCount, width: width) <= count)
    assert(width <= 32 && values.count >= valueCount)
    unsafe kwic_unpack_stream(base + offset, width, valueCount, values.pointer())  // SAFETY: both lengths as asserted.
  }

  /// Adds `patchCount` patches from `offset` on to what was unpacked with `width` (at most 31) bits.
  @inline(__always)
  func patch(at offset: Int, patchCount: Int, width: UInt32, _ values: Slots<UInt32>) {
    assert(offset >= 0 && patchCount >= 0 && offset + patchCount <= count && width < 32 && values.count >= 128)
    unsafe kwic_patch(base + offset, patchCount, width, values.pointer())  // SAFETY: both lengths as asserted.
  }

  /// The width and Rice code at `offset`, of `valueCount` (at least one) values; answers the offset behind it, nil where
  /// there is no such code.
  func unpackRice(at offset: Int, valueCount: Int, into values: Slots<UInt32>) -> Int? {
    guard offset >= 0, offset < count, byte(at: offset) < 32, values.count >= valueCount else { return nil }
    let width = UInt32(byte(at: offset))
    // SAFETY: the kernel reads no more than the bytes that are left, and there is room for the values.
    let read = unsafe kwic_unpack_rice(base + offset + 1, count - offset - 1, width, valueCount, values.pointer())
    return read > 0 ? offset + 1 + read : nil
  }

  /// Bytes of the first `before` blocks of a group of position blocks, by the eight codes at the beginning.
  @inline(__always)
  func groupBytes(before: Int) -> Int {
    assert(count >= 16 && before <= 8)
    return unsafe Int(kwic_group_bytes(base, UInt32(truncatingIfNeeded: before)))  // SAFETY: 16 bytes, as asserted.
  }

  /// The `count` bytes from `start` on.
  @inline(__always)
  func part(from start: Int, count: Int) -> SegmentBytes {
    assert(start >= 0 && count >= 0 && start + count <= self.count)
    return unsafe SegmentBytes(base: base + start, count: count)  // SAFETY: inside this one.
  }

  /// The numbers of the set bits, from `first` on; answers how many there are, 129 for more than 128.
  @inline(__always)
  func unpackBits(at offset: Int, byteCount: Int, first: UInt32, into values: Slots<UInt32>) -> Int {
    assert(offset >= 0 && offset + byteCount <= count && byteCount % 8 == 0 && values.count >= 128)
    return unsafe Int(kwic_unpack_bits(base + offset, byteCount, first, values.pointer()))  // SAFETY: as asserted.
  }

  /// How many bits are set; writes how many are in front of each word of 64, of which `count` is a multiple.
  func countBits(before: Slots<UInt32>) -> Int {
    assert(count % 8 == 0 && count / 8 <= before.count)
    return unsafe Int(kwic_count_before(base, count, before.pointer()))  // SAFETY: as asserted.
  }

  /// How many bits are set in front of bit `offset`, if that one is; nil where it is not.
  /// - Parameter before: As `countBits` wrote it.
  @inline(__always)
  func rank(at offset: Int, before: Slots<UInt32>) -> Int? {
    assert(offset >= 0 && offset < 8 * count)
    let word: UInt64 = integer(at: (offset >> 6) * 8)
    let bit = UInt64(1) &<< UInt64(offset & 63)
    guard word & bit != 0 else { return nil }
    return Int(before[offset >> 6]) &+ (word & (bit &- 1)).nonzeroBitCount
  }

  /// Which of the first `count` ascending candidates have their bit set, and how many are set before it: see the kernel.
  @inline(__always)
  func intersect(
    _ candidates: Slots<UInt32>, count candidateCount: Int, first: UInt32, places: Slots<UInt32>, ranks: Slots<UInt32>
  ) -> Int {
    assert(candidateCount <= candidates.count && candidateCount <= places.count && candidateCount <= ranks.count)
    // SAFETY: as asserted; the kernel looks at no bit outside.
    return unsafe Int(
      kwic_intersect_bits(candidates.pointer(), candidateCount, base, count, first, places.pointer(), ranks.pointer()))
  }

  /// Sets the bits of a bit set in a window; bit 0 is bit `offset` of the window, and what lies outside is left out.
  /// Answers how many bits are set.
  @inline(__always)
  func markBits(at start: Int, byteCount: Int, offset: Int64, in window: Slots<UInt64>) -> Int {
    assert(start >= 0 && start + byteCount <= count && byteCount % 8 == 0)
    // SAFETY: as asserted; the kernel stays inside the window.
    return unsafe Int(kwic_mark_bits(base + start, byteCount, offset, window.pointer(), window.count))
  }
}

extension ExtentMap {
  /// The bytes from an address to the end of its extent, or nil where there are none.
  @inline(__always)
  func bytes(from address: UInt64) -> SegmentBytes? {
    guard let base = unsafe pointer(at: address, byteCount: 0) else { return nil }
    // SAFETY: the address lies in an extent, of which so many bytes are left.
    let left = min(UInt64(size.usableBytes - locate(address).offset), byteCount - address)
    return unsafe SegmentBytes(base: base, count: Int(left))
  }

  /// `count` bytes that lie in one extent, or nil where they do not or are not there.
  @inline(__always)
  func bytes(at address: UInt64, count: Int) -> SegmentBytes? {
    guard let base = unsafe pointer(at: address, byteCount: count) else { return nil }
    return unsafe SegmentBytes(base: base, count: count)  // SAFETY: the map checked it.
  }
}
