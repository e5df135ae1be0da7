internal import Foundation
internal import Synchronization

/// Work on a thread of its own, and what comes of it.
final class ThreadResult<Value: Sendable>: Sendable {
  private let result = Mutex<Result<Value, any Error>?>(nil)
  private let done = DispatchGroup()

  init(_ work: @escaping @Sendable () throws -> Value) {
    done.enter()
    Thread.detachNewThread { [self] in
      let made = Result { try work() }
      result.withLock { $0 = made }
      done.leave()
    }
  }

  /// Waits for the end of the work.
  func get() throws -> Value {
    done.wait()
    guard let made = result.withLock({ $0 }) else { preconditionFailure("left before it was done") }
    return try made.get()
  }
}
