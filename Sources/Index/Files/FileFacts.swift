internal import Base

/// What the file system says of a file, by which a change is known without reading it.
public struct FileFacts: Sendable, Equatable {
  public var byteCount: UInt64
  /// Nanoseconds since 1970: of the content, and of the content or the rights or the name.
  public var modifiedNanoseconds: Int64
  public var changedNanoseconds: Int64
  public var inode: UInt64
  public var device: UInt64

  public init(
    byteCount: UInt64, modifiedNanoseconds: Int64, changedNanoseconds: Int64, inode: UInt64, device: UInt64
  ) {
    self.byteCount = byteCount
    self.modifiedNanoseconds = modifiedNanoseconds
    self.changedNanoseconds = changedNanoseconds
    self.inode = inode
    self.device = device
  }

  /// No file has these: what they stand beside is read again.
  public static let unknown = FileFacts(
    byteCount: .max, modifiedNanoseconds: 0, changedNanoseconds: 0, inode: 0, device: 0)

  /// Whether the file could have been written once more, after a look at this time, without its times telling.
  ///
  /// File systems stamp with the clock of the last tick (10 ms at the longest), or with whole or even seconds: then the
  /// fraction is zero.
  public func isRacy(lookedAtNanoseconds look: Int64) -> Bool {
    let last = max(modifiedNanoseconds, changedNanoseconds)
    let granularity: Int64 = last % 1_000_000_000 == 0 ? 2_000_000_000 : 20_000_000
    return last > look - granularity
  }

  func append(to bytes: inout [UInt8]) {
    bytes.appendInteger(byteCount)
    bytes.appendInteger(modifiedNanoseconds)
    bytes.appendInteger(changedNanoseconds)
    bytes.appendInteger(inode)
    bytes.appendInteger(device)
  }

  init(_ reader: inout ByteReader) throws(ByteError) {
    byteCount = try reader.integer(UInt64.self)
    modifiedNanoseconds = try reader.integer(Int64.self)
    changedNanoseconds = try reader.integer(Int64.self)
    inode = try reader.integer(UInt64.self)
    device = try reader.integer(UInt64.self)
  }
}
