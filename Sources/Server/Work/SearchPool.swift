internal import Logging
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
  }

  let threads: Int
  let waitingMax: Int
  private let pool: NIOThreadPool
  private let timers: any EventLoop
  private let state = Mutex(Load())

  private let activity: QueryActivity?

  /// - Parameters:
  ///   - waitingMax: queries that may wait while all threads are taken.
  ///   - activity: is told of every query.
  init(threads: Int, waitingMax: Int, timers: any EventLoop, activity: QueryActivity? = nil) {
    self.threads = threads
    self.activity = activity
    self.waitingMax = waitingMax
    self.timers = timers
    pool = NIOThreadPool(numberOfThreads: threads)
    pool.start()
  }

  var load: Load { state.withLock { $0 } }

  /// Runs `work` on a thread of the pool and answers what it answers.
  ///
  /// At the deadline the caller gets 504, whatever the thread is doing; the thread's place stays taken until it is done,
  /// so late queries cannot pile up. `work` should know the deadline and end by itself; one that waited too long is not begun.
  /// - Parameter isContinuation: The next piece of an answer that has begun: it is taken in whoever waits.
  /// - Throws: `.overCapacity` (429) at once, `.deadline` (504), or what `work` throws.
  func run<Value: Sendable>(
    timeoutMilliseconds: Int, isContinuation: Bool = false, _ work: @escaping @Sendable () throws(APIError) -> Value
  ) async throws(APIError) -> Value {
    let isAdmitted = state.withLock { load in
      guard isContinuation || load.admitted < threads + waitingMax else {
        load.refused += 1
        return false
      }
      load.admitted += 1
      return true
    }
    guard isAdmitted else { throw .overCapacity }
    activity?.note()
    let deadline = NIODeadline.now() + .milliseconds(Int64(timeoutMilliseconds))
    let answer = timers.makePromise(of: Result<Value, APIError>.self)
    let first = FirstAnswer(answer)
    let timer = timers.scheduleTask(deadline: deadline) { [self] in
      if first.give(.failure(.deadline(timeoutMilliseconds))) { state.withLock { $0.late += 1 } }
    }
    pool.submit { [self] poolState in
      defer { state.withLock { $0.admitted -= 1 } }
      guard case .active = poolState else {
        _ = first.give(.failure(.stopping))
        return
      }
      // The timer has answered already.
      guard NIODeadline.now() < deadline else { return }
      state.withLock { $0.running += 1 }
      let result: Result<Value, APIError>
      do throws(APIError) { result = .success(try work()) } catch { result = .failure(error) }
      state.withLock {
        $0.running -= 1
        $0.answered += 1
      }
      _ = first.give(result)
    }
    let result: Result<Value, APIError>
    do { result = try await answer.futureResult.get() } catch { result = .failure(.stopping) }
    timer.cancel()
    return try result.get()
  }

  func stop() async {
    try? await pool.shutdownGracefully()
  }
}

/// A promise that the thread and the timer race for.
private final class FirstAnswer<Value: Sendable>: Sendable {
  private let promise: EventLoopPromise<Value>
  private let isGiven = Mutex(false)

  init(_ promise: EventLoopPromise<Value>) { self.promise = promise }

  /// Whether `value` was the first.
  func give(_ value: Value) -> Bool {
    let isFirst = isGiven.withLock { given in
      defer { given = true }
      return !given
    }
    if isFirst { promise.succeed(value) }
    return isFirst
  }
}
