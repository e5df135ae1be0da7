/// The two sizes of value that segments are cut into; both fill whole LMDB pages (k * 4096 - 16).
///
///     |<------------------------- valueBytes ------------------------->|
///     | usable bytes of the segment's byte string      | CRC32C x n    |
///
/// The tail of every extent holds one CRC32C for each 128 KiB piece of its usable bytes (`trailerBytes`; a small
/// extent has one piece and 12 zero bytes), so that an extent proves itself. Usable sizes are multiples of 16.
///
/// A segment's last extent is cut to a multiple of the small size: its value has k * 65,536 - 16 bytes, the trailer at
/// the end as in the others. A large segment so wastes 32 KiB on average instead of half a MiB.
///
/// An address is an offset in the segment's byte string: extent = address / usable, without a division since
/// usable = 2^shift - slack:
///
///     q = address >> shift;  r = (address & mask) + q * slack;  if r >= usable { q += 1; r -= usable }
public enum ExtentSize: UInt8, Sendable, BitwiseCopyable {
  case small = 16
  case large = 20

  @inlinable public var shift: UInt64 { UInt64(rawValue) }
  @inlinable public var valueBytes: Int { self == .small ? 65_520 : 1_048_560 }
  @inlinable public var trailerBytes: Int { self == .small ? 16 : 32 }
  @inlinable public var usableBytes: Int { valueBytes - trailerBytes }
  /// 2^shift - usableBytes.
  @inlinable public var slackBytes: UInt64 { (1 << shift) - UInt64(usableBytes) }
  /// Beyond this many extents the division-free mapping no longer holds (134 MB small, 22.9 GB large).
  @inlinable public var extentsMax: Int { (1 << Int(shift)) / Int(slackBytes) - 1 }
  /// What the last extent's value is a multiple of, less 16.
  @inlinable public static var lastStepBytes: Int { 65_536 }

  /// Usable bytes of a segment's last extent that holds `count` bytes, at most `usableBytes`.
  @inlinable public func lastUsableBytes(holding count: Int) -> Int {
    let steps = (count + trailerBytes + 16 + Self.lastStepBytes - 1) / Self.lastStepBytes
    return max(steps, 1) * Self.lastStepBytes - 16 - trailerBytes
  }

  /// Whether the value of a last extent may be so long.
  @inlinable public func isLastValue(byteCount: Int) -> Bool {
    byteCount > 0 && byteCount <= valueBytes && (byteCount + 16).isMultiple(of: Self.lastStepBytes)
  }

  /// Bytes covered by one checksum.
  @inlinable public static var pieceBytes: Int { 131_072 }
  @inlinable public var piecesPerExtent: Int { self == .small ? 1 : 8 }
}
