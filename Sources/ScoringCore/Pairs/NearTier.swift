internal import Base

/// The documents of a segment in which two or three common words stand closest together, and a bound for all others.
///
/// The **nearness** of some words in a document is the frequency of `NEAR(a, b)` or `NEAR(a, b, c)` without a limit:
/// Σ 1 / (1 + excess) over the minimal hulls. A limit of distance or order only takes hulls away, so it bounds all of
/// them. The tier lists the few documents whose nearness weighs most beside their length, with it rounded up to
/// quarters; what is not listed is bounded by the Pareto front of (nearness, norm) over the rest.
///
///     tier := restCount u8, (norm u8, quarters varint) × restCount, list payload without positions
///
/// Frequencies of the list are quarters.
public struct NearTier: Sendable {
  public let list: PostingListReference
  let rest: [(norm: UInt8, quarters: UInt32)]

  /// Documents of a tier at most.
  static let documentsMax = 256
  /// A frequency of the list counts quarters.
  static let unit: Float = 0.25

  /// - Throws: `PostingError.payload`.
  public init(payload: [UInt8]) throws(PostingError) {
    var rest: [(norm: UInt8, quarters: UInt32)] = []
    let start: Int
    do throws(ByteError) {
      var reader = ByteReader(payload)
      for _ in 0..<(try reader.byte()) {
        let norm = try reader.byte()
        rest.append((norm, UInt32(clamping: try reader.varint())))
      }
      start = reader.offset
    } catch {
      throw .payload
    }
    self.rest = rest
    // SAFETY: bytes have no padding that could be uninitialised.
    list = try PostingListReference(
      payload: unsafe payload.span.extracting(start..<payload.count).bytes, withPositions: false)
  }

  static func payload(rest: [(norm: UInt8, quarters: UInt32)], list: [UInt8]) -> [UInt8] {
    var bytes = [UInt8(rest.count)]
    for pair in rest {
      bytes.append(pair.norm)
      Varint.append(pair.quarters, to: &bytes)
    }
    bytes.append(contentsOf: list)
    return bytes
  }
}
