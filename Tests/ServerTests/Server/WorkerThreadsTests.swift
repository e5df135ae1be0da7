import Base
import Dispatch
@testable import Server
import Testing

/// Threads that watch for work before they sleep must never leave work lying.
@Suite("Worker threads", .serialized)
struct WorkerThreadsTests {
  @Test("All work runs once, however it comes: in bursts, singly, into watching and into sleeping threads", arguments: [1, 2, 4])
  func everything(threads: Int) async throws {
    let workers = WorkerThreads(count: threads)
    let ran = SharedNumber()
    var random = SplitMix64(seed: 11)
    var submitted = 0
    for _ in 0..<300 {
      for _ in 0..<Int.random(in: 1...3 * threads, using: &random) {
        submitted += 1
        workers.submit { if $0 { ran.add(1) } }
      }
      // Around the time that a thread watches before it sleeps.
      if Bool.random(using: &random) { try await Task.sleep(for: .microseconds(Int.random(in: 0...300, using: &random))) }
    }
    let end = ContinuousClock.now + .seconds(20)
    while ran.value < submitted, ContinuousClock.now < end { try await Task.sleep(for: .milliseconds(1)) }
    #expect(ran.value == submitted)
    await workers.stop()
    #expect(ran.value == submitted)
  }

  @Test("As many pieces run at one time as there are threads")
  func sideBySide() async throws {
    let workers = WorkerThreads(count: 3)
    for _ in 0..<20 {
      let gate = SearchPoolTests.Gate()
      let running = SharedNumber()
      let done = SharedNumber()
      for _ in 0..<3 {
        workers.submit { _ in
          running.add(1)
          gate.pass()
          done.add(1)
        }
      }
      let end = ContinuousClock.now + .seconds(20)
      while running.value < 3, ContinuousClock.now < end { try await Task.sleep(for: .microseconds(50)) }
      #expect(running.value == 3)
      gate.open()
      while done.value < 3, ContinuousClock.now < end { try await Task.sleep(for: .microseconds(50)) }
    }
    await workers.stop()
  }

  @Test("What waits when they stop is told so, what runs is waited for, what comes later is refused")
  func stopping() async throws {
    let workers = WorkerThreads(count: 1)
    let gate = SearchPoolTests.Gate()
    let ran = SharedNumber()
    let refused = SharedNumber()
    workers.submit { _ in
      gate.pass()
      ran.add(1)
    }
    for _ in 0..<3 { workers.submit { $0 ? ran.add(1) : refused.add(1) } }
    async let stopped: Void = workers.stop()
    while refused.value < 2 { try await Task.sleep(for: .milliseconds(1)) }
    gate.open()
    await stopped
    workers.submit { $0 ? ran.add(1) : refused.add(1) }
    #expect(ran.value + refused.value == 5)
    #expect(ran.value >= 1)
    #expect(refused.value >= 3)
  }
}
