public import Index
public import Logging
internal import Base
internal import Dispatch
internal import Synchronization

/// Keeps an index equal to what lies in folders, for as long as it runs: one thread that looks, which sleeps when
/// nothing happens, and some that read and parse for it.
///
/// News of the kernel and listings go into a `FolderTree`, which says what to look at; a look compares the file with the
/// ledger (the index's own record of it) and reads it where they differ. Documents and ledger change in one commit, so
/// whatever is lost (events, the process, the power) is found by the next look. Thread-safe.
public final class FolderWatcher: Sendable {
  /// Takes changes without waiting; `done` is called once, on any thread, when they are durable or have failed.
  public typealias Submit = @Sendable (
    _ operations: [IndexOperation], _ byteCount: Int, _ done: @escaping @Sendable ([OperationOutcome]?) -> Void
  ) -> Void

  /// What became of a file that was handed over.
  struct Completion: Sendable {
    let path: String
    let byteCount: Int
    /// The places of the documents, for messages about those that were refused.
    let origins: [Origin]
    /// Nil where the commit failed.
    let outcome: FileOutcome?
  }

  struct Origin: Sendable {
    let line: Int
    let id: String
  }

  struct Shared {
    var completions: [Completion] = []
    /// What threads have read, in order.
    var readings: [(FileReading, FileReading.News)] = []
    var report = WatchReport()
    var isStopped = false
    var hasEnded = false
    var isRescanAsked = false
    var whenDone: [CheckedContinuation<Void, Never>] = []
    var whenEnded: [CheckedContinuation<Void, Never>] = []
    var waker: Inotify.Waker?
  }

  let shared = Mutex(Shared())

  /// Starts watching. Everything under the folders is compared with the ledger at once.
  ///
  /// - Parameter index: where the ledger is read; changes go through `submit` only.
  public init(
    _ options: WatchOptions, index: Index, parser: DocumentParser, logger: Logger, submit: @escaping Submit
  ) {
    shared.withLock { $0.report.isDone = false }
    let isStarted = BackgroundThread.start { [self] in
      do throws(Inotify.Problem) {
        var loop = try WatchLoop(options, index: index, parser: parser, logger: logger, shared: self, submit: submit)
        loop.run()
      } catch {
        logger.error("folders cannot be watched", metadata: ["reason": "\(error)"])
      }
      end()
    }
    if !isStarted {
      logger.error("folders cannot be watched", metadata: ["reason": "the system refuses another thread"])
      end()
    }
  }

  public var report: WatchReport { shared.withLock { $0.report } }

  /// Returns when all that has been noticed so far is committed, or the watching has ended.
  public func waitUntilDone() async {
    await withCheckedContinuation { continuation in
      let isDone = shared.withLock { shared in
        if shared.hasEnded || shared.report.isDone { return true }
        shared.whenDone.append(continuation)
        return false
      }
      if isDone { continuation.resume() }
    }
  }

  /// Looks at everything again, as after a loss of events.
  public func rescan() {
    let waker = shared.withLock { shared in
      shared.isRescanAsked = true
      shared.report.isDone = false
      return shared.waker
    }
    waker?.wake()
  }

  /// Ends the watching and returns when the thread has gone. What was handed over is still committed.
  public func stop() async {
    shared.withLock { shared in
      shared.isStopped = true
      shared.waker?.wake()
    }
    await withCheckedContinuation { continuation in
      let hasEnded = shared.withLock { shared in
        if !shared.hasEnded { shared.whenEnded.append(continuation) }
        return shared.hasEnded
      }
      if hasEnded { continuation.resume() }
    }
  }

  /// The thread is gone: whoever waits for anything goes on.
  private func end() {
    let waiting = shared.withLock { shared in
      shared.hasEnded = true
      shared.waker = nil
      defer { (shared.whenDone, shared.whenEnded) = ([], []) }
      return shared.whenDone + shared.whenEnded
    }
    for continuation in waiting { continuation.resume() }
  }

  /// Called by the threads that read files. False where the watching ends.
  func deliver(_ reading: FileReading, _ news: FileReading.News) -> Bool {
    shared.withLock { shared in
      guard !shared.isStopped else { return false }
      shared.readings.append((reading, news))
      shared.waker?.wake()
      return true
    }
  }

  /// Called by the writer's side, on whatever thread it has.
  func complete(_ completion: Completion) {
    shared.withLock { shared in
      shared.completions.append(completion)
      // The waker's pipe is closed only after it was taken away here, under the lock.
      shared.waker?.wake()
    }
  }
}
