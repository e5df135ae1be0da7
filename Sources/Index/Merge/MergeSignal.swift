internal import Dispatch
internal import Synchronization

/// Wakes the merge thread when there may be something to do, and stops it.
final class MergeSignal: Sendable {
  private struct State {
    var isStopped = false
    var isRunning = false
  }

  private let state = Mutex(State())
  private let woken = DispatchSemaphore(value: 0)
  private let ended = DispatchSemaphore(value: 0)

  /// Whether the thread should give up what it is doing.
  var isStopped: Bool { state.withLock { $0.isStopped } }

  /// Says that one thread runs from now on; false where one does already or none may.
  func begin() -> Bool {
    state.withLock { state in
      if state.isRunning || state.isStopped { return false }
      state.isRunning = true
      return true
    }
  }

  func wake() { woken.signal() }

  /// The thread has ended.
  func end() {
    state.withLock { $0.isRunning = false }
    ended.signal()
  }

  /// Waits until woken, or so many seconds; false where it is to stop.
  func wait(seconds: Int? = nil) -> Bool {
    if let seconds { _ = woken.wait(timeout: .now() + .seconds(seconds)) } else { woken.wait() }
    return !isStopped
  }

  /// Tells the thread to stop and waits until it has.
  func stop() {
    let mustWait = state.withLock { state in
      defer { state.isStopped = true }
      return state.isRunning && !state.isStopped
    }
    guard mustWait else { return }
    woken.signal()
    ended.wait()
  }
}
