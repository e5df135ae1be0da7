internal import CLMDB

/// One LMDB cursor, closed when it goes; it must go before its transaction ends.
@safe
struct CursorHandle: ~Copyable {
  // SAFETY: an open cursor that nobody else closes.
  private let pointer: OpaquePointer

  init(pointer: OpaquePointer) {
    unsafe self.pointer = pointer  // SAFETY: see the property.
  }

  deinit {
    unsafe mdb_cursor_close(pointer)  // SAFETY: closed once, here.
  }

  /// A key and its value where LMDB keeps them, valid until the transaction writes or ends.
  @unsafe
  struct Entry {
    let key: UnsafeRawBufferPointer
    let value: UnsafeRawBufferPointer
  }

  /// The first entry whose key is `key` or follows it.
  func seek(_ key: [UInt8]) throws(LMDBFailure) -> Entry? {
    // SAFETY: LMDB reads the key during the call, then points the MDB_val at the key that it found.
    // It refuses an empty key, which stands before all others.
    if key.isEmpty { return try unsafe step(MDB_FIRST) }
    return try unsafe key.withUnsafeBytes { (source) -> Result<Entry?, LMDBFailure> in
      var found = unsafe MDB_val(mv_size: source.count, mv_data: UnsafeMutableRawPointer(mutating: source.baseAddress))
      return unsafe entry(at: &found, MDB_SET_RANGE)
    }.get()
  }

  /// The entry after the last one found.
  func next() throws(LMDBFailure) -> Entry? {
    try unsafe step(MDB_NEXT)  // SAFETY: as for `Entry`.
  }

  /// Removes the entry last found.
  func deleteCurrent() throws(LMDBFailure) {
    try unsafe LMDBFailure.check(mdb_cursor_del(pointer, 0))  // SAFETY: the cursor is open.
  }

  private func step(_ operation: MDB_cursor_op) throws(LMDBFailure) -> Entry? {
    var found = unsafe MDB_val()  // SAFETY: filled by LMDB on success.
    return try unsafe entry(at: &found, operation).get()
  }

  private func entry(
    at key: UnsafeMutablePointer<MDB_val>, _ operation: MDB_cursor_op
  ) -> Result<Entry?, LMDBFailure> {
    // SAFETY: LMDB fills both values on success, with bytes that it owns.
    var value = unsafe MDB_val()
    let code = unsafe mdb_cursor_get(pointer, key, &value, operation)
    if code == MDB_NOTFOUND { return unsafe .success(nil) }
    guard code == MDB_SUCCESS else { return unsafe .failure(LMDBFailure(code: code)) }
    return unsafe .success(
      Entry(
        key: UnsafeRawBufferPointer(start: key.pointee.mv_data, count: key.pointee.mv_size),
        value: UnsafeRawBufferPointer(start: value.mv_data, count: value.mv_size)))
  }
}
