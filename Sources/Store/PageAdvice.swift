import Glibc

/// Hints to the kernel about bytes of the map, which is opened without read-ahead.
public enum PageAdvice {
  /// Below this a hint costs more than it saves.
  public static let worthwhileBytes = 256 << 10

  /// Asks the kernel to read what a query or a merge is about to scan, in large pieces and without waiting.
  ///
  /// Grown to whole pages. Returns whether the kernel took the hint; nothing depends on it.
  @discardableResult
  public static func willNeed(_ start: UnsafeRawPointer, byteCount: Int) -> Bool {
    guard byteCount > 0 else { return false }
    let pageBytes = sysconf(Int32(_SC_PAGESIZE))
    let before = Int(bitPattern: start) % pageBytes
    // SAFETY: an advice changes no bytes, and the kernel refuses pages that are not mapped.
    return unsafe madvise(UnsafeMutableRawPointer(mutating: start - before), before + byteCount, MADV_WILLNEED) == 0
  }
}
