/// Where the bytes of one open segment are: a pointer for each extent, and the arithmetic from address to pointer.
///
/// The map borrows both the pointer table and the extents; the segment that made it keeps both alive, and hands the
/// map only to code that runs inside its own lifetime. Thread-safe: nothing in it changes.
@safe
public struct ExtentMap: @unchecked Sendable, BitwiseCopyable {
  // SAFETY: `pointers` has `extentCount` entries, each of `size.usableBytes` readable bytes, owned by the segment.
  @usableFromInline let pointers: UnsafePointer<UnsafeRawPointer>
  public let extentCount: Int
  public let size: ExtentSize
  @usableFromInline let shift: UInt64
  @usableFromInline let mask: UInt64
  @usableFromInline let slack: UInt64
  @usableFromInline let usable: UInt64
  /// Length of the segment's byte string.
  public let byteCount: UInt64

  /// - Parameter lastUsableBytes: Of the last extent, where it is shorter than the others; a multiple of 16.
  public init(
    pointers: UnsafePointer<UnsafeRawPointer>, extentCount: Int, size: ExtentSize, lastUsableBytes: Int? = nil
  ) {
    unsafe self.pointers = pointers  // SAFETY: see the type; the caller owns the table.
    self.extentCount = extentCount
    self.size = size
    shift = size.shift
    mask = (1 << size.shift) - 1
    slack = size.slackBytes
    usable = UInt64(size.usableBytes)
    let missing = lastUsableBytes.map { size.usableBytes - $0 } ?? 0
    precondition(missing >= 0 && missing < size.usableBytes, "an extent has bytes")
    byteCount = extentCount == 0 ? 0 : UInt64(extentCount) &* usable &- UInt64(missing)
  }

  /// Usable bytes of an extent.
  @inlinable
  public func usableBytes(ofExtent number: Int) -> Int {
    number == extentCount - 1 ? Int(byteCount &- UInt64(number) &* usable) : Int(usable)
  }

  /// Extent number and offset in it. The address need not be inside the segment.
  @inlinable
  public func locate(_ address: UInt64) -> (extent: Int, offset: Int) {
    var extent = address &>> shift
    var offset = (address & mask) &+ extent &* slack
    if offset >= usable {
      extent &+= 1
      offset &-= usable
    }
    return (Int(extent), Int(offset))
  }

  /// The address `byteCount` bytes of which lie in one piece of memory, or nil where they do not or are not there.
  @inlinable
  public func pointer(at address: UInt64, byteCount: Int) -> UnsafeRawPointer? {
    guard address < self.byteCount, byteCount >= 0, UInt64(byteCount) <= self.byteCount &- address else { return nil }
    let (extent, offset) = locate(address)
    guard offset + byteCount <= Int(usable) else { return nil }
    return unsafe pointers[extent] + offset  // SAFETY: extent < extentCount and the range ends inside it.
  }

  /// `count` bytes from `address` on, which may lie in several extents, or nil where they are not all there.
  public func copyBytes(at address: UInt64, count: Int) -> [UInt8]? {
    guard count >= 0, address <= byteCount, UInt64(count) <= byteCount - address else { return nil }
    return unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      var done = 0  // SAFETY (whole closure): writes exactly `count` bytes of a buffer of `count`.
      while done < count {
        let (extent, offset) = locate(address + UInt64(done))
        let part = min(count - done, Int(usable) - offset)
        // SAFETY: `part` bytes are left both in the extent and in the buffer of `count` bytes.
        unsafe UnsafeMutableRawPointer(buffer.baseAddress!)
          .advanced(by: done).copyMemory(from: pointers[extent] + offset, byteCount: part)
        done += part
      }
      initialized = count
    }
  }
}
