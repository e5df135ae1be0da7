/// The one write of its time, inside `Environment.write`. What it wrote it also reads. Ends with the closure.
///
/// Writing is `mutating`, so that the compiler refuses a span read before a write and used after it.
public struct WriteTransaction: ~Copyable, TransactionReads {
  private var owned: OwnedTransaction
  private var firstFailure: StoreError?
  /// Bytes of keys and values put so far. LMDB keeps all pages that a transaction changed in memory until it commits:
  /// end it at some 16 MB (merges) or 64 MB (commits).
  public private(set) var bytesPut = 0

  /// Where `put` and `putExtent` end with `.transactionTooLarge`.
  public static let bytesMax = 512 << 20

  init(_ owned: consuming OwnedTransaction) { self.owned = owned }

  public var access: ReadAccess {
    ReadAccess(environment: owned.environment, transaction: owned.running, lock: nil)
  }

  /// Stores `value` under `key` (1 to 511 bytes), in place of what is there. O(log n).
  ///
  /// For manifests, states and bitmaps: many small values that come and go make LMDB slow (see the chapter).
  public mutating func put(_ table: Table, _ key: [UInt8], _ value: RawSpan) throws(StoreError) {
    precondition(!key.isEmpty && key.count <= Table.keyBytesMax, "a key has 1 to 511 bytes")
    try account(key.count + value.byteCount)
    let handle = access.handle(of: table)
    try change { (transaction) throws(LMDBFailure) in try transaction.put(handle, key, value) }
  }

  public mutating func put(_ table: Table, _ key: [UInt8], _ value: [UInt8]) throws(StoreError) {
    try unsafe put(table, key, value.span.bytes)  // SAFETY: UInt8 has no padding that could be uninitialised.
  }

  /// Removes the entry. Returns whether it was there.
  @discardableResult
  public mutating func delete(_ table: Table, _ key: [UInt8]) throws(StoreError) -> Bool {
    precondition(!key.isEmpty && key.count <= Table.keyBytesMax, "a key has 1 to 511 bytes")
    let handle = access.handle(of: table)
    return try change { (transaction) throws(LMDBFailure) in try transaction.delete(handle, key) }
  }

  mutating func account(_ bytes: Int) throws(StoreError) {
    bytesPut += bytes
    if bytesPut > Self.bytesMax { throw fail(.transactionTooLarge) }
  }

  /// A call that changes the transaction. After a failure LMDB lets it only be aborted.
  mutating func change<Result>(
    _ body: (TransactionHandle) throws(LMDBFailure) -> Result
  ) throws(StoreError) -> Result {
    if let firstFailure { throw firstFailure }
    do { return try access.call(.write, body) } catch { throw fail(error) }
  }

  /// Dooms the transaction: `commit` throws the first failure even if the closure caught it.
  mutating func fail(_ error: StoreError) -> StoreError {
    firstFailure = firstFailure ?? error
    return error
  }

  mutating func commit() throws(StoreError) {
    if let firstFailure { throw firstFailure }
    try owned.commit()
  }
}
