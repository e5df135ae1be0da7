import Foundation
import Index
import NIOHTTP1
import NIOPosix
@testable import Server
import Synchronization
import Testing

/// Natural batches, back-pressure, failures.
@Suite("Writer queue")
struct WriterQueueTests {
  /// An index that notes its batches and can be held up.
  final class FakeIndex: Sendable {
    private struct State {
      var batches: [Int] = []
      var failure: IndexError?
    }

    private let state = Mutex(State())
    private let gate = Mutex(())

    var batches: [Int] { state.withLock { $0.batches } }
    func fail(_ error: IndexError?) { state.withLock { $0.failure = error } }

    /// No commit ends while `body` runs.
    func held(_ body: () throws -> Void) rethrows { try gate.withLock { _ in try body() } }

    func apply(_ operations: inout [IndexOperation]) throws(IndexError) -> [OperationOutcome] {
      let failure = state.withLock { state in
        state.batches.append(operations.count)
        return state.failure
      }
      gate.withLock { _ in }
      if let failure { throw failure }
      return operations.map { operation in
        if case .delete = operation { .deleted } else { .stored }
      }
    }
  }

  static func put(_ id: String) -> IndexOperation { .put(Document(id: id, body: "text")) }

  static func queue(_ index: FakeIndex, batchBytesMax: Int = 1_000) -> WriterQueue {
    WriterQueue(batchBytesMax: batchBytesMax, promises: MultiThreadedEventLoopGroup.singleton.next()) {
      (operations) throws(IndexError) in try index.apply(&operations)
    }
  }

  @Test("A lone submission is committed at once, by itself")
  func alone() async throws {
    let index = FakeIndex()
    let queue = Self.queue(index)
    for round in 1...3 {
      let outcomes = try await queue.submit([Self.put("a"), .delete(id: "b")], byteCount: 10)
      #expect(try await WriterQueue.value(of: outcomes) == [.stored, .deleted])
      #expect(index.batches == [Int](repeating: 2, count: round))
    }
    await queue.stop()
  }

  @Test("What gathers while a commit runs is the next batch, with its outcomes in order")
  func gathers() async throws {
    let index = FakeIndex()
    let queue = Self.queue(index)
    // Holds commits until enough waits, on a thread that may block.
    let held = SharedNumber()
    let holder = Thread {
      index.held {
        held.add(1)
        while queue.load.waitingOperations < 30 { usleepShortly() }
      }
    }
    holder.start()
    while held.value == 0 { try await Task.sleep(for: .milliseconds(1)) }
    let first = try await queue.submit([Self.put("first")], byteCount: 10)
    while index.batches.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
    var rest: [WriterQueue.Outcomes] = []
    for number in 0..<15 {
      rest.append(try await queue.submit([Self.put("p\(number)"), .delete(id: "d\(number)")], byteCount: 10))
    }
    #expect(try await WriterQueue.value(of: first) == [.stored])
    for outcomes in rest { #expect(try await WriterQueue.value(of: outcomes) == [.stored, .deleted]) }
    #expect(index.batches == [1, 30])
    #expect(queue.load.commits == 2)
    await queue.stop()
  }

  @Test("Who brings more than fits waits at the door, and comes in when there is room")
  func backPressure() async throws {
    let index = FakeIndex()
    let queue = Self.queue(index, batchBytesMax: 100)
    // Heavier than the queue: let in while it is empty, or it could never be.
    _ = try await WriterQueue.value(of: try await queue.submit([Self.put("heavy")], byteCount: 5_000))
    let most = SharedNumber()
    try await withThrowingTaskGroup(of: Void.self) { clients in
      for client in 0..<20 {
        clients.addTask {
          for round in 0..<20 {
            let outcomes = try await queue.submit([Self.put("\(client)-\(round)")], byteCount: 40)
            most.raise(to: queue.load.waitingBytes)
            _ = try await WriterQueue.value(of: outcomes)
          }
        }
      }
      try await clients.waitForAll()
    }
    #expect(most.value <= 100)
    #expect(index.batches.reduce(0, +) == 401)
    #expect(index.batches.allSatisfy { $0 <= 2 })
    await queue.stop()
  }

  @Test("A failed commit fails those in it, and the next is tried again")
  func failure() async throws {
    let index = FakeIndex()
    let queue = Self.queue(index)
    index.fail(.segmentTooLarge)
    let outcomes = try await queue.submit([Self.put("a")], byteCount: 1)
    let error = await #expect(throws: APIError.self) { try await WriterQueue.value(of: outcomes) }
    #expect(error?.code == "segment-too-large")
    index.fail(nil)
    #expect(try await WriterQueue.value(of: try await queue.submit([Self.put("a")], byteCount: 1)) == [.stored])
    #expect(queue.load.failedCommits == 1)
    await queue.stop()
  }

  @Test("Stopping commits what waits, then refuses")
  func stop() async throws {
    let index = FakeIndex()
    let queue = Self.queue(index)
    var all: [WriterQueue.Outcomes] = []
    for number in 0..<50 { all.append(try await queue.submit([Self.put("\(number)")], byteCount: 1)) }
    await queue.stop()
    for outcomes in all { #expect(try await WriterQueue.value(of: outcomes) == [.stored]) }
    let error = await #expect(throws: APIError.self) { _ = try await queue.submit([Self.put("late")], byteCount: 1) }
    #expect(error?.status == .serviceUnavailable)
  }
}
