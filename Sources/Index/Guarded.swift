internal import Dispatch

/// A value behind a lock that one thread at a time goes through, for as long as it takes.
///
/// Beside `Mutex` because the writer's state is handed to functions that keep parts of it in what they return, which
/// `Mutex` refuses (its closures are `sending`). Not recursive.
final class Guarded<Value: ~Copyable>: @unchecked Sendable {
  // SAFETY: `value` is reached only between wait and signal, so by one thread at a time.
  private let turn = DispatchSemaphore(value: 1)
  private var value: Value

  init(_ value: consuming Value) { self.value = value }

  func withLock<Result, Failure: Error>(_ body: (inout Value) throws(Failure) -> Result) throws(Failure) -> Result {
    turn.wait()
    defer { turn.signal() }
    return try body(&value)
  }
}
