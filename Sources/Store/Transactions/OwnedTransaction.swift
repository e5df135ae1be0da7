/// A running transaction of an environment: ended exactly once, by `commit` or by going out of scope.
struct OwnedTransaction: ~Copyable {
  let environment: Environment
  private var handle: TransactionHandle?

  /// The calls of the running transaction.
  var running: TransactionHandle {
    guard let handle else { preconditionFailure("the transaction has ended") }
    return handle
  }

  init(environment: Environment, handle: TransactionHandle) {
    self.environment = environment
    self.handle = handle
  }

  mutating func commit() throws(StoreError) {
    let ending = running
    handle = nil
    do { try ending.commit() } catch { throw environment.error(error, .commit) }
  }

  deinit {
    handle?.abort()
    environment.leave()
  }
}
