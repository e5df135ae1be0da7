internal import CLMDB
import Glibc
import Synchronization

/// One open LMDB environment: a few tables in one file, changed by one transaction at a time.
///
/// Readers see the state of the last commit before they began, never block and are never blocked. Thread-safe. A
/// process opens a file at most once; `IndexDirectory` sees to that.
@safe
public final class Environment: Sendable {
  /// The folder.
  public let path: String
  public let options: EnvironmentOptions
  /// Address space that the system granted, at most `options.mapBytes`.
  public let mapBytes: Int
  let handle: EnvironmentHandle
  private let tables: [Table: TableHandle]
  private let state = Mutex(State())

  private struct State {
    var transactions = 0
    var isClosing = false
    /// The thread inside `write`, to trap a second write inside the first, which would wait for itself.
    var writer: pthread_t?
  }

  init(
    path: String, options: EnvironmentOptions, mapBytes: Int, handle: EnvironmentHandle, tables: [Table: TableHandle]
  ) {
    self.path = path
    self.options = options
    self.mapBytes = mapBytes
    self.handle = handle
    self.tables = tables
  }

  deinit { close() }

  /// Runs `body` on the state of the last commit. Any thread; does not wait. O(1) beside the body.
  public func read<Result: ~Copyable, Failure: StoreFailure>(
    _ body: (borrowing ReadTransaction) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(ReadTransaction(try storing(Failure.self) { () throws(StoreError) in try begin(readOnly: true) }))
  }

  /// As the other `read`, for closures that throw a `StoreError` or nothing.
  public func read<Result: ~Copyable>(
    _ body: (borrowing ReadTransaction) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    try body(ReadTransaction(try begin(readOnly: true)))
  }

  /// Runs `body` and makes all that it wrote durable at once, or nothing of it when it throws.
  ///
  /// When it returns, the disk has it. Any thread; waits for the write before it. A write inside a write traps.
  public func write<Result: ~Copyable, Failure: StoreFailure>(
    _ body: (inout WriteTransaction) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try writing(body)
  }

  /// As the other `write`, for closures that throw a `StoreError` or nothing.
  public func write<Result: ~Copyable>(
    _ body: (inout WriteTransaction) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    try writing(body)
  }

  private func writing<Result: ~Copyable, Failure: StoreFailure>(
    _ body: (inout WriteTransaction) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition(!options.readOnly, "a read-only environment has no writes")
    let thread = pthread_self()
    precondition(state.withLock { $0.writer } != thread, "a write inside a write")
    var transaction = WriteTransaction(
      try storing(Failure.self) { () throws(StoreError) in try begin(readOnly: false) })
    state.withLock { $0.writer = thread }
    // The next writer may be in already when this one has committed.
    defer { state.withLock { if $0.writer == thread { $0.writer = nil } } }
    let result = try body(&transaction)
    do throws(StoreError) { try transaction.commit() } catch { throw Failure(error) }
    return result
  }

  /// Holds the state of the last commit for as long as the object lives.
  public func pin() throws(StoreError) -> PinnedRead { PinnedRead(try begin(readOnly: true)) }

  /// Frees what readers of dead processes hold back. Returns their number. Call it every minute.
  @discardableResult
  public func checkStaleReaders() throws(StoreError) -> Int {
    try enter()
    defer { leave() }
    do { return try handle.clearStaleReaders() } catch { throw self.error(error, .read) }
  }

  /// Refuses new transactions with `.closed`; the file is let go when the last running one ends. May be called again.
  public func close() {
    let isLast = state.withLock { state in
      if state.isClosing { return false }
      state.isClosing = true
      return state.transactions == 0
    }
    if isLast { handle.close() }
  }

  private func begin(readOnly: Bool) throws(StoreError) -> OwnedTransaction {
    try enter()
    do {
      return OwnedTransaction(environment: self, handle: try handle.begin(readOnly: readOnly))
    } catch {
      leave()
      throw self.error(error, .begin)
    }
  }

  /// Counts a use of the file, so that `close` waits for it.
  func enter() throws(StoreError) {
    let isOpen = state.withLock { state in
      if state.isClosing { return false }
      state.transactions += 1
      return true
    }
    if !isOpen { throw .closed }
  }

  func leave() {
    let isLast = state.withLock { state in
      state.transactions -= 1
      return state.isClosing && state.transactions == 0
    }
    if isLast { handle.close() }
  }

  func handle(of table: Table) -> TableHandle {
    guard let handle = tables[table] else { preconditionFailure("\(path) was opened without the table \(table.name)") }
    return handle
  }

  func error(_ failure: LMDBFailure, _ operation: StoreOperation) -> StoreError {
    StoreError(code: failure.code, operation: operation, path: path)
  }
}
