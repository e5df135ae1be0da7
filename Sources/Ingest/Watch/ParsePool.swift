internal import Base
internal import Dispatch
internal import Synchronization

/// Threads that read and parse files, each one file at a time, giving way to queries. Thread-safe.
final class ParsePool: Sendable {
  typealias Work = @Sendable () -> Void

  private struct State {
    /// In order of arrival.
    var waiting: [Work] = []
    var isStopped = false
  }

  private let state = Mutex(State())
  private let available = DispatchSemaphore(value: 0)
  private let ended = DispatchSemaphore(value: 0)

  /// Starts threads; answers how many the system has let start. Once.
  func start(threads: Int) -> Int {
    var started = 0
    for _ in 0..<threads {
      let isStarted = BackgroundThread.start { [self] in
        BackgroundThread.yieldToOthers()
        while let work = next() { work() }
        ended.signal()
      }
      if isStarted { started += 1 }
    }
    return started
  }

  /// Has a thread do `work` when one is free.
  func submit(_ work: @escaping Work) {
    state.withLock { $0.waiting.append(work) }
    available.signal()
  }

  /// Ends the threads and returns when all are gone. What waits is not begun; what runs must come to an end.
  func stop(threads: Int) {
    state.withLock { state in
      state.isStopped = true
      state.waiting = []
    }
    for _ in 0..<threads { available.signal() }
    for _ in 0..<threads { ended.wait() }
  }

  private func next() -> Work? {
    while true {
      available.wait()
      let (work, isStopped) = state.withLock { state in
        (state.waiting.isEmpty ? nil : state.waiting.removeFirst(), state.isStopped)
      }
      if isStopped { return nil }
      if let work { return work }
    }
  }
}
