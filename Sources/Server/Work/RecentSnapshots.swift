internal import Base
internal import Index
internal import NIOCore
internal import Synchronization

/// Snapshots that cursors name, kept for the next page.
///
/// Each holds a read transaction, and what commits free meanwhile cannot be used again, so they are few and short-lived:
/// at most `countMax`, each for `life` since it was last asked for and `lifeMax` since it was first. Under a busy writer
/// the file grows by what is written in that time, and no more. Thread-safe.
final class RecentSnapshots: Sendable {
  static let countMax = 8
  /// Lives of a snapshot that is paged through without a pause.
  static let livesMax: UInt64 = 10

  private struct Kept {
    let snapshot: Snapshot
    let since: UInt64
    var until: UInt64
  }

  private let lifeNanoseconds: UInt64
  private let time: any TimeSource
  private let timers: any EventLoop
  private let state = Mutex(State())

  private struct State {
    /// In the order in which they were kept.
    var all: [Kept] = []
    var isTimerSet = false
  }

  /// - Parameter lifeMilliseconds: 0 keeps nothing.
  init(lifeMilliseconds: Int, time: any TimeSource, timers: any EventLoop) {
    lifeNanoseconds = UInt64(lifeMilliseconds) * 1_000_000
    self.time = time
    self.timers = timers
  }

  var isKeeping: Bool { lifeNanoseconds > 0 }
  var count: Int { state.withLock { $0.all.count } }

  /// Keeps a snapshot that a cursor is given out for, or prolongs the life of one that is kept.
  func keep(_ snapshot: Snapshot) {
    guard isKeeping else { return }
    let now = time.monotonicNanoseconds()
    // What is let go ends its transaction, which is done outside the lock.
    let (dropped, setsTimer) = state.withLock { state -> (Kept?, Bool) in
      var dropped: Kept?
      if let place = state.all.firstIndex(where: { $0.snapshot.generation == snapshot.generation }) {
        let limit = state.all[place].since + Self.livesMax * lifeNanoseconds
        state.all[place].until = min(now + lifeNanoseconds, limit)
      } else {
        state.all.append(Kept(snapshot: snapshot, since: now, until: now + lifeNanoseconds))
        if state.all.count > Self.countMax { dropped = state.all.removeFirst() }
      }
      defer { state.isTimerSet = true }
      return (dropped, !state.isTimerSet)
    }
    _ = consume dropped
    if setsTimer { setTimer() }
  }

  /// The snapshot of a generation; nil where it is not kept.
  func find(generation: UInt64) -> Snapshot? {
    dropExpired()
    return state.withLock { state in state.all.first { $0.snapshot.generation == generation }?.snapshot }
  }

  /// Lets all of them go.
  func removeAll() {
    let dropped = state.withLock { state in
      defer { state.all = [] }
      return state.all
    }
    _ = consume dropped
  }

  private func setTimer() {
    timers.scheduleTask(in: .nanoseconds(Int64(lifeNanoseconds)) + .milliseconds(10)) { [weak self] in
      guard let self else { return }
      dropExpired()
      let isOver = state.withLock { state in
        if state.all.isEmpty { state.isTimerSet = false }
        return state.all.isEmpty
      }
      if !isOver { setTimer() }
    }
  }

  private func dropExpired() {
    let now = time.monotonicNanoseconds()
    let dropped = state.withLock { state in
      let expired = state.all.filter { $0.until <= now }
      state.all.removeAll { $0.until <= now }
      return expired
    }
    _ = consume dropped
  }
}
