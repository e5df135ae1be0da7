internal import NIOCore
internal import Synchronization

/// The deadlines of all queries under way, behind few timers: nearly every query is done long before its own, so that
/// setting and cancelling a timer for each would cost more than many of them take.
///
/// A timer is set only for a deadline that comes before those of all timers that are set, and stays when that query is
/// done; the earliest deadline left when it goes off has the next one. A query costs two changes of a small table.
/// Thread-safe.
final class DeadlineWatch: Sendable {
  /// Names a deadline that is watched.
  struct Ticket: Hashable, Sendable {
    fileprivate let number: UInt64
  }

  private struct Watched {
    let deadline: NIODeadline
    let late: @Sendable () -> Void
  }

  private struct State {
    var watched: [Ticket: Watched] = [:]
    var next: UInt64 = 0
    /// When the timers that are set go off: descending, since only an earlier one is added.
    var timers: [NIODeadline] = []
  }

  private let timers: any EventLoop
  private let state = Mutex(State())

  init(timers: any EventLoop) { self.timers = timers }

  /// Calls `late`, on the loop of the timers, unless `remove` comes before the deadline.
  func add(_ deadline: NIODeadline, late: @escaping @Sendable () -> Void) -> Ticket {
    let (ticket, setsTimer) = state.withLock { state in
      let ticket = Ticket(number: state.next)
      state.next += 1
      state.watched[ticket] = Watched(deadline: deadline, late: late)
      let isEarlier = state.timers.last.map { deadline < $0 } ?? true
      if isEarlier { state.timers.append(deadline) }
      return (ticket, isEarlier)
    }
    if setsTimer { setTimer(deadline) }
    return ticket
  }

  /// Whether the deadline was still watched: whoever removes it answers, nobody else does.
  func remove(_ ticket: Ticket) -> Bool {
    state.withLock { $0.watched.removeValue(forKey: ticket) } != nil
  }

  private func setTimer(_ deadline: NIODeadline) {
    timers.scheduleTask(deadline: deadline) { [weak self] in self?.check() }
  }

  /// Answers for what is late, at the time of a timer.
  private func check() {
    let now = NIODeadline.now()
    let (late, next) = state.withLock { state -> ([Watched], NIODeadline?) in
      let late = state.watched.filter { $0.value.deadline <= now }
      for ticket in late.keys { state.watched[ticket] = nil }
      while let timer = state.timers.last, timer <= now { state.timers.removeLast() }
      guard let next = state.watched.values.map(\.deadline).min(), state.timers.last.map({ next < $0 }) ?? true
      else { return (Array(late.values), nil) }
      state.timers.append(next)
      return (Array(late.values), next)
    }
    if let next { setTimer(next) }
    for watched in late { watched.late() }
  }
}
