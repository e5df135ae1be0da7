internal import Base
internal import Synchronization

/// Whether a quick search (`SearchEngine.quick`) may run on the event loop itself, which spares two wake-ups of a thread
/// and costs all other connections its time.
///
/// So only where nobody is there to wait: not within a moment of a request on another connection. (Requests that a client
/// sends ahead are no matter of this: `ShortRequests`.) And only where the index is in memory: when one had to wait for the
/// disk, none runs for a second.
///
/// Thread-safe; one for an event loop.
final class QuickTurns: Sendable {
  /// How long after a request of another connection there may be another one any moment.
  static let othersNanoseconds: UInt64 = 1_000_000
  static let afterDiskNanoseconds: UInt64 = 1_000_000_000

  private struct State {
    /// Who asked last, and when; and when somebody else did.
    var asking: ObjectIdentifier?
    var askedNanoseconds: UInt64 = 0
    var othersNanoseconds: UInt64?
    var notBeforeNanoseconds: UInt64 = 0
  }

  private let time: any TimeSource
  private let state = Mutex(State())

  init(time: any TimeSource) { self.time = time }

  /// Notes a request of a connection; whether it may be tried on the loop.
  func take(_ connection: ObjectIdentifier) -> Bool {
    let now = time.monotonicNanoseconds()
    return state.withLock { state in
      if let last = state.asking, last != connection { state.othersNanoseconds = state.askedNanoseconds }
      state.asking = connection
      state.askedNanoseconds = now
      let isAlone = state.othersNanoseconds.map { now - $0 > Self.othersNanoseconds } ?? true
      return isAlone && now >= state.notBeforeNanoseconds
    }
  }

  /// Runs what was let in, and notes whether it had to wait for the disk.
  func run<R>(_ work: () -> R) -> R {
    let before = PageFaults.ofThisThread
    let result = work()
    if PageFaults.ofThisThread > before { noteDisk() }
    return result
  }

  func noteDisk() {
    let until = time.monotonicNanoseconds() + Self.afterDiskNanoseconds
    state.withLock { $0.notBeforeNanoseconds = until }
  }
}
