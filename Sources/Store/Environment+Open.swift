internal import CLMDB
import Glibc

extension Environment {
  /// Opens the environment in the folder `path` with its tables, which are made where they are missing.
  ///
  /// Before LMDB maps the file, its meta pages and B-trees are read and compared with its length: LMDB would die of
  /// SIGBUS on a file that lacks its end. Nothing else may have the file open for writing meanwhile. O(pages of the
  /// B-trees): one for some hundred extents.
  public static func open(
    path: String, tables: [Table], options: EnvironmentOptions = EnvironmentOptions()
  ) throws(StoreError) -> Environment {
    precondition(options.readOnly || !options.lockless, "only readers may leave out the lock")
    let data = path + "/" + dataFileName
    let status = FileSystem.status(of: data)
    if status == nil && !options.creates { throw .notFound(path: path) }
    var fileBytes = 0
    if let status, !(options.creates && status.byteCount == 0) {
      try DatabaseCheck.run(path: data)
      fileBytes = status.byteCount
    }
    let names = tables.contains(.extents) ? tables : tables + [.extents]
    let (handle, mapBytes) = try reserve(path: path, options: options, fileBytes: fileBytes, tableCount: names.count)
    do {
      let handles = try openTables(names, of: handle, readOnly: options.readOnly)
      return Environment(path: path, options: options, mapBytes: mapBytes, handle: handle, tables: handles)
    } catch {
      handle.close()
      throw StoreError(code: error.code, operation: .open, path: path)
    }
  }

  /// LMDB's name for the data file in the folder.
  static let dataFileName = "data.mdb"

  /// Opens with as much address space as the system grants: valgrind and RLIMIT_AS leave less than one wants.
  private static func reserve(
    path: String, options: EnvironmentOptions, fileBytes: Int, tableCount: Int
  ) throws(StoreError) -> (EnvironmentHandle, mapBytes: Int) {
    let least = max(4 * fileBytes, 1 << 20)
    var mapBytes = options.mapBytes
    while true {
      do {
        let handle = try EnvironmentHandle.open(
          path: path, options: options, mapBytes: mapBytes, tableCount: tableCount)
        return (handle, handle.mapBytes)
      } catch {
        guard error.code == EINVAL || error.code == ENOMEM, mapBytes / 2 >= least else {
          throw StoreError(code: error.code, operation: .open, path: path)
        }
        mapBytes /= 2
      }
    }
  }

  private static func openTables(
    _ names: [Table], of handle: EnvironmentHandle, readOnly: Bool
  ) throws(LMDBFailure) -> [Table: TableHandle] {
    let transaction = try handle.begin(readOnly: readOnly)
    var handles: [Table: TableHandle] = [:]
    do throws(LMDBFailure) {
      for table in names { handles[table] = try transaction.openTable(table.name, create: !readOnly) }
    } catch {
      transaction.abort()
      throw error
    }
    try transaction.commit()
    return handles
  }
}
