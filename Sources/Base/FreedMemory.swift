internal import Glibc

/// What becomes of memory that was freed: the C library keeps much of it for later, and what it keeps counts as much as
/// what is used.
///
/// `mallopt` and `malloc_trim` of malloc.h are looked up at run time, since Swift's Glibc has no malloc.h; a C library
/// without them goes on as it does.
public enum FreedMemory {
  private typealias SetOption = @convention(c) (_ option: CInt, _ value: CInt) -> CInt
  private typealias Trim = @convention(c) (_ kept: Int) -> CInt

  /// `M_MMAP_THRESHOLD`. Blocks from this size on are the kernel's own and go back to it when they are freed. Left alone,
  /// the library raises the bound to the largest block it has seen freed (at most 32 MiB), and then keeps such blocks.
  private static let (mapThreshold, mappedBytesMin): (CInt, CInt) = (-3, 256 << 10)
  /// `M_TRIM_THRESHOLD`. Free bytes at the end of a heap that are kept.
  private static let (trimThreshold, keptBytes): (CInt, CInt) = (-1, 1 << 20)
  /// `M_ARENA_MAX`. Heaps that threads share; left alone there are eight a core, and each keeps what was freed in it.
  private static let (arenaMax, heapsMax): (CInt, CInt) = (-8, 2)

  /// Bounds what is kept. For the whole process; call before threads are started.
  public static func bound() {
    // SAFETY: the functions of malloc.h, whose declarations are the types above.
    guard let symbol = unsafe dlsym(nil, "mallopt") else { return }
    let set = unsafe unsafeBitCast(symbol, to: SetOption.self)
    _ = set(mapThreshold, mappedBytesMin)
    _ = set(trimThreshold, keptBytes)
    _ = set(arenaMax, heapsMax)
  }

  /// Gives back whole free pages, wherever they lie. Takes a millisecond or two for each 10 MB that are given back;
  /// who allocates meanwhile may wait for that.
  public static func giveBack() { _ = trim?(0) }

  // SAFETY: as above.
  private static let trim: (@convention(c) (Int) -> CInt)? = unsafe dlsym(nil, "malloc_trim").map {
    unsafe unsafeBitCast($0, to: Trim.self)
  }
}
