/// A short read inside `Environment.read`: one unchanging state of all tables. Ends with the closure.
public struct ReadTransaction: ~Copyable, TransactionReads {
  private let owned: OwnedTransaction

  init(_ owned: consuming OwnedTransaction) { self.owned = owned }

  public var access: ReadAccess {
    ReadAccess(environment: owned.environment, transaction: owned.running, lock: nil)
  }
}
