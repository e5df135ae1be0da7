internal import NIOCore
internal import Synchronization

/// Memory for documents on their way from the socket to their commit: what was read of them, whole lines and parts of
/// them, and what waits for the writer or is with it. Who would go above it waits, and his socket is not read.
///
/// Each upload has a `Share`. What is with the writer comes back with its commit. Where nothing is with the writer, and
/// all is taken by lines that are not whole yet, waiting would never end: then one upload is favoured, and goes on until
/// it has handed a line over. So at most one line stands above the budget, and any line up to
/// `Limits.documentBytesMax` is taken, by however many clients at once. A favoured client that sends nothing is given up
/// after `stall`, where others wait.
///
/// Thread-safe.
final class DocumentBudget: Sendable {
  /// What is taken.
  struct Load: Sendable, Equatable {
    /// Read and not handed over, by all uploads.
    var readBytes = 0
    /// With the writer.
    var submittedBytes = 0
    /// The most that was taken at one time.
    var peakBytes = 0
    /// Uploads that wait.
    var waiting = 0
    var bytes: Int { readBytes + submittedBytes }
  }

  private struct Waiting {
    let share: Share
    let bytes: Int
    let isGranted: CheckedContinuation<Void, Never>
  }

  private struct State {
    var load = Load()
    /// In order of arrival.
    var waiting: [Waiting] = []
    var favoured: Share?
    /// When it last went on.
    var favouredSince = NIODeadline.now()
    var isWatched = false
  }

  let bytesMax: Int
  private let stall: TimeAmount
  private let timers: any EventLoop
  private let state = Mutex(State())

  /// - Parameter stall: how long a favoured upload may send nothing while others wait.
  init(bytesMax: Int, stall: TimeAmount, timers: any EventLoop) {
    self.bytesMax = bytesMax
    self.stall = stall
    self.timers = timers
  }

  var load: Load {
    state.withLock { state in
      var load = state.load
      load.waiting = state.waiting.count
      return load
    }
  }

  /// What one upload has read and not handed over. Used by one task; `end()` once.
  final class Share: Sendable {
    private let budget: DocumentBudget
    /// Guarded by the budget's lock.
    fileprivate let readBytes = Atomic<Int>(0)
    fileprivate let giveUp: @Sendable () -> Void

    fileprivate init(_ budget: DocumentBudget, giveUp: @escaping @Sendable () -> Void) {
      self.budget = budget
      self.giveUp = giveUp
    }

    /// Takes so many bytes more, waiting until they are there.
    func take(_ bytes: Int) async { await budget.take(bytes, self) }

    /// Says what is left of what was read, and what has become documents for the writer; `give(back:)` it when they are
    /// committed. Does not wait: a document is larger in memory than its line, and the next `take` makes up for it.
    func handOver(_ submittedBytes: Int, leaving readBytes: Int) {
      budget.handOver(self, submitted: submittedBytes, leaving: readBytes)
    }

    func end() { budget.handOver(self, submitted: 0, leaving: 0, isEnd: true) }
  }

  /// - Parameter giveUp: ends the connection of an upload that keeps all others waiting.
  func share(giveUp: @escaping @Sendable () -> Void) -> Share { Share(self, giveUp: giveUp) }

  /// So many bytes of documents are committed, or never will be.
  func give(back bytes: Int) {
    let granted = state.withLock { state in
      state.load.submittedBytes -= bytes
      return grant(&state)
    }
    for waiting in granted { waiting.isGranted.resume() }
  }

  private func take(_ bytes: Int, _ share: Share) async {
    await withCheckedContinuation { continuation in
      let (granted, mustWatch) = state.withLock { state in
        state.waiting.append(Waiting(share: share, bytes: bytes, isGranted: continuation))
        let granted = grant(&state)
        defer { state.isWatched = state.isWatched || !state.waiting.isEmpty }
        return (granted, !state.isWatched && !state.waiting.isEmpty)
      }
      for waiting in granted { waiting.isGranted.resume() }
      if mustWatch { watch() }
    }
  }

  private func handOver(_ share: Share, submitted: Int, leaving readBytes: Int, isEnd: Bool = false) {
    let granted = state.withLock { state in
      state.load.readBytes += readBytes - share.readBytes.exchange(readBytes, ordering: .relaxed)
      state.load.submittedBytes += submitted
      state.load.peakBytes = max(state.load.peakBytes, state.load.bytes)
      if submitted > 0 || isEnd, state.favoured === share { state.favoured = nil }
      return grant(&state)
    }
    for waiting in granted { waiting.isGranted.resume() }
  }

  /// Whoever may go on now, in the order in which they came; the favoured one before all.
  private func grant(_ state: inout State) -> [Waiting] {
    var granted: [Waiting] = []
    while let place = next(&state) {
      let waiting = state.waiting.remove(at: place)
      if waiting.share === state.favoured { state.favouredSince = .now() }
      state.load.readBytes += waiting.bytes
      state.load.peakBytes = max(state.load.peakBytes, state.load.bytes)
      waiting.share.readBytes.add(waiting.bytes, ordering: .relaxed)
      granted.append(waiting)
    }
    return granted
  }

  private func next(_ state: inout State) -> Int? {
    guard let first = state.waiting.first else { return nil }
    if state.load.bytes + first.bytes <= bytesMax { return 0 }
    guard state.load.submittedBytes == 0 else { return nil }
    if state.favoured == nil { state.favoured = first.share }
    return state.waiting.firstIndex { $0.share === state.favoured }
  }

  /// After a while looks whether the favoured one has sent anything.
  private func watch() {
    timers.scheduleTask(in: stall) { [weak self] in
      guard let self else { return }
      let (silent, isOver) = state.withLock { state -> (Share?, Bool) in
        let isStalled =
          state.favoured != nil && state.load.submittedBytes == 0 && state.favouredSince + stall <= .now()
          && !state.waiting.contains { $0.share === state.favoured }
        if state.waiting.isEmpty { state.isWatched = false }
        return (isStalled ? state.favoured : nil, state.waiting.isEmpty)
      }
      silent?.giveUp()
      if !isOver { watch() }
    }
  }
}
