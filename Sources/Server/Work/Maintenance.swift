internal import Base
internal import NIOPosix
internal import Synchronization

/// The thread for work on the whole index, which takes minutes and no place of a query: checking and compacting.
///
/// One at a time; a second one is refused with 409. Thread-safe.
final class Maintenance: Sendable {
  private let thread = NIOThreadPool(numberOfThreads: 1)
  private let running = Mutex<String?>(nil)

  init() { thread.start() }

  /// - Parameter name: what is under way, for whoever is refused meanwhile.
  func run<Value: Sendable>(
    _ name: String, _ work: @escaping @Sendable () -> Result<Value, APIError>
  ) async throws(APIError) -> Value {
    let other = running.withLock { running -> String? in
      if let running { return running }
      running = name
      return nil
    }
    if let other { throw .busy(other) }
    let result = await withCheckedContinuation { continuation in
      thread.submit { [self] state in
        BackgroundThread.yieldToOthers()
        let result: Result<Value, APIError> = if case .active = state { work() } else { .failure(.stopping) }
        running.withLock { $0 = nil }
        continuation.resume(returning: result)
      }
    }
    return try result.get()
  }

  /// Call after the index is closed, which ends what runs.
  func stop() async { try? await thread.shutdownGracefully() }
}
