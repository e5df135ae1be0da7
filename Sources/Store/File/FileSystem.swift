import Glibc

/// The system calls that the store needs beside LMDB's, with typed errors.
enum FileSystem {
  struct Status {
    let byteCount: Int
    let isFolder: Bool
  }

  /// Nil when nothing can be found at `path`.
  static func status(of path: String) -> Status? {
    var status = stat()
    // SAFETY: stat writes one struct that outlives the call.
    guard unsafe stat(path, &status) == 0 else { return nil }
    return Status(byteCount: Int(status.st_size), isFolder: status.st_mode & S_IFMT == S_IFDIR)
  }

  /// LMDB's largest single write is one extent, so on a full disk less than two are left.
  static let fullBelowBytes: UInt64 = 2 << 20

  /// Whether the file system of `path` has no room for another extent.
  static func isFull(_ path: String) -> Bool {
    var status = statvfs()
    // SAFETY: statvfs writes one struct that outlives the call.
    guard unsafe statvfs(path, &status) == 0 else { return false }
    return UInt64(status.f_bavail) &* UInt64(status.f_frsize) < fullBelowBytes
  }

  /// Makes a folder for this user alone, and those above it that are missing; each is in its parent on the disk before
  /// the next is made.
  static func makeFolders(_ path: String) throws(StoreError) {
    let parent = parent(of: path)
    if parent != path, status(of: parent) == nil { try makeFolders(parent) }
    try makeFolder(path)
    try synchronize(parent)
  }

  /// Makes a folder for this user alone. Nothing happens when there is one.
  static func makeFolder(_ path: String) throws(StoreError) {
    // SAFETY: mkdir reads the path during the call.
    if unsafe mkdir(path, 0o700) == 0 { return }
    if errno == EEXIST, status(of: path)?.isFolder == true { return }
    throw failure(.createDirectory, path)
  }

  /// Waits until the disk has a file's bytes, or a folder's names.
  static func synchronize(_ path: String) throws(StoreError) {
    let file = try FileDescriptor.open(path, O_RDONLY)
    try file.synchronize()
  }

  /// A file's bytes when it is there; for files of a line.
  static func read(_ path: String) throws(StoreError) -> [UInt8]? {
    guard let status = status(of: path) else { return nil }
    return try FileDescriptor.open(path, O_RDONLY).read(at: 0, count: min(status.byteCount, 4_096))
  }

  /// Puts `bytes` in place of the file so that a power cut leaves either the old one or the new one: written beside it
  /// under `temporary`, synchronised, renamed, and the folder synchronised.
  static func replace(_ name: String, in folder: String, with bytes: [UInt8], temporary: String) throws(StoreError) {
    let new = folder + "/" + temporary
    let file = try FileDescriptor.open(new, O_WRONLY | O_CREAT | O_TRUNC)
    try file.write(bytes)
    try file.synchronize()
    // SAFETY: rename reads both paths during the call.
    guard unsafe rename(new, folder + "/" + name) == 0 else { throw failure(.rename, new) }
    try synchronize(folder)
  }

  /// The names in a folder, in no order.
  static func names(in folder: String) throws(StoreError) -> [String] {
    // SAFETY: the stream is open from opendir to closedir; readdir's entry is copied before the next call.
    guard let stream = unsafe opendir(folder) else { throw failure(.list, folder) }
    defer { unsafe _ = closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }

  static func removeFile(_ path: String) throws(StoreError) {
    // SAFETY: unlink reads the path during the call.
    guard unsafe unlink(path) == 0 || errno == ENOENT else { throw failure(.remove, path) }
  }

  /// Removes a folder that holds files only.
  static func removeFolder(_ path: String) throws(StoreError) {
    for name in try names(in: path) { try removeFile(path + "/" + name) }
    // SAFETY: rmdir reads the path during the call.
    guard unsafe rmdir(path) == 0 else { throw failure(.remove, path) }
  }

  /// The folder that holds `path`.
  static func parent(of path: String) -> String {
    var trimmed = path[...]
    while trimmed.count > 1, trimmed.last == "/" { trimmed.removeLast() }
    guard let slash = trimmed.lastIndex(of: "/") else { return "." }
    return slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
  }

  /// The error that `errno` stands for right after a failed call.
  static func failure(_ operation: StoreOperation, _ path: String) -> StoreError {
    StoreError(code: errno, operation: operation, path: path)
  }
}
