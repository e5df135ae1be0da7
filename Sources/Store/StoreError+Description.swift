import Glibc

extension StoreError: CustomStringConvertible {
  /// One sentence for a person, without a full stop.
  public var description: String {
    switch self {
    case .diskFull: "the disk is full"
    case .mapFull: "the index has outgrown its reserved address space"
    case .transactionTooLarge: "too much in one transaction"
    case .readersFull: "too many readers at one time"
    case .locked(let path, let pid?): "\(path) is in use by process \(pid)"
    case .locked(let path, nil): "\(path) is in use by another process"
    case .notFound(let path): "there is no index in \(path)"
    case .alreadyExists(let path): "there is an index in \(path) already"
    case .notADatabase(let path): "\(path) is not an index"
    case .versionMismatch(let path): "\(path) was written by an incompatible version"
    case .corrupted(let what): "the index is damaged: \(what)"
    case .io(let operation, let errno): "\(operation.rawValue) failed: \(Self.message(of: errno))"
    case .poisoned: "an earlier write failed; the index has to be opened anew"
    case .closed: "the index is closed"
    case .unexpected(let operation, let code): "\(operation.rawValue) failed with LMDB code \(code)"
    }
  }

  private static func message(of errno: Int32) -> String {
    unsafe String(cString: strerror(errno))  // SAFETY: a terminated string, copied before another call can reuse it.
  }
}
