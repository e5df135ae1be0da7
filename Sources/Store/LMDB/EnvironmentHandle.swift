internal import CLMDB
import Glibc

/// One LMDB environment as LMDB sees it: the calls, without ownership. `Environment` closes it.
@safe
struct EnvironmentHandle: @unchecked Sendable {
  // SAFETY: LMDB locks its environment itself; the pointer never changes; `Environment` calls nothing after `close`.
  private let pointer: OpaquePointer

  /// Opens the environment in the folder `path` with `mapBytes` of address space.
  static func open(
    path: String, options: EnvironmentOptions, mapBytes: Int, tableCount: Int
  ) throws(LMDBFailure) -> EnvironmentHandle {
    var created: OpaquePointer?
    // SAFETY: each call gets the environment just made; LMDB demands `close` for it even when opening fails.
    try unsafe LMDBFailure.check(mdb_env_create(&created))
    let environment = unsafe EnvironmentHandle(pointer: created!)
    var flags = MDB_NOTLS
    if !options.readsAhead { flags |= MDB_NORDAHEAD }
    if options.readOnly { flags |= MDB_RDONLY }
    if options.lockless { flags |= MDB_NOLOCK }
    do throws(LMDBFailure) {
      try unsafe LMDBFailure.check(mdb_env_set_maxdbs(environment.pointer, UInt32(tableCount)))
      try unsafe LMDBFailure.check(mdb_env_set_maxreaders(environment.pointer, UInt32(options.readersMax)))
      try unsafe LMDBFailure.check(mdb_env_set_mapsize(environment.pointer, mapBytes))
      try unsafe LMDBFailure.check(mdb_env_open(environment.pointer, path, UInt32(flags), 0o600))
    } catch {
      environment.close()
      throw error
    }
    return environment
  }

  func begin(readOnly: Bool) throws(LMDBFailure) -> TransactionHandle {
    var transaction: OpaquePointer?
    // SAFETY: on success LMDB gives a transaction, which `OwnedTransaction` ends.
    try unsafe LMDBFailure.check(mdb_txn_begin(pointer, nil, readOnly ? UInt32(MDB_RDONLY) : 0, &transaction))
    return unsafe TransactionHandle(pointer: transaction!)
  }

  /// Frees the slots of readers whose process is dead. Returns their number.
  func clearStaleReaders() throws(LMDBFailure) -> Int {
    var dead: Int32 = 0
    try unsafe LMDBFailure.check(mdb_reader_check(pointer, &dead))  // SAFETY: writes one int.
    return Int(dead)
  }

  /// Address space of the map.
  var mapBytes: Int {
    // SAFETY: LMDB writes one MDB_envinfo; its address of the map is not used.
    var information = unsafe MDB_envinfo()
    unsafe mdb_env_info(pointer, &information)
    return unsafe Int(information.me_mapsize)
  }

  /// Number of the last committed transaction.
  var lastTransaction: Int {
    // SAFETY: as `mapBytes`.
    var information = unsafe MDB_envinfo()
    unsafe mdb_env_info(pointer, &information)
    return unsafe Int(information.me_last_txnid)
  }

  /// Bytes of one page of this file.
  var pageBytes: Int {
    var statistics = MDB_stat()
    unsafe mdb_env_stat(pointer, &statistics)  // SAFETY: writes one MDB_stat.
    return Int(statistics.ms_psize)
  }

  /// Length of the data file.
  var fileBytes: Int {
    var descriptor: Int32 = -1
    var status = stat()
    // SAFETY: LMDB answers with its own descriptor; fstat writes one stat.
    guard unsafe mdb_env_get_fd(pointer, &descriptor) == MDB_SUCCESS, unsafe fstat(descriptor, &status) == 0 else {
      return 0
    }
    return Int(status.st_size)
  }

  func close() {
    unsafe mdb_env_close(pointer)  // SAFETY: called once, when no transaction is left.
  }
}
