internal import Base

/// The key of an extent: segment and number, both big-endian, so that byte order is the order of the segment's bytes.
///
///     |<- segment u64 BE ->|<- number u32 BE ->|
///
///     segment 258, extent 3  ->  00 00 00 00 00 00 01 02  00 00 00 03
struct ExtentKey: Equatable {
  let segment: SegmentID
  let number: UInt32

  static let byteCount = 12

  var bytes: [UInt8] {
    Self.prefix(of: segment) + (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
  }

  /// What the keys of all extents of a segment begin with.
  static func prefix(of segment: SegmentID) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: segment.rawValue >> (56 - 8 * $0)) }
  }

  init(segment: SegmentID, number: UInt32) {
    self.segment = segment
    self.number = number
  }

  /// Nil when the bytes are not such a key.
  init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == Self.byteCount else { return nil }
    segment = SegmentID(rawValue: bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
    number = bytes.dropFirst(8).reduce(0) { $0 << 8 | UInt32($1) }
  }
}
