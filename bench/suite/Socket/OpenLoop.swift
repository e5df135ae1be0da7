internal import Base
internal import Foundation
internal import Histogram
internal import Synchronization

/// Requests that come when they come, whether or not those before are answered: as from many users who do not know of
/// each other. Latency counts from when a request was due, not from when a free connection sent it, so an answer that is
/// slow counts in all the requests that wait behind it (G. Tene's "coordinated omission" is what that avoids).
struct OpenLoop: Sendable {
  /// Requests a second on average; gaps between them are exponential, as of independent users.
  let rate: Double
  let seconds: Double
  let connections: Int
  let seed: UInt64

  struct Outcome: Sendable {
    var histogram = Meter.histogram()
    var failure: WrongAnswer?
  }

  /// Sends `requests` in turn; a request that begins a second after it was due ends the run, since the rate is then one
  /// that the server does not reach.
  func run(_ requests: [SocketRequest], socket: String) throws -> Outcome {
    let due = schedule()
    let shared = Shared()
    let group = DispatchGroup()
    let start = SystemTime().monotonicNanoseconds() + 20_000_000
    for _ in 0..<connections {
      group.enter()
      // Threads and not tasks: each blocks on its own connection.
      Thread.detachNewThread {
        shared.take { try Self.connection(requests, due, start, shared, socket) }
        group.leave()
      }
    }
    group.wait()
    let outcome = shared.gathered.withLock { $0 }
    if let failure = outcome.failure { throw failure }
    return outcome
  }

  /// Nanoseconds from the start at which requests are due.
  private func schedule() -> [UInt64] {
    var random = SplitMix64(seed: seed)
    var due: [UInt64] = []
    var time = 0.0
    while time < seconds {
      due.append(UInt64(time * 1e9))
      time += -log(1 - Double.random(in: 0..<1, using: &random)) / rate
    }
    return due
  }

  /// One connection: takes the next request that is due, waits for its time, sends it, waits for the answer.
  private static func connection(
    _ requests: [SocketRequest], _ due: [UInt64], _ start: UInt64, _ shared: Shared, _ socket: String
  ) throws {
    let client = try SocketClient(path: socket)
    let clock = SystemTime()
    var latencies: [UInt64] = []
    while true {
      let number = shared.next.add(1, ordering: .relaxed).oldValue
      guard number < due.count else { break }
      let time = start + due[number]
      let now = clock.monotonicNanoseconds()
      // Not early: a request that is sent before its time would have less than no latency.
      if now < time { usleep(UInt32((time - now + 999) / 1_000)) }
      guard now < time + 1_000_000_000 else { throw WrongAnswer("the server does not reach the rate") }
      let request = requests[number % requests.count]
      try request.check(try client.exchange(request.bytes))
      latencies.append(clock.monotonicNanoseconds() - time)
    }
    shared.gathered.withLock { outcome in
      for latency in latencies { outcome.histogram.record(max(1, latency)) }
    }
  }

  /// What the connections share.
  private final class Shared: Sendable {
    let next = Atomic<Int>(0)
    let gathered = Mutex(Outcome())

    /// Runs the work of a connection; its error becomes that of the run.
    func take(_ work: () throws -> Void) {
      do {
        try work()
      } catch {
        gathered.withLock { $0.failure = $0.failure ?? error as? WrongAnswer ?? WrongAnswer("\(error)") }
      }
    }
  }
}
