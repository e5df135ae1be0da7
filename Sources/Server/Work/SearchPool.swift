internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// The threads on which queries run, so that none ever holds up an event loop, and the two limits that keep a flood out:
/// how many may run or wait, and how long one may take.
///
/// Thread-safe. `stop()` once, after the last request.
final class SearchPool: Sendable {
  /// Queries now in the pool, running ones and waiting ones.
  struct Load: Sendable {
    var admitted = 0
    var running = 0
    var answered: UInt64 = 0
    var refused: UInt64 = 0
    var late: UInt64 = 0
    /// Of those answered, the ones that ran where they were asked for.
    var quick: UInt64 = 0
    /// Of those answered, the ones whose answers were kept from before.
    var kept: UInt64 = 0
  }

  let threads: Int
  let waitingMax: Int
  private let pool: NIOThreadPool
  private let deadlines: DeadlineWatch
  private let state = Mutex(Load())

  private let activity: QueryActivity?

  /// - Parameters:
  ///   - waitingMax: queries that may wait while all threads are taken.
  ///   - activity: is told of every query.
  init(threads: Int, waitingMax: Int, timers: any EventLoop, activity: QueryActivity? = nil) {
    self.threads = threads
    self.activity = activity
    self.waitingMax = waitingMax
    deadlines = DeadlineWatch(timers: timers)
    pool = NIOThreadPool(numberOfThreads: threads)
    pool.start()
  }

  var load: Load { state.withLock { $0 } }

  /// Runs `work` on a thread of the pool and gives `done` what it answers, on whatever thread knows it first.
  ///
  /// At the deadline `done` gets 504, whatever the thread is doing; the thread's place stays taken until it is done,
  /// so late queries cannot pile up. `work` should know the deadline and end by itself; one that waited too long is not
  /// begun. `done` is called exactly once: `.overCapacity` (429) at once, `.deadline` (504), or what `work` gives.
  /// - Parameter isContinuation: The next piece of an answer that has begun: it is taken in whoever waits.
  func submit<Value: Sendable>(
    timeoutMilliseconds: Int, isContinuation: Bool = false, _ work: @escaping @Sendable () throws(APIError) -> Value,
    done: @escaping @Sendable (Result<Value, APIError>) -> Void
  ) {
    let isAdmitted = state.withLock { load in
      guard isContinuation || load.admitted < threads + waitingMax else {
        load.refused += 1
        return false
      }
      load.admitted += 1
      return true
    }
    guard isAdmitted else { return done(.failure(.overCapacity)) }
    activity?.note()
    let deadline = NIODeadline.now() + .milliseconds(Int64(timeoutMilliseconds))
    let ticket = deadlines.add(deadline) { [self] in
      state.withLock { $0.late += 1 }
      done(.failure(.deadline(timeoutMilliseconds)))
    }
    pool.submit { [self] poolState in
      guard case .active = poolState else {
        state.withLock { $0.admitted -= 1 }
        if deadlines.remove(ticket) { done(.failure(.stopping)) }
        return
      }
      run(work, deadline: deadline, ticket: ticket, done: done)
    }
  }

  /// Tries work that is sure to be short on the calling thread, where no other is in the pool: it counts as one that runs
  /// there, and where it gives an answer as one that was answered.
  func runHere(_ work: () -> QuickAnswer) -> QuickAnswer {
    let isFree = state.withLock { load in
      guard load.admitted == 0 else { return false }
      load.admitted = 1
      load.running = 1
      return true
    }
    guard isFree else { return .unknown }
    activity?.note()
    let tried = work()
    state.withLock {
      $0.running -= 1
      $0.admitted -= 1
      guard case .answer = tried else { return }
      $0.answered += 1
      $0.quick += 1
    }
    return tried
  }

  /// Counts a query that nobody had to run, since its answer was kept.
  func noteKept() {
    activity?.note()
    state.withLock {
      $0.answered += 1
      $0.kept += 1
    }
  }

  private func run<Value: Sendable>(
    _ work: () throws(APIError) -> Value, deadline: NIODeadline, ticket: DeadlineWatch.Ticket,
    done: (Result<Value, APIError>) -> Void
  ) {
    // What waited too long is not begun: the watch has answered, or will in a moment.
    guard NIODeadline.now() < deadline else { return state.withLock { $0.admitted -= 1 } }
    state.withLock { $0.running += 1 }
    let result: Result<Value, APIError>
    do throws(APIError) { result = .success(try work()) } catch { result = .failure(error) }
    state.withLock {
      $0.running -= 1
      $0.answered += 1
      $0.admitted -= 1
    }
    if deadlines.remove(ticket) { done(result) }
  }

  /// As `submit`, for tasks.
  func run<Value: Sendable>(
    timeoutMilliseconds: Int, isContinuation: Bool = false, _ work: @escaping @Sendable () throws(APIError) -> Value
  ) async throws(APIError) -> Value {
    let result = await withCheckedContinuation { continuation in
      submit(timeoutMilliseconds: timeoutMilliseconds, isContinuation: isContinuation, work) {
        continuation.resume(returning: $0)
      }
    }
    return try result.get()
  }

  /// Runs what waits and ends the threads.
  func stop() async {
    try? await pool.shutdownGracefully()
  }
}
