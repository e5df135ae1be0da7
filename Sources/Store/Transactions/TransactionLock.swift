import Synchronization

/// Keeps a transaction that several threads share to one of them at a time.
final class TransactionLock: Sendable {
  private let mutex = Mutex<Void>(())

  func acquire() { mutex._unsafeLock() }
  func release() { mutex._unsafeUnlock() }
}
