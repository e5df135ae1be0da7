internal import CKernels

/// Where one block of a dictionary lies in memory.
@safe
struct DictionaryBlock: BitwiseCopyable {
  // SAFETY: `byteCount` readable bytes from `base` on, handed out by the segment's memory; they live as long as the segment.
  let base: UnsafeRawPointer
  let byteCount: Int
  let address: UInt64

  init(base: UnsafeRawPointer, byteCount: Int, address: UInt64) {
    unsafe self.base = base  // SAFETY: see the type; the caller vouches for it.
    self.byteCount = byteCount
    self.address = address
  }

  /// Asks for the block's bytes before they are read.
  func prefetch() {
    // SAFETY: nothing is read.
    for line in stride(from: 0, to: byteCount, by: 64) { unsafe kwic_prefetch(base + line) }
  }
}
