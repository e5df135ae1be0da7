import Glibc

/// Hints to the kernel about bytes of the map, which is opened without read-ahead.
public enum PageAdvice {
  /// Asks the kernel to read what is about to be read for the first time, in large pieces and without waiting. Said of
  /// pages that are in memory it costs some microseconds for nothing.
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
