internal import Glibc

/// The kernel's news of folders, and a way to be woken while waiting for them.
///
/// Never blocks but in `wait`. Use from one thread; `Waker` from any.
@safe
struct Inotify: ~Copyable {
  /// Wakes whoever is in `wait`, now or next time.
  struct Waker: Sendable {
    fileprivate let descriptor: CInt

    func wake() {
      var byte: UInt8 = 1
      // A full pipe wakes as well as one byte more would.
      _ = unsafe write(descriptor, &byte, 1)  // SAFETY: reads one byte that outlives the call.
    }
  }

  enum Problem: Error, Equatable {
    /// No more watches or instances are allowed to this user.
    case limit
    /// The folder is not there or no folder.
    case absent
    case system(errno: Int32)
  }

  /// -1 where the system grants no instance: then there is no news, and everything is scanned from time to time.
  private let descriptor: CInt
  private let wakeEnds: (read: CInt, write: CInt)
  private let buffer: UnsafeMutableRawBufferPointer

  private static let bufferBytes = 256 << 10
  private static let mask = UInt32(
    IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE | IN_MODIFY | IN_ATTRIB | IN_DELETE_SELF
      | IN_MOVE_SELF)
  /// IN_ONLYDIR, IN_DONT_FOLLOW, IN_EXCL_UNLINK: fail on what is no folder, or a link; nothing of files without a name.
  private static let onlyFolders: UInt32 = 0x0100_0000
  private static let noLinks: UInt32 = 0x0200_0000
  private static let unlinkedToo: UInt32 = 0x0400_0000

  init() throws(Problem) {
    descriptor = inotify_init1(Int32(O_NONBLOCK | O_CLOEXEC))
    var ends: [CInt] = [-1, -1]
    // SAFETY: pipe writes two integers into an array of two.
    guard unsafe pipe(&ends) == 0 else {
      let code = errno
      if descriptor >= 0 { close(descriptor) }
      throw .system(errno: code)
    }
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    wakeEnds = (ends[0], ends[1])
    // SAFETY: freed in deinit, used by the owner's thread alone.
    unsafe buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.bufferBytes, alignment: 8)
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
    close(wakeEnds.read)
    close(wakeEnds.write)
    unsafe buffer.deallocate()  // SAFETY: allocated in `init`, freed once.
  }

  /// Valid while the owner lives.
  var waker: Waker { Waker(descriptor: wakeEnds.write) }

  var hasNews: Bool { descriptor >= 0 }

  /// Watches a folder. The same folder has the same number again.
  func watch(_ folder: String, followsLinks: Bool) throws(Problem) -> Int32 {
    guard descriptor >= 0 else { throw .limit }
    let flags = Self.onlyFolders | Self.unlinkedToo | (followsLinks ? 0 : Self.noLinks)
    // SAFETY: the path is copied by the call.
    let watch = unsafe inotify_add_watch(descriptor, folder, Self.mask | flags)
    if watch >= 0 { return watch }
    switch errno {
    case ENOSPC, ENOMEM: throw .limit
    case ENOENT, ENOTDIR, ELOOP: throw .absent
    default: throw .system(errno: errno)
    }
  }

  func unwatch(_ watch: Int32) {
    if descriptor >= 0 { inotify_rm_watch(descriptor, watch) }
  }

  /// Waits until there is news, somebody wakes, or the time is over (nil: for ever).
  func wait(nanoseconds: UInt64?) {
    var waits = [
      pollfd(fd: wakeEnds.read, events: Int16(POLLIN), revents: 0), pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
    ]
    // Rounded up, so that a wait never ends just before its time.
    let milliseconds = nanoseconds.map { Int32(clamping: ($0 + 999_999) / 1_000_000) } ?? -1
    // SAFETY: an array of two entries; poll leaves out a negative descriptor.
    _ = unsafe poll(&waits, 2, milliseconds)
    if waits[0].revents != 0 {
      // SAFETY: reads at most the buffer's size into it.
      while unsafe read(wakeEnds.read, buffer.baseAddress, Self.bufferBytes) == Self.bufferBytes {}
    }
  }

  /// The news that has come, oldest first; empty where there is none.
  func news() -> [WatchEvent] {
    guard descriptor >= 0 else { return [] }
    // SAFETY: reads at most the buffer's size into it; the kernel gives whole events only.
    let count = unsafe read(descriptor, buffer.baseAddress, Self.bufferBytes)
    guard count > 0 else { return [] }
    var events: [WatchEvent] = []
    var place = 0
    // An event: watch i32, mask u32, cookie u32, length u32, name with zero bytes behind.
    while place + 16 <= count {
      let watch = unsafe buffer.loadUnaligned(fromByteOffset: place, as: Int32.self)  // SAFETY: 16 bytes are there.
      let mask = unsafe buffer.loadUnaligned(fromByteOffset: place + 4, as: UInt32.self)  // SAFETY: as above.
      let length = Int(unsafe buffer.loadUnaligned(fromByteOffset: place + 12, as: UInt32.self))  // SAFETY: as above.
      guard place + 16 + length <= count else { break }
      // SAFETY: the name lies inside the bytes read, checked above.
      let bytes = unsafe UnsafeRawBufferPointer(rebasing: buffer[place + 16..<place + 16 + length])
      let name = unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)  // SAFETY: copied.
      if let event = Self.event(watch, mask, name) { events.append(event) }
      place += 16 + length
    }
    return events
  }

  static func event(_ watch: Int32, _ mask: UInt32, _ name: String) -> WatchEvent? {
    func has(_ bits: Int32) -> Bool { mask & UInt32(bitPattern: bits) != 0 }
    if has(Int32(IN_Q_OVERFLOW)) { return .overflow }
    if has(Int32(IN_IGNORED)) { return .watchEnded(watch: watch) }
    if has(Int32(IN_DELETE_SELF)) || has(Int32(IN_MOVE_SELF)) || has(Int32(IN_UNMOUNT)) { return .selfWent(watch: watch) }
    if name.isEmpty { return nil }
    let isFolder = mask & 0x4000_0000 != 0
    if has(Int32(IN_DELETE)) || has(Int32(IN_MOVED_FROM)) {
      return isFolder ? .folderWent(watch: watch, name: name) : .fileWent(watch: watch, name: name)
    }
    if has(Int32(IN_MOVED_TO)) {
      return isFolder ? .folderCame(watch: watch, name: name) : .settled(watch: watch, name: name)
    }
    if has(Int32(IN_CREATE)) {
      return isFolder ? .folderCame(watch: watch, name: name) : .touched(watch: watch, name: name)
    }
    if isFolder {
      // Rights of a folder may have come back: it is listed again.
      return has(Int32(IN_ATTRIB)) ? .folderCame(watch: watch, name: name) : nil
    }
    if has(Int32(IN_CLOSE_WRITE)) { return .settled(watch: watch, name: name) }
    return .touched(watch: watch, name: name)
  }

  /// Watches the kernel allows this user, shared with all other programs; nil where it does not say.
  static func watchesMax() -> Int? {
    guard var file = try? FileReader(path: "/proc/sys/fs/inotify/max_user_watches"), let bytes = try? file.read(64) else {
      return nil
    }
    return Int(String(decoding: bytes.prefix { $0 > 0x2F && $0 < 0x3A }, as: UTF8.self))
  }
}
