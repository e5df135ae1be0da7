import NIOHTTP1
import NIOPosix
@testable import Server
import Synchronization
import Testing

/// Admission and deadlines.
@Suite("Search pool")
struct SearchPoolTests {
  static func pool(threads: Int, waitingMax: Int) -> SearchPool {
    SearchPool(threads: threads, waitingMax: waitingMax, timers: MultiThreadedEventLoopGroup.singleton.next())
  }

  /// Holds threads of a pool until opened.
  final class Gate: Sendable {
    private let isOpen = Mutex(false)
    func open() { isOpen.withLock { $0 = true } }
    func pass() { while !isOpen.withLock({ $0 }) { usleepShortly() } }
  }

  static func wait(_ pool: SearchPool, until condition: (SearchPool.Load) -> Bool) async throws {
    while !condition(pool.load) { try await Task.sleep(for: .milliseconds(1)) }
  }

  @Test("Work runs and its answer or its error comes back")
  func runs() async throws {
    let pool = Self.pool(threads: 2, waitingMax: 1)
    #expect(try await pool.run(timeoutMilliseconds: 10_000) { () throws(APIError) in 7 } == 7)
    let error = await #expect(throws: APIError.self) {
      try await pool.run(timeoutMilliseconds: 10_000) { () throws(APIError) -> Int in throw .unknownDocument("a") }
    }
    #expect(error?.status == .notFound)
    #expect(pool.load.answered == 2)
    await pool.stop()
  }

  @Test("Above the threads and the places to wait, 429 at once; afterwards all is well")
  func overCapacity() async throws {
    let pool = Self.pool(threads: 1, waitingMax: 2)
    let gate = Gate()
    try await withThrowingTaskGroup(of: Int.self) { tasks in
      for number in 0..<3 {
        tasks.addTask {
          try await pool.run(timeoutMilliseconds: 60_000) { () throws(APIError) in
            gate.pass()
            return number
          }
        }
      }
      try await Self.wait(pool) { $0.admitted == 3 }
      let error = await #expect(throws: APIError.self) {
        try await pool.run(timeoutMilliseconds: 60_000) { () throws(APIError) in 0 }
      }
      #expect(error?.status == .tooManyRequests)
      #expect(error?.code == "over-capacity")
      gate.open()
      var sum = 0
      for try await number in tasks { sum += number }
      #expect(sum == 3)
    }
    try await Self.wait(pool) { $0.admitted == 0 }
    #expect(pool.load.refused == 1)
    #expect(try await pool.run(timeoutMilliseconds: 60_000) { () throws(APIError) in 1 } == 1)
    await pool.stop()
  }

  @Test("At the deadline the caller has 504, running or waiting, and what waited too long is not begun")
  func deadline() async throws {
    let pool = Self.pool(threads: 1, waitingMax: 5)
    let gate = Gate()
    let begun = SharedNumber()
    await withTaskGroup(of: HTTPResponseStatus?.self) { tasks in
      for _ in 0..<2 {
        tasks.addTask {
          do throws(APIError) {
            try await pool.run(timeoutMilliseconds: 100) { () throws(APIError) in
              begun.add(1)
              gate.pass()
            }
            return nil
          } catch {
            return error.status
          }
        }
      }
      for await status in tasks { #expect(status == .gatewayTimeout) }
    }
    gate.open()
    try await Self.wait(pool) { $0.admitted == 0 }
    #expect(begun.value == 1)
    #expect(pool.load.late == 2)
    await pool.stop()
  }
}
