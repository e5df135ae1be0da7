import Glibc

/// The lock of an index folder: one process that writes, or any number that read. Held for the life of the object.
///
/// flock on DIR/daemon.lock, which the kernel drops when the process ends however it ends. The holder of the exclusive
/// lock writes its pid into the file, for the error message of those who come later.
struct DirectoryLock: ~Copyable, Sendable {
  private let file: FileDescriptor
  private let isExclusive: Bool

  static let fileName = "daemon.lock"

  private init(_ file: consuming FileDescriptor, exclusive: Bool) {
    self.file = file
    isExclusive = exclusive
  }

  /// Takes the lock or throws `.locked`; does not wait.
  static func acquire(folder: String, exclusive: Bool) throws(StoreError) -> DirectoryLock {
    let path = folder + "/" + fileName
    let file = try open(path, exclusive: exclusive)
    guard flock(file.rawValue, (exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0 else {
      guard errno == EWOULDBLOCK else { throw FileSystem.failure(.lock, path) }
      throw .locked(path: folder, pid: holder(in: try file.read(at: 0, count: 32)))
    }
    if exclusive {
      try file.truncate()
      try file.write(Array("\(getpid())\n".utf8))
    } else {
      // A daemon that was killed left its pid, which must not be blamed for what readers hold. Readers that may not
      // write to the folder leave it.
      try? file.truncate()
    }
    return DirectoryLock(file, exclusive: exclusive)
  }

  deinit {
    if isExclusive { try? file.truncate() }
    // Said, not left to close: a child between fork and exec still has a copy of the descriptor, and with it the lock.
    flock(file.rawValue, LOCK_UN)
  }

  /// Readers may lack the right to write to the folder.
  private static func open(_ path: String, exclusive: Bool) throws(StoreError) -> FileDescriptor {
    do {
      return try FileDescriptor.open(path, O_RDWR | O_CREAT, operation: .lock)
    } catch {
      if exclusive { throw error }
      return try FileDescriptor.open(path, O_RDONLY, operation: .lock)
    }
  }

  /// The pid in the file, when a process of that number lives.
  private static func holder(in bytes: [UInt8]) -> Int32? {
    let line = bytes.prefix { $0 != UInt8(ascii: "\n") }
    guard let pid = Int32(String(decoding: line, as: UTF8.self)), pid > 0 else { return nil }
    return kill(pid, 0) == 0 || errno == EPERM ? pid : nil
  }
}
