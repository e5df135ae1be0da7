internal import CLMDB
import Glibc

extension StoreError {
  /// The error that LMDB's return code means. Codes above zero are errno values.
  init(code: Int32, operation: StoreOperation, path: String) {
    self =
      switch code {
      case MDB_MAP_FULL, MDB_MAP_RESIZED: .mapFull
      case MDB_TXN_FULL: .transactionTooLarge
      case MDB_READERS_FULL: .readersFull
      case MDB_INVALID: .notADatabase(path: path)
      case MDB_VERSION_MISMATCH: .versionMismatch(path: path)
      case MDB_CORRUPTED, MDB_PAGE_NOTFOUND, MDB_CURSOR_FULL: .corrupted("LMDB finds a page out of place (\(code))")
      // Only opening a table lets this through; looking up a key does not.
      case MDB_NOTFOUND: .corrupted("a table is missing")
      case MDB_PANIC: .poisoned
      case ENOENT: .notFound(path: path)
      case ENOSPC, EDQUOT: .diskFull
      case EIO where FileSystem.isFull(path): .diskFull
      case 1...: .io(operation: operation, errno: code)
      default: .unexpected(operation: operation, code: code)
      }
  }
}
