public import Base

/// CRC32C of the bytes, continued from the seed. Given by the index, so that the store needs no kernels.
public typealias PieceChecksum = @Sendable (_ bytes: RawSpan, _ seed: UInt32) -> UInt32

/// Writes and verifies the trailers by which extents prove themselves: LMDB 0.9 has no checksums.
///
///     |<-- usable bytes, in pieces of 131,072 -->|<- CRC32C of piece 0, u32 LE ->|<- of piece 1 ->| … zeros |
///
/// The seed of a piece's checksum holds segment, extent and piece, so that a whole piece in a wrong place is found as
/// surely as a changed bit: with the bytes given, a CRC is a one-to-one function of its seed.
public struct ExtentSeal: Sendable {
  private let checksum: PieceChecksum

  public init(checksum: @escaping PieceChecksum) { self.checksum = checksum }

  /// Low 32 bits of (segment × 0x9E3779B97F4A7C15) ⊕ (number × 8 + piece).
  public static func seed(segment: SegmentID, extent number: Int, piece: Int) -> UInt32 {
    let place = UInt64(truncatingIfNeeded: number) &* 8 &+ UInt64(truncatingIfNeeded: piece)
    return UInt32(truncatingIfNeeded: (segment.rawValue &* 0x9E37_79B9_7F4A_7C15) ^ place)
  }

  /// The trailer of an extent whose usable bytes are given, all or those of a last one: `size.trailerBytes` bytes.
  public func trailer(for usable: RawSpan, segment: SegmentID, extent number: Int, size: ExtentSize) -> [UInt8] {
    precondition(size.isLastValue(byteCount: usable.byteCount + size.trailerBytes), "no extent has this length")
    var trailer: [UInt8] = []
    trailer.reserveCapacity(size.trailerBytes)
    for piece in 0..<Self.pieceCount(usableBytes: usable.byteCount) {
      let seed = Self.seed(segment: segment, extent: number, piece: piece)
      trailer.appendInteger(checksum(usable.extracting(Self.range(of: piece, usableBytes: usable.byteCount)), seed))
    }
    trailer.append(contentsOf: repeatElement(0, count: size.trailerBytes - trailer.count))
    return trailer
  }

  /// Whether one piece of an extent (its whole value, trailer included) is what was stored there.
  ///
  /// What a reader calls at the first touch of a piece. Reads 128 KiB.
  public func isIntact(
    piece: Int, of value: RawSpan, segment: SegmentID, extent number: Int, size: ExtentSize
  ) -> Bool {
    guard size.isLastValue(byteCount: value.byteCount) else { return false }
    let usableBytes = value.byteCount - size.trailerBytes
    guard 0..<Self.pieceCount(usableBytes: usableBytes) ~= piece else { return false }
    var trailer = ByteReader(value, at: usableBytes + 4 * piece)
    guard let stored = try? trailer.integer(UInt32.self) else { return false }
    let bytes = value.extracting(Self.range(of: piece, usableBytes: usableBytes))
    return checksum(bytes, Self.seed(segment: segment, extent: number, piece: piece)) == stored
  }

  /// Pieces of an extent that are not what was stored there; what `verify` reports.
  public func damagedPieces(
    of value: RawSpan, segment: SegmentID, extent number: Int, size: ExtentSize
  ) -> [Int] {
    (0..<Self.pieceCount(usableBytes: max(value.byteCount - size.trailerBytes, 1))).filter { piece in
      !isIntact(piece: piece, of: value, segment: segment, extent: number, size: size)
    }
  }

  /// Where a piece lies among the usable bytes; the last may be shorter.
  public static func range(of piece: Int, usableBytes: Int) -> Range<Int> {
    let start = piece * ExtentSize.pieceBytes
    return start..<min(start + ExtentSize.pieceBytes, usableBytes)
  }

  private static func pieceCount(usableBytes: Int) -> Int {
    (usableBytes + ExtentSize.pieceBytes - 1) / ExtentSize.pieceBytes
  }
}
