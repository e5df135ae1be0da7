/// A read transaction that lives as long as the object: what a snapshot holds while queries use its bytes.
///
/// Pages that are freed after a pin began are not written again before it goes, so a pin makes the file grow by all
/// that is written meanwhile: hold it for a query, not for a conversation. Any thread, several at a time; pointers
/// from `extentPointers` are read without a lock. Keeps its environment open.
public final class PinnedRead: Sendable, TransactionReads {
  // SAFETY: not mutated after init; every call through it goes through `lock`.
  private nonisolated(unsafe) let owned: OwnedTransaction
  private let lock = TransactionLock()

  init(_ owned: consuming OwnedTransaction) { unsafe self.owned = owned }

  public var access: ReadAccess {
    unsafe ReadAccess(environment: owned.environment, transaction: owned.running, lock: lock)  // SAFETY: with its lock.
  }
}
