internal import Glibc

/// A stretch of address space that fills from the front and is emptied at once.
///
/// Addresses are 32-bit offsets, so that what points into the arena is half as large as a pointer and stays valid
/// while it grows. The space is reserved, not used: memory is taken page by page as bytes are allocated.
///
/// Single thread. The owner frees it; nothing that points into it may live longer.
@safe
struct ByteArena: ~Copyable {
  // SAFETY (whole type): `base` is a private mapping of `capacity` bytes, unmapped only in deinit.
  let base: UnsafeMutableRawPointer
  let capacity: Int
  private(set) var used = 0
  private static let smallPagesBytes = 4 << 20

  /// Reserves up to `capacity` bytes, at most 4 GiB; halves on refusal (a limited address space).
  init(capacity wanted: Int) {
    var size = min(wanted, 1 << 32)
    while true {
      let mapping = unsafe mmap(
        nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
      if let mapping = unsafe mapping, unsafe mapping != MAP_FAILED {
        unsafe base = mapping
        capacity = size
        // A small batch takes small pages: a large one is zeroed whole.
        if size > Self.smallPagesBytes {
          unsafe LargePages.advise(mapping + Self.smallPagesBytes, size - Self.smallPagesBytes)
        }
        return
      }
      precondition(size > 1 << 20, "no address space for a buffer of 1 MiB")
      size /= 2
    }
  }

  deinit { unsafe munmap(base, capacity) }

  var free: Int { capacity - used }

  /// Offset of `count` new bytes, which are zero. The caller keeps `free` above what one document can take.
  @inline(__always)
  mutating func allocate(_ count: Int) -> UInt32 {
    precondition(count <= capacity - used, "arena full")
    let offset = used
    used += count
    return UInt32(truncatingIfNeeded: offset)
  }

  /// Forgets everything and gives the memory back.
  mutating func reset() {
    // SAFETY: the mapping is private and anonymous: its pages come back as zeroes.
    if used > 0 { unsafe madvise(base, used, MADV_DONTNEED) }
    used = 0
  }
}
