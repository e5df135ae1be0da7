internal import Base
internal import Glibc
public import Index

/// Reads one regular file from its start, a piece at a time, unpacking it when its name ends in `.gz` or `.zst`.
///
/// Symbolic links at the end of the path are not followed, and what is no regular file is never waited for. A file is
/// read, not mapped: one that is truncated meanwhile ends early instead of killing the process. Use from one thread.
public struct FileReader: ~Copyable {
  /// Unpacked bytes for one packed byte, above which a packed file is refused. Deflate itself cannot exceed 1,032.
  public static let expansionMax = 200
  /// Below this many unpacked bytes the rule against bombs does not apply: small files compress well by chance.
  static let expansionFreeBytes = 16 << 20

  /// The open file; -1 where `gzip` owns it.
  private let descriptor: CInt
  private var gzip: GzipStream?
  /// `zstd -dc`, reading the open file.
  private var zstd: ChildProcess?
  private var unpackedBytes = 0
  /// What the kernel said of the file when it was opened.
  public let facts: FileFacts
  private var hash: SipHash128

  /// - Parameters:
  ///   - followsLinks: a symbolic link at the end of the path stands for what it points to.
  ///   - memberBegins: what each member of a `.gz` begins with, so that a damaged one does not end the file
  ///     (`takeDamage`); nil where damage is an error.
  public init(path: String, followsLinks: Bool = false, memberBegins: [UInt8]? = nil) throws(FileError) {
    let (opened, facts) = try Self.openRegular(path, followsLinks: followsLinks)
    var gzip: GzipStream?
    var zstd: ChildProcess?
    do throws(FileError) {
      if path.hasSuffix(".gz") {
        gzip = try GzipStream(descriptor: opened, memberBegins: memberBegins)
      } else if path.hasSuffix(".zst") {
        let limits = ChildProcess.Limits(seconds: 60, memoryBytes: 512 << 20, processorSeconds: nil, streams: true)
        zstd = try ChildProcess(.zstd, ["-dcq", "--memory=256MB"], input: opened, limits: limits)
      }
    } catch {
      close(opened)
      throw error
    }
    descriptor = gzip == nil ? opened : -1
    self.gzip = gzip
    self.zstd = zstd
    self.facts = facts
    hash = SipHash128()
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  private static func openRegular(
    _ path: String, followsLinks: Bool
  ) throws(FileError) -> (CInt, FileFacts) {
    let noFollow = followsLinks ? 0 : O_NOFOLLOW
    // SAFETY: the path is copied by the call.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | noFollow)
    guard descriptor >= 0 else { throw .system(errno: errno) }
    var status = stat()
    // SAFETY: fstat writes one `stat`, which outlives the call.
    let result = unsafe fstat(descriptor, &status)
    let code = errno
    guard result == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw result == 0 ? .notRegular : .system(errno: code)
    }
    return (descriptor, FileFacts(status))
  }

  /// Of all bytes read so far, unpacked.
  public var contentHash: UInt128 { hash.finish() }

  /// The open file, for reading at any place or by another program; nil where it is packed. Valid as long as this is.
  var openDescriptor: CInt? { descriptor >= 0 && zstd == nil ? descriptor : nil }

  /// The hash of all bytes of the file, unpacked.
  public static func contentHash(of path: String, followsLinks: Bool) throws(FileError) -> UInt128 {
    var file = try FileReader(path: path, followsLinks: followsLinks)
    while try !file.read(256 << 10).isEmpty {}
    return file.contentHash
  }

  /// The damage behind what was read so far, once; after it reading goes on.
  mutating func takeDamage() -> GzipStream.Damage? { gzip == nil ? nil : gzip!.takeDamage() }

  /// The next bytes, about `count`; empty at the end of the file, and where there is damage to be told.
  public mutating func read(_ count: Int) throws(FileError) -> [UInt8] {
    let bytes = try readPiece(count)
    hash.append(bytes)
    return bytes
  }

  private mutating func readPiece(_ count: Int) throws(FileError) -> [UInt8] {
    if gzip != nil { return try gzip!.read() }
    if zstd != nil { return try readUnpacked(count) }
    var taken = 0
    // SAFETY: the buffer has room for `count` bytes and read writes at most so many, answering how many.
    let chunk = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      repeat { taken = unsafe Glibc.read(descriptor, buffer.baseAddress, count) } while taken < 0 && errno == EINTR
      filled = max(0, taken)
    }
    guard taken >= 0 else { throw .system(errno: errno) }
    return chunk
  }

  private mutating func readUnpacked(_ count: Int) throws(FileError) -> [UInt8] {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try zstd!.read(count)
    } catch .programFailed(_, let text) {
      throw .damagedPacking(text)
    }
    unpackedBytes += bytes.count
    // The place in the file is shared with the program that reads it.
    let packedBytes = max(1, Int(lseek(descriptor, 0, SEEK_CUR)))
    if unpackedBytes > Self.expansionFreeBytes, unpackedBytes / packedBytes > Self.expansionMax { throw .bomb }
    return bytes
  }
}
