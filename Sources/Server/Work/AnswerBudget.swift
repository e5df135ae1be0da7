internal import NIOCore
internal import Synchronization

/// Memory for the answers to lines of uploads, from the line's coming until its answer has left: what clients that send
/// all before they read anything may leave lying, all of them together. Thread-safe.
final class AnswerBudget: Sendable {
  let bytesMax: Int
  private let taken = Atomic<Int>(0)

  init(bytesMax: Int) { self.bytesMax = bytesMax }

  var bytes: Int { taken.load(ordering: .relaxed) }

  fileprivate func add(_ bytes: Int) { taken.add(bytes, ordering: .relaxed) }
  fileprivate func subtract(_ bytes: Int) { taken.subtract(bytes, ordering: .relaxed) }
}

/// The answers of one upload that have not left yet.
struct UnreadAnswers {
  /// So much each client may leave lying, whatever the others do.
  private static let ownBytes = 2 << 20

  private let budget: AnswerBudget
  /// Oldest first.
  private var all: [(written: EventLoopFuture<Void>, bytes: Int)] = []
  private var bytes = 0

  init(budget: AnswerBudget) { self.budget = budget }

  mutating func append(_ written: EventLoopFuture<Void>, bytes: Int) {
    all.append((written, bytes))
    self.bytes += bytes
    budget.add(bytes)
    written.whenComplete { [budget] _ in budget.subtract(bytes) }
  }

  /// Waits for the oldest ones to leave while there are too many: the client is not read from meanwhile. Where it takes
  /// none of them for `timeout` either, `giveUp` ends the connection.
  mutating func waitForRoom(timeout: TimeAmount, giveUp: @escaping @Sendable () -> Void) async throws {
    while bytes > Self.ownBytes, budget.bytes > budget.bytesMax {
      let oldest = all.removeFirst()
      let timer = oldest.written.eventLoop.scheduleTask(in: timeout, giveUp)
      defer { timer.cancel() }
      try await oldest.written.get()
      bytes -= oldest.bytes
    }
  }
}
