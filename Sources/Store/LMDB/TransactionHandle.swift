internal import CLMDB

/// One LMDB transaction as LMDB sees it: the calls, without ownership. `OwnedTransaction` ends it.
@safe
struct TransactionHandle {
  // SAFETY: valid from `EnvironmentHandle.begin` until commit or abort; the owner lends the handle only for that time.
  private let pointer: OpaquePointer

  init(pointer: OpaquePointer) {
    unsafe self.pointer = pointer  // SAFETY: see the property.
  }

  /// The value's bytes in the map, or in memory where this transaction wrote them; nil when the key is not there.
  func get(_ table: TableHandle, _ key: [UInt8]) throws(LMDBFailure) -> UnsafeRawBufferPointer? {
    // SAFETY: LMDB reads the key during the call only, and fills `value` when it returns 0.
    var value = unsafe MDB_val()
    let code = unsafe withValue(of: key) { unsafe mdb_get(pointer, table.rawValue, $0, &value) }
    if code == MDB_NOTFOUND { return nil }
    try LMDBFailure.check(code)
    return unsafe UnsafeRawBufferPointer(start: value.mv_data, count: value.mv_size)
  }

  func put(_ table: TableHandle, _ key: [UInt8], _ bytes: RawSpan) throws(LMDBFailure) {
    // SAFETY: LMDB copies both during the call and writes to neither.
    let code = unsafe bytes.withUnsafeBytes { source in
      var value = unsafe MDB_val(mv_size: source.count, mv_data: UnsafeMutableRawPointer(mutating: source.baseAddress))
      return unsafe withValue(of: key) { unsafe mdb_put(pointer, table.rawValue, $0, &value, 0) }
    }
    try LMDBFailure.check(code)
  }

  /// Room for a new value of `byteCount` bytes, which the caller fills before the next call on this transaction.
  /// Nil when the key is there already.
  func reserve(
    _ table: TableHandle, _ key: [UInt8], byteCount: Int
  ) throws(LMDBFailure) -> UnsafeMutableRawBufferPointer? {
    // SAFETY: with MDB_RESERVE LMDB reads only the size and answers with `byteCount` bytes of its own.
    var value = unsafe MDB_val(mv_size: byteCount, mv_data: nil)
    let flags = UInt32(MDB_RESERVE | MDB_NOOVERWRITE)
    let code = unsafe withValue(of: key) { unsafe mdb_put(pointer, table.rawValue, $0, &value, flags) }
    if code == MDB_KEYEXIST { return nil }
    try LMDBFailure.check(code)
    return unsafe UnsafeMutableRawBufferPointer(start: value.mv_data, count: value.mv_size)
  }

  /// Whether the key was there.
  func delete(_ table: TableHandle, _ key: [UInt8]) throws(LMDBFailure) -> Bool {
    // SAFETY: LMDB reads the key during the call only.
    let code = unsafe withValue(of: key) { unsafe mdb_del(pointer, table.rawValue, $0, nil) }
    if code == MDB_NOTFOUND { return false }
    try LMDBFailure.check(code)
    return true
  }

  func openTable(_ name: String, create: Bool) throws(LMDBFailure) -> TableHandle {
    var table: MDB_dbi = 0
    // SAFETY: LMDB copies the name and writes one MDB_dbi.
    try unsafe LMDBFailure.check(mdb_dbi_open(pointer, name, create ? UInt32(MDB_CREATE) : 0, &table))
    return TableHandle(rawValue: table)
  }

  /// Entries of the table.
  func count(_ table: TableHandle) throws(LMDBFailure) -> Int {
    var statistics = MDB_stat()
    try unsafe LMDBFailure.check(mdb_stat(pointer, table.rawValue, &statistics))  // SAFETY: writes one MDB_stat.
    return Int(statistics.ms_entries)
  }

  func cursor(_ table: TableHandle) throws(LMDBFailure) -> CursorHandle {
    var cursor: OpaquePointer?
    // SAFETY: on success LMDB gives a cursor, which CursorHandle closes before the transaction ends.
    try unsafe LMDBFailure.check(mdb_cursor_open(pointer, table.rawValue, &cursor))
    return unsafe CursorHandle(pointer: cursor!)
  }

  /// Ends the transaction either way.
  func commit() throws(LMDBFailure) {
    try unsafe LMDBFailure.check(mdb_txn_commit(pointer))  // SAFETY: called once, by the owner.
  }

  func abort() {
    unsafe mdb_txn_abort(pointer)  // SAFETY: called once, by the owner.
  }
}

/// LMDB's number of an open table; 0 is its own table of free pages.
struct TableHandle: RawRepresentable, Sendable {
  let rawValue: UInt32
  static let freePages = TableHandle(rawValue: 0)
}

/// A return code of LMDB that is not success.
struct LMDBFailure: Error {
  let code: Int32

  static func check(_ code: Int32) throws(LMDBFailure) {
    guard code == MDB_SUCCESS else { throw LMDBFailure(code: code) }
  }
}

/// `bytes` as LMDB takes them, during the call.
func withValue<Result>(of bytes: [UInt8], _ body: (UnsafeMutablePointer<MDB_val>) -> Result) -> Result {
  // SAFETY: the pointers end with the closures; LMDB does not write through a key's pointer.
  unsafe bytes.withUnsafeBytes { source in
    var value = unsafe MDB_val(mv_size: source.count, mv_data: UnsafeMutableRawPointer(mutating: source.baseAddress))
    return unsafe body(&value)
  }
}
