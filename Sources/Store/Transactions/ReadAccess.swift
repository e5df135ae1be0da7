/// A running transaction, lent for one call.
public struct ReadAccess {
  let environment: Environment
  let transaction: TransactionHandle
  /// LMDB lets one thread at a time into a transaction; a pin, which several share, brings a lock.
  let lock: TransactionLock?

  func handle(of table: Table) -> TableHandle { environment.handle(of: table) }

  /// One call of LMDB, its failure as the store's error.
  func call<Result: ~Copyable>(
    _ operation: StoreOperation = .read, _ body: (TransactionHandle) throws(LMDBFailure) -> Result
  ) throws(StoreError) -> Result {
    lock?.acquire()
    defer { lock?.release() }
    do { return try body(transaction) } catch { throw environment.error(error, operation) }
  }
}

/// A walk over one table's entries; its cursor ends with it.
struct EntryScan: ~Copyable {
  private let access: ReadAccess
  private let cursor: CursorHandle

  init(_ access: ReadAccess, _ table: Table) throws(StoreError) {
    try self.init(access, access.handle(of: table))
  }

  init(_ access: ReadAccess, _ handle: TableHandle) throws(StoreError) {
    self.access = access
    cursor = try access.call { (transaction) throws(LMDBFailure) in try transaction.cursor(handle) }
  }

  /// The first entry whose key is `key` or follows it; an empty key stands before all.
  borrowing func seek(_ key: [UInt8]) throws(StoreError) -> CursorHandle.Entry? {
    // SAFETY: the entry's bytes are LMDB's; the scan's user reads them before the transaction writes or ends.
    try unsafe access.call { (_) throws(LMDBFailure) in try unsafe cursor.seek(key) }
  }

  borrowing func next() throws(StoreError) -> CursorHandle.Entry? {
    // SAFETY: as above.
    try unsafe access.call { (_) throws(LMDBFailure) in try unsafe cursor.next() }
  }

  /// Removes the entry last found; the next `seek` starts behind it.
  borrowing func deleteCurrent() throws(StoreError) {
    try access.call(.write) { (_) throws(LMDBFailure) in try cursor.deleteCurrent() }
  }
}

/// Runs a call of the store inside a function that throws `Failure`.
func storing<Result: ~Copyable, Failure: StoreFailure>(
  _ failure: Failure.Type, _ body: () throws(StoreError) -> Result
) throws(Failure) -> Result {
  do { return try body() } catch { throw Failure(error) }
}
