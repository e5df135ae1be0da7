import Glibc

/// Pages that had to be read from a disk.
public enum PageFaults {
  /// RUSAGE_THREAD of getrusage(2), which the C library's module leaves out.
  private static let thisThread = __rusage_who_t(1)

  /// How often the calling thread has waited for one so far.
  public static var ofThisThread: Int {
    var usage = rusage()
    unsafe getrusage(thisThread, &usage)  // SAFETY: writes one rusage that outlives the call.
    return usage.ru_majflt
  }
}
