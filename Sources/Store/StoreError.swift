/// Everything that can go wrong below the index, by what the caller can do about it (`remedy`).
///
/// After any error of a write transaction nothing of it is stored and what was committed before stands.
public enum StoreError: Error, Equatable, Sendable {
  /// The disk has no room. LMDB reports a short write as EIO; the free space of the file system tells the two apart.
  case diskFull
  /// The file would outgrow the reserved address space.
  case mapFull
  /// More was put into one transaction than memory should hold; commit in smaller parts.
  case transactionTooLarge
  /// Every slot of the reader table is taken.
  case readersFull
  /// The index is held by another process: by the daemon of this pid, or by readers (nil).
  case locked(path: String, pid: Int32?)
  /// Nothing is there.
  case notFound(path: String)
  /// There is an index already.
  case alreadyExists(path: String)
  /// The file is not one that LMDB wrote.
  case notADatabase(path: String)
  /// Written by an LMDB whose files this one does not read, or in another byte order or page size.
  case versionMismatch(path: String)
  /// Bytes are damaged or missing; the text says which.
  case corrupted(String)
  /// A system call failed.
  case io(operation: StoreOperation, errno: Int32)
  /// An earlier write to the disk failed half-way; LMDB gives no more transactions until the file is opened anew.
  case poisoned
  /// The environment was closed.
  case closed
  /// LMDB answered with a code that has no meaning here.
  case unexpected(operation: StoreOperation, code: Int32)

  /// What makes the error go away.
  public enum Remedy: Sendable, Equatable {
    /// Free space on the disk (or give a larger map), then try again; reads go on meanwhile.
    case makeRoom
    /// Try again, in smaller parts or when others have ended.
    case tryAgain
    /// Stop the other process first.
    case stopOtherProcess
    /// Open the index anew; what was committed is there.
    case reopen
    /// Give another path, or make an index there.
    case choosePath
    /// The bytes are lost: restore a backup or index the sources again.
    case rebuild
  }

  public var remedy: Remedy {
    switch self {
    case .diskFull, .mapFull: .makeRoom
    case .transactionTooLarge, .readersFull: .tryAgain
    case .locked: .stopOtherProcess
    case .io, .poisoned, .closed, .unexpected: .reopen
    case .notFound, .alreadyExists, .notADatabase: .choosePath
    case .versionMismatch, .corrupted: .rebuild
    }
  }
}

/// What was being done when a system call failed.
public enum StoreOperation: String, Sendable, Equatable {
  case open, read, write, commit, sync, rename, createDirectory, list, remove, lock, begin
}

/// An error that can carry a `StoreError`: closures passed to transactions may throw it, and what the store itself
/// throws around them arrives as the same type.
public protocol StoreFailure: Error {
  init(_ error: StoreError)
}

extension StoreError: StoreFailure {
  public init(_ error: StoreError) { self = error }
}
