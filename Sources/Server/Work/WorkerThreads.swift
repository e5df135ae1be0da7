internal import Base
internal import Dispatch
internal import NIOCore
internal import Synchronization

/// A fixed number of threads that take pieces of work in the order in which they come.
///
/// Waking a sleeping thread takes its waker and it longer than many searches take: a system call, and often an
/// interrupt to another core. So a thread that has done its work looks for more for `watchNanoseconds` before it sleeps,
/// one thread at most at a time. That is the most that a piece of work costs beyond itself; without work all threads
/// sleep. Thread-safe; `stop()` once.
final class WorkerThreads: Sendable {
  /// Is told whether it may run: false after `stop()`.
  typealias Work = @Sendable (_ mayRun: Bool) -> Void

  private struct State {
    var waiting = CircularBuffer<Work>()
    var sleeping = 0
    /// A thread looks for work without sleeping.
    var isWatched = false
    var isStopping = false
    var running = 0
  }

  /// About what a client takes from an answer to its next request.
  private static let watchNanoseconds: UInt64 = 100_000

  private let state = Mutex(State())
  /// As `waiting.count`, to look at without the lock.
  private let waitingCount = Atomic<Int>(0)
  private let wakeUps = DispatchSemaphore(value: 0)
  private let ended = DispatchGroup()
  private let clock = SystemTime()

  /// Starts so many threads, fewer where the system refuses them, but at least one.
  init(count: Int) {
    for _ in 0..<count {
      ended.enter()
      let isStarted = BackgroundThread.start { [self] in
        work()
        ended.leave()
      }
      guard isStarted else {
        ended.leave()
        break
      }
      state.withLock { $0.running += 1 }
    }
    precondition(state.withLock { $0.running } > 0, "the system starts no thread")
  }

  /// Hands over work; where there are no more threads it is told so at once.
  func submit(_ work: @escaping Work) {
    let (isTaken, wakes) = state.withLock { state -> (Bool, Bool) in
      guard !state.isStopping else { return (false, false) }
      state.waiting.append(work)
      waitingCount.store(state.waiting.count, ordering: .relaxed)
      // The thread that watches takes one; for any further work one is woken.
      let wakes = state.sleeping > 0 && state.waiting.count > (state.isWatched ? 1 : 0)
      if wakes { state.sleeping -= 1 }
      return (true, wakes)
    }
    if wakes { wakeUps.signal() }
    if !isTaken { work(false) }
  }

  /// Ends the threads when they are done with what they have begun; what waits is told that it may not run.
  func stop() async {
    let (waiting, sleeping) = state.withLock { state in
      state.isStopping = true
      defer {
        state.waiting.removeAll()
        state.sleeping = 0
      }
      waitingCount.store(0, ordering: .relaxed)
      return (Array(state.waiting), state.sleeping)
    }
    for _ in 0..<sleeping { wakeUps.signal() }
    for work in waiting { work(false) }
    await withCheckedContinuation { continuation in
      ended.notify(queue: .global()) { continuation.resume() }
    }
  }

  // MARK: A thread

  private enum Next {
    case work(Work)
    case watch
    case sleep
    case end
  }

  private func work() {
    var hasWatched = true
    while true {
      switch next(afterWatching: hasWatched) {
      case .work(let work):
        work(true)
        hasWatched = false
      case .watch:
        watch()
        hasWatched = true
      case .sleep:
        wakeUps.wait()
        hasWatched = true
      case .end: return
      }
    }
  }

  /// What a thread does next. One that has watched and found nothing sleeps; so does one while another watches.
  private func next(afterWatching hasWatched: Bool) -> Next {
    state.withLock { state in
      if let work = state.waiting.popFirst() {
        waitingCount.store(state.waiting.count, ordering: .relaxed)
        return .work(work)
      }
      if state.isStopping { return .end }
      if !hasWatched, !state.isWatched {
        state.isWatched = true
        return .watch
      }
      state.sleeping += 1
      return .sleep
    }
  }

  /// Looks for work until there is some or the time is over.
  private func watch() {
    let end = clock.monotonicNanoseconds() + Self.watchNanoseconds
    while waitingCount.load(ordering: .relaxed) == 0, clock.monotonicNanoseconds() < end {}
    state.withLock { $0.isWatched = false }
  }
}
