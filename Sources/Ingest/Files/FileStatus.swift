internal import Glibc
internal import Index

extension FileFacts {
  init(_ status: stat) {
    self.init(
      byteCount: UInt64(max(0, status.st_size)), modifiedNanoseconds: Self.nanoseconds(status.st_mtim),
      changedNanoseconds: Self.nanoseconds(status.st_ctim), inode: UInt64(status.st_ino), device: UInt64(status.st_dev))
  }

  private static func nanoseconds(_ time: timespec) -> Int64 {
    Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }
}

/// Looks at names without opening what they stand for.
enum FileStatus {
  /// The clock that files are stamped by, in nanoseconds since 1970.
  static func wallClockNanoseconds() -> Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)  // SAFETY: writes one timespec that outlives the call.
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }

  /// What stands under a path; nil where nothing does.
  static func of(_ path: String, followsLinks: Bool) throws(FileError) -> FolderEntry? {
    var status = stat()
    // SAFETY: the path is copied; fstatat writes one `stat` that outlives the call.
    var result = unsafe fstatat(AT_FDCWD, path, &status, followsLinks ? 0 : AT_SYMLINK_NOFOLLOW)
    if result != 0, followsLinks, errno == ENOENT || errno == ELOOP {
      // A link to nothing is still a link.
      result = unsafe fstatat(AT_FDCWD, path, &status, AT_SYMLINK_NOFOLLOW)  // SAFETY: as above.
    }
    if result != 0 {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw .system(errno: errno)
    }
    return entry(name: path, status)
  }

  private static func entry(name: String, _ status: stat) -> FolderEntry {
    let kind: FolderEntry.Kind
    switch status.st_mode & S_IFMT {
    case S_IFREG: kind = .file
    case S_IFDIR: kind = .folder
    case S_IFLNK: kind = .link
    case S_IFIFO: kind = .other("a pipe")
    case S_IFSOCK: kind = .other("a socket")
    default: kind = .other("a device")
    }
    return FolderEntry(name: name, kind: kind, facts: FileFacts(status))
  }

  /// What a folder holds, in no order, and the folder's own facts. A name that is no UTF-8 comes repaired, which no
  /// file answers to.
  ///
  /// - Parameter isRoot: the folder was named by a person, and may be a link.
  static func list(
    _ folder: String, followsLinks: Bool, isRoot: Bool
  ) throws(FileError) -> (entries: [FolderEntry], own: FileFacts) {
    let noFollow = followsLinks || isRoot ? 0 : O_NOFOLLOW
    // SAFETY: the path is copied by the call.
    let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK | noFollow)
    guard descriptor >= 0 else { throw .system(errno: errno) }
    // SAFETY: the stream takes the descriptor over and is closed below, once.
    guard let stream = unsafe fdopendir(descriptor) else {
      let code = errno
      close(descriptor)
      throw .system(errno: code)
    }
    defer { unsafe closedir(stream) }  // SAFETY: opened above, used by this call alone.
    var own = stat()
    _ = unsafe fstat(descriptor, &own)  // SAFETY: writes one `stat` that outlives the call.
    var entries: [FolderEntry] = []
    while true {
      errno = 0
      // SAFETY: the entry is the stream's until the next call; its name is copied before.
      guard let entry = unsafe readdir(stream) else {
        if errno != 0 { throw .system(errno: errno) }
        return (entries, FileFacts(own))
      }
      let name = unsafe name(of: entry)  // SAFETY: the entry is still the stream's.
      if name == "." || name == ".." { continue }
      var status = stat()
      // SAFETY: the name is copied; fstatat writes one `stat` that outlives the call.
      var result = unsafe fstatat(descriptor, name, &status, followsLinks ? 0 : AT_SYMLINK_NOFOLLOW)
      if result != 0, followsLinks {
        result = unsafe fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW)  // SAFETY: as above.
      }
      // What has gone meanwhile is not there.
      if result == 0 { entries.append(Self.entry(name: name, status)) }
    }
  }

  private static func name(of entry: UnsafeMutablePointer<dirent>) -> String {
    // SAFETY: d_name is a terminated string inside the entry; only it is read, and copied.
    let offset = MemoryLayout<dirent>.offset(of: \.d_name)!
    let start = unsafe UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
    return unsafe String(cString: start)
  }
}
