internal import Foundation
internal import Glibc
internal import NIOCore
internal import Synchronization

/// The file of a Unix socket: made so that nobody else can connect, removed only when it is ours.
enum UnixSocket {
  enum Problem: Error, Equatable {
    /// Unix sockets have short names: 107 bytes.
    case pathTooLong(path: String)
    /// Something else than a socket is there already; it is left alone.
    case occupied(path: String)
    /// Another process accepts connections there: the daemon of another index.
    case inUse(path: String)
    case system(operation: String, path: String, errno: Int32)

    var message: String {
      switch self {
      case .pathTooLong(let path): "\(path) is too long for a socket: at most \(UnixSocket.pathBytesMax) bytes"
      case .occupied(let path): "\(path) is there already and is no socket; move it away or choose another path"
      case .inUse(let path): "another daemon listens on \(path); choose another path with --socket"
      case .system(let operation, let path, let errno):
        "\(operation) \(path): \(String(describing: IOError(errnoCode: errno, reason: operation)))"
      }
    }
  }

  static let pathBytesMax = 107
  private static let umaskTurn = Mutex(())

  /// Removes what is left of an earlier daemon. Call with the lock of the index held: then no live daemon of this
  /// index can be behind the file. A socket that somebody answers belongs to another index and is left alone.
  static func removeStale(path: String) throws(Problem) {
    var status = stat()
    // SAFETY: the path is copied; lstat writes one `stat` that outlives the call.
    guard unsafe lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFSOCK else { throw .occupied(path: path) }
    guard !isAnswered(path: path) else { throw .inUse(path: path) }
    // SAFETY: the path is copied by the call.
    guard unsafe unlink(path) == 0 || errno == ENOENT else {
      throw .system(operation: "removing", path: path, errno: errno)
    }
  }

  /// A listening descriptor at `path`, which only this user may connect to (`group`: the group of the folder too).
  ///
  /// The rights are in force from the first moment, since the umask holds while the file is made. The umask is the
  /// process's: listeners that start side by side take turns, other makers of files should not run yet.
  static func listen(path: String, isOpenToGroup: Bool) throws(Problem) -> CInt {
    var address = try address(path)
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw .system(operation: "making a socket for", path: path, errno: errno) }
    let (bound, code) = umaskTurn.withLock { _ in
      let before = umask(isOpenToGroup ? 0o117 : 0o177)
      defer { umask(before) }
      // SAFETY: the address is a whole sockaddr_un that outlives the call; bind copies it.
      let bound = unsafe withUnsafePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
      }
      return (bound, errno)
    }
    guard bound == 0 else {
      close(descriptor)
      throw code == EADDRINUSE ? .inUse(path: path) : .system(operation: "binding", path: path, errno: code)
    }
    guard Glibc.listen(descriptor, 1_024) == 0 else {
      let code = errno
      close(descriptor)
      throw .system(operation: "listening on", path: path, errno: code)
    }
    return descriptor
  }

  /// Whether a process accepts connections at `path`.
  private static func isAnswered(path: String) -> Bool {
    guard var address = try? address(path) else { return false }
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    // SAFETY: as in `listen`.
    return unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
  }

  private static func address(_ path: String) throws(Problem) -> sockaddr_un {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard !bytes.isEmpty, bytes.count <= pathBytesMax else { throw .pathTooLong(path: path) }
    // SAFETY: `sun_path` has 108 bytes, zeroed; at most 107 are written, so it stays terminated.
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
    return address
  }

  /// User id of the process at the other end, as the kernel vouches for it (SO_PEERCRED, unix(7)); nobody's where it
  /// cannot be told.
  static func peerUser(of channel: any Channel) -> EventLoopFuture<uid_t> {
    guard let provider = channel as? any SocketOptionProvider else {
      return channel.eventLoop.makeSucceededFuture(uid_t.max)
    }
    // SO_PEERCRED fills one `struct ucred`: pid, uid and gid, three integers of 32 bits.
    let credentials: EventLoopFuture<(pid_t, uid_t, gid_t)> = provider.unsafeGetSocketOption(
      level: .socket, name: .init(rawValue: SO_PEERCRED))
    return credentials.map { $0.1 }.recover { _ in uid_t.max }
  }
}
