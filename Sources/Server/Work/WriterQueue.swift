internal import Base
internal import Index
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// The one way into the index: what waits is committed as soon as the writer is idle, all of it in one transaction.
///
/// So a single document is durable and searchable after one commit, and under load the batches grow by themselves, as
/// far as `batchBytesMax`. No timer is involved. At most so many bytes wait; who brings more waits at the door, which
/// holds the stream of documents back at its source.
///
/// Thread-safe. `stop()` commits what waits and takes no more.
final class WriterQueue: Sendable {
  /// Makes operations durable and searchable in one commit, emptying the array: a document is let go when it is analysed.
  typealias Apply = @Sendable (inout [IndexOperation]) throws(IndexError) -> [OperationOutcome]
  typealias Outcomes = EventLoopFuture<Result<[OperationOutcome], APIError>>

  /// What the queue has done and holds.
  struct Load: Sendable {
    var waitingOperations = 0
    var waitingBytes = 0
    var commits: UInt64 = 0
    var operations: UInt64 = 0
    var failedCommits: UInt64 = 0
  }

  private struct Submission {
    var operations: [IndexOperation]
    let byteCount: Int
    let outcomes: EventLoopPromise<Result<[OperationOutcome], APIError>>
  }

  private struct State {
    var waiting: [Submission] = []
    /// Those whose bytes did not fit; in order of arrival.
    var atTheDoor: [CheckedContinuation<Void, Never>] = []
    var isWriting = false
    var isStopped = false
    var load = Load()
  }

  let batchBytesMax: Int
  private let apply: Apply
  private let afterBatch: @Sendable (_ byteCount: Int) -> Void
  private let thread: NIOThreadPool
  private let promises: any EventLoop
  private let state = Mutex(State())

  /// - Parameters:
  ///   - apply: called on the writer's thread only.
  ///   - afterBatch: called there when a batch is answered, with what it weighed.
  init(
    batchBytesMax: Int, promises: any EventLoop, afterBatch: @escaping @Sendable (Int) -> Void = { _ in },
    apply: @escaping Apply
  ) {
    self.afterBatch = afterBatch
    self.batchBytesMax = batchBytesMax
    self.promises = promises
    self.apply = apply
    thread = NIOThreadPool(numberOfThreads: 1)
    thread.start()
  }

  var load: Load { state.withLock { $0.load } }

  /// Puts operations into the queue, waiting at the door while it is full, and answers a future of their outcomes, one
  /// for each, in order. The future is fulfilled when they are durable and searchable.
  ///
  /// - Parameter byteCount: what they take in memory; a submission heavier than the queue is let in when the queue is empty.
  func submit(_ operations: [IndexOperation], byteCount: Int) async throws(APIError) -> Outcomes {
    while true {
      switch enter(operations, byteCount) {
      case .entered(let outcomes): return outcomes
      case .stopped: throw .stopping
      case .full: await waitAtTheDoor(byteCount)
      }
    }
  }

  /// Puts operations into the queue without waiting, for who keeps his own bound of what is on its way. `done` is called
  /// once, on any thread, with the outcomes or nil where the commit failed or the queue has stopped.
  func submit(_ operations: [IndexOperation], byteCount: Int, done: @escaping @Sendable ([OperationOutcome]?) -> Void) {
    guard case .entered(let outcomes) = enter(operations, byteCount, isBounded: false) else { return done(nil) }
    outcomes.whenComplete { result in done((try? result.get()).flatMap { try? $0.get() }) }
  }

  /// Waits until all that was submitted before is durable and searchable.
  func flush() async throws(APIError) {
    let outcomes = try await submit([], byteCount: 0)
    _ = try await WriterQueue.value(of: outcomes)
  }

  /// The outcomes, or the error that kept the whole commit from happening.
  static func value(of outcomes: Outcomes) async throws(APIError) -> [OperationOutcome] {
    let result: Result<[OperationOutcome], APIError>
    do { result = try await outcomes.get() } catch { result = .failure(.stopping) }
    return try result.get()
  }

  /// Commits what waits; whoever comes later is refused.
  func stop() async {
    let last = enter([], 0)
    let door = state.withLock { state in
      state.isStopped = true
      defer { state.atTheDoor = [] }
      return state.atTheDoor
    }
    for continuation in door { continuation.resume() }
    if case .entered(let outcomes) = last { _ = try? await outcomes.get() }
    try? await thread.shutdownGracefully()
  }

  private enum Entry { case entered(Outcomes), full, stopped }

  private func fits(_ byteCount: Int, _ load: Load) -> Bool {
    load.waitingBytes == 0 || load.waitingBytes + byteCount <= batchBytesMax
  }

  private func enter(_ operations: [IndexOperation], _ byteCount: Int, isBounded: Bool = true) -> Entry {
    let promise = promises.makePromise(of: Result<[OperationOutcome], APIError>.self)
    let (entry, startsWriting) = state.withLock { state -> (Entry, Bool) in
      if state.isStopped { return (.stopped, false) }
      guard !isBounded || fits(byteCount, state.load) else { return (.full, false) }
      state.waiting.append(Submission(operations: operations, byteCount: byteCount, outcomes: promise))
      state.load.waitingBytes += byteCount
      state.load.waitingOperations += operations.count
      defer { state.isWriting = true }
      return (.entered(promise.futureResult), !state.isWriting)
    }
    if startsWriting { thread.submit { [self] _ in writeWhatWaits() } }
    // A promise that nobody will see must still be kept.
    if case .entered = entry {} else { promise.succeed(.failure(.stopping)) }
    return entry
  }

  private func waitAtTheDoor(_ byteCount: Int) async {
    await withCheckedContinuation { continuation in
      let mayGo = state.withLock { state in
        guard !state.isStopped, !fits(byteCount, state.load) else { return true }
        state.atTheDoor.append(continuation)
        return false
      }
      if mayGo { continuation.resume() }
    }
  }

  /// On the writer's thread: batch after batch, until nothing waits.
  private func writeWhatWaits() {
    BackgroundThread.yieldToOthers()
    while true {
      let (batch, door) = state.withLock { state -> ([Submission], [CheckedContinuation<Void, Never>]) in
        let batch = takeBatch(&state)
        if batch.isEmpty { state.isWriting = false }
        defer { state.atTheDoor = [] }
        return (batch, state.atTheDoor)
      }
      for continuation in door { continuation.resume() }
      if batch.isEmpty { return }
      let byteCount = batch.reduce(0) { $0 + $1.byteCount }
      commit(batch)
      afterBatch(byteCount)
    }
  }

  /// What waits, as far as it is no more than one commit takes; at least the first.
  private func takeBatch(_ state: inout State) -> [Submission] {
    var byteCount = 0
    var count = 0
    while count < state.waiting.count, count == 0 || byteCount + state.waiting[count].byteCount <= batchBytesMax {
      byteCount += state.waiting[count].byteCount
      count += 1
    }
    let batch = Array(state.waiting[..<count])
    state.waiting.removeFirst(count)
    state.load.waitingBytes -= byteCount
    state.load.waitingOperations -= batch.reduce(0) { $0 + $1.operations.count }
    return batch
  }

  private func commit(_ batch: consuming [Submission]) {
    var batch = batch
    var operations: [IndexOperation] = []
    var counts: [Int] = []
    for place in batch.indices {
      counts.append(batch[place].operations.count)
      operations.append(contentsOf: batch[place].operations)
      batch[place].operations = []
    }
    guard !operations.isEmpty else {
      for submission in batch { submission.outcomes.succeed(.success([])) }
      return
    }
    let operationCount = UInt64(operations.count)
    do throws(IndexError) {
      let outcomes = try apply(&operations)
      state.withLock {
        $0.load.commits += 1
        $0.load.operations += operationCount
      }
      var rest = outcomes[...]
      for (submission, count) in zip(batch, counts) {
        submission.outcomes.succeed(.success(Array(rest.prefix(count))))
        rest = rest.dropFirst(count)
      }
    } catch {
      state.withLock { $0.load.failedCommits += 1 }
      for submission in batch { submission.outcomes.succeed(.failure(APIError(error))) }
    }
  }
}
