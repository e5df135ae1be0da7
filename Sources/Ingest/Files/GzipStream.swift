internal import Glibc

/// Unpacks gzip data (several members one after the other too) from an open file; what does not begin like gzip data is
/// handed on as it is.
///
/// Where each member begins with bytes that are known (a record of a web archive), one that is damaged does not end the
/// file: reading goes on at the next member that begins so. Owns the file descriptor. Use from one thread.
struct GzipStream: ~Copyable {
  /// A member that could not be unpacked, or bytes that are none.
  struct Damage: Equatable, Sendable {
    /// Where it begins in the packed file, and where reading goes on.
    let offset: Int
    let resumedAt: Int
    /// Bytes of it that were unpacked and read all the same; they may be wrong.
    let unpackedCount: Int
    let text: String
  }

  /// Packed bytes that are read at a time, and unpacked at a time.
  private static let readBytes = 64 << 10
  private static let pieceBytes = 8 << 10
  /// How far behind damage another member is looked for, and how often in one file.
  private static let searchBytesMax = 64 << 20
  private static let damagesMax = 10_000

  private let descriptor: CInt
  private let memberBegins: [UInt8]?
  /// Packed bytes, those before `next` unpacked already, and where in the file they end.
  private var packed: [UInt8] = []
  private var next = 0
  private var packedEnd = 0
  /// The member under way, and where it begins.
  private var inflater: Inflater?
  private var memberOffset = 0
  private var memberUnpackedCount = 0
  private var isFirst = true
  private var isPlain = false
  private var unpackedBytes = 0
  private var damages = 0
  private var damage: Damage?

  /// Takes over `descriptor`, which stays the caller's when this throws.
  ///
  /// - Parameter memberBegins: what the content of every member begins with; nil where damage ends the file.
  init(descriptor: CInt, memberBegins: [UInt8]? = nil) throws(FileError) {
    guard ZlibLibrary.shared != nil else { throw .noZlib }
    self.descriptor = descriptor
    self.memberBegins = memberBegins
  }

  deinit { close(descriptor) }

  /// The next unpacked bytes; empty at the end, and where damage is to be told before reading goes on (`takeDamage`).
  mutating func read() throws(FileError) -> [UInt8] {
    var unpacked: [UInt8] = []
    while unpacked.isEmpty, damage == nil {
      if next == packed.count, try !fill() {
        guard inflater != nil else { break }
        // Or a damaged member has swallowed those behind it.
        guard memberBegins != nil else { throw .damagedPacking("unexpected end of file") }
        try resume("unexpected end of file")
        continue
      }
      if isPlain {
        unpacked = Array(packed[next...])
        next = packed.count
      } else if inflater == nil {
        guard try beginMember() else { break }
      } else {
        try unpackPiece(&unpacked)
      }
    }
    unpackedBytes += unpacked.count
    let packedBytes = max(1, packedEnd - packed.count + next)
    if unpackedBytes > FileReader.expansionFreeBytes, unpackedBytes / packedBytes > FileReader.expansionMax { throw .bomb }
    return unpacked
  }

  /// The damage behind the bytes that were read so far, once.
  mutating func takeDamage() -> Damage? {
    defer { damage = nil }
    return damage
  }

  private mutating func unpackPiece(_ unpacked: inout [UInt8]) throws(FileError) {
    guard var member = inflater.take() else { return }
    let piece = Array(packed[next..<min(packed.count, next + Self.pieceBytes)])
    var problem: String?
    do throws(FileError) {
      next += try member.take(piece, &unpacked)
    } catch {
      guard case .damagedPacking(let text) = error else { throw error }
      problem = text
    }
    memberUnpackedCount += unpacked.count
    if let problem { return try resume(problem) }
    if !member.isFinished { inflater = consume member }
  }

  /// Finds out what comes next; false where nothing does.
  private mutating func beginMember() throws(FileError) -> Bool {
    if packed.count - next < 2 { _ = try fill() }
    let offset = packedEnd - packed.count + next
    memberUnpackedCount = 0
    if packed[next...].starts(with: [0x1F, 0x8B]) {
      inflater = try Inflater(.gzip)
      memberOffset = offset
      isFirst = false
    } else if isFirst {
      isPlain = true
    } else if memberBegins != nil {
      // Zeroes fill up blocks of tapes, and mean nothing.
      while next < packed.count, packed[next] == 0 { next += 1 }
      guard next < packed.count else { return true }
      guard !packed[next...].starts(with: [0x1F, 0x8B]) else { return true }
      memberOffset = packedEnd - packed.count + next
      do throws(FileError) { try resume("bytes that are no gzip member") } catch { return false }
    } else {
      return false
    }
    return true
  }

  /// Reads on; false at the end of the file.
  private mutating func fill() throws(FileError) -> Bool {
    let more = try bytes(at: packedEnd, Self.readBytes)
    packed = packed[next...] + more
    next = 0
    packedEnd += more.count
    return !more.isEmpty
  }

  // MARK: Damage

  /// Goes to the next member that begins as all do.
  private mutating func resume(_ text: String) throws(FileError) {
    let reason = "\(text) in the member at byte \(memberOffset)"
    guard let memberBegins, damages < Self.damagesMax else { throw .damagedPacking(reason) }
    damages += 1
    let end = packedEnd - packed.count + next + Self.searchBytesMax
    var from = memberOffset + 1
    while let found = try magic(from: from, to: end) {
      if try begins(memberBegins, at: found) {
        damage = Damage(offset: memberOffset, resumedAt: found, unpackedCount: memberUnpackedCount, text: text)
        (packed, next, packedEnd) = ([], 0, found)
        inflater = nil
        return
      }
      from = found + 1
    }
    throw .damagedPacking(reason)
  }

  /// Where the first bytes of a member stand: magic, deflate, no reserved flag.
  private func magic(from start: Int, to end: Int) throws(FileError) -> Int? {
    var offset = start
    while offset < end {
      let window = try bytes(at: offset, Self.readBytes)
      guard window.count >= 4 else { return nil }
      for i in 0..<window.count - 3
      where window[i] == 0x1F && window[i + 1] == 0x8B && window[i + 2] == 8 && window[i + 3] & 0xE0 == 0 {
        return offset + i
      }
      offset += window.count - 3
    }
    return nil
  }

  private func begins(_ content: [UInt8], at offset: Int) throws(FileError) -> Bool {
    var inflater = try Inflater(.gzip)
    var unpacked: [UInt8] = []
    // What comes before an error counts as well.
    do throws(FileError) { _ = try inflater.take(try bytes(at: offset, Self.pieceBytes), &unpacked) } catch {}
    return unpacked.starts(with: content)
  }

  private func bytes(at offset: Int, _ count: Int) throws(FileError) -> [UInt8] {
    var taken = 0
    // SAFETY: the buffer has room for `count` bytes and pread writes at most so many, answering how many.
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      repeat { taken = unsafe pread(descriptor, buffer.baseAddress, count, offset) } while taken < 0 && errno == EINTR
      filled = max(0, taken)
    }
    guard taken >= 0 else { throw .system(errno: errno) }
    return bytes
  }
}
