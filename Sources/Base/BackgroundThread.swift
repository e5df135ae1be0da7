internal import Glibc

/// A thread of the operating system for work that blocks or takes long; the cooperative pool is for neither.
public enum BackgroundThread {
  private final class Work {
    let body: @Sendable () -> Void
    init(body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// Starts a detached thread that runs `body` once. Returns false where the system refuses another thread.
  public static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
    let work = unsafe Unmanaged.passRetained(Work(body: body))
    var thread = pthread_t()
    // SAFETY: the retained work is taken over by the thread, which releases it; on refusal it is released here.
    let refused = unsafe pthread_create(&thread, nil, { argument in
      let work = unsafe Unmanaged<Work>.fromOpaque(argument!).takeRetainedValue()
      work.body()
      return nil
    }, work.toOpaque())
    if refused != 0 {
      unsafe work.release()
      return false
    }
    pthread_detach(thread)
    return true
  }

  /// Gives way to all other threads that want a core, from now on and for threads that this one starts: for indexing
  /// and merging, which queries must not feel. On Linux a thread has a niceness of its own.
  public static func yieldToOthers() {
    // Refused, it stays as it is: that is no reason not to work.
    _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness)
  }

  private static let niceness: CInt = 10
}
