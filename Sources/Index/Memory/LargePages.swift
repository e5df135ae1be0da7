internal import Glibc

/// Memory that is reached at random: in pages of 2 MiB where it is large enough and the kernel has them, which saves
/// most of the misses of the address cache.
enum LargePages {
  static let byteCount = 2 << 20

  /// Uninitialised room for `capacity` values; freed with `deallocate`.
  static func allocate<Value: BitwiseCopyable>(_ capacity: Int, of type: Value.Type) -> UnsafeMutablePointer<Value> {
    let bytes = capacity * MemoryLayout<Value>.stride
    let isLarge = bytes >= 2 * byteCount
    // SAFETY: `bytes` bytes, aligned for any value; advice about them changes nothing of what they hold.
    let base = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: isLarge ? byteCount : 64)
    if isLarge { unsafe advise(base, bytes) }
    return unsafe base.bindMemory(to: Value.self, capacity: capacity)
  }

  /// Asks for large pages; a kernel that has none leaves it as it is.
  static func advise(_ base: UnsafeMutableRawPointer, _ byteCount: Int) {
    _ = unsafe madvise(base, byteCount, MADV_HUGEPAGE)  // SAFETY: the caller's own memory.
  }
}
