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

/// The heaviest documents of one pair so far, and the front of those that were dropped.
struct TierCandidates {
  struct Entry {
    var weight: Float
    var document: DocID
    var quarters: UInt32
    var norm: UInt8
  }

  private var entries: [Entry] = []
  /// Most quarters of what was dropped, for each norm.
  private var rest: [UInt32] = []
  private var total = 0
  /// What is not heavier has no chance any more.
  private var least: Float = 0

  /// A tier pays where it saves most of the documents.
  var isWorthIt: Bool { total >= 4 * NearTier.documentsMax }

  mutating func add(_ entry: Entry) {
    total += 1
    guard entry.weight > least else { return drop(entry) }
    entries.append(entry)
    if entries.count == 2 * NearTier.documentsMax { shrink() }
  }

  private mutating func drop(_ entry: Entry) {
    if rest.isEmpty { rest = Array(repeating: 0, count: 256) }
    rest[Int(entry.norm)] = max(rest[Int(entry.norm)], entry.quarters)
  }

  /// Keeps the heaviest: by the weight that so many reach, found among the weights alone.
  private mutating func shrink() {
    var weights = entries.map(\.weight)
    weights.sort(by: >)
    least = weights[NearTier.documentsMax - 1]
    // Those above it are fewer than a tier holds; of those that equal it the first fill it up.
    var room = NearTier.documentsMax - entries.count { $0.weight > least }
    var kept = 0
    for entry in entries {
      if entry.weight > least || entry.weight == least && room > 0 {
        if entry.weight == least { room -= 1 }
        entries[kept] = entry
        kept += 1
      } else {
        drop(entry)
      }
    }
    entries.removeSubrange(kept...)
  }

  /// Writes the list; answers the payload.
  mutating func write<E: Error>(
    _ encoder: inout PostingListEncoder, into writer: inout ExtentWriter<E>
  ) throws(E) -> [UInt8] {
    let (kept, rest) = finish()
    encoder.reset()
    for entry in kept { encoder.add(entry.document, frequency: entry.quarters, norm: entry.norm, positions: Span()) }
    return NearTier.payload(rest: rest, list: try encoder.finish(into: &writer))
  }

  /// The documents of the tier, ascending, and the front of all others.
  private mutating func finish() -> (kept: [Entry], rest: [(norm: UInt8, quarters: UInt32)]) {
    if entries.count > NearTier.documentsMax { shrink() }
    entries.sort { $0.document < $1.document }
    var front: [(norm: UInt8, quarters: UInt32)] = []
    for norm in rest.indices where rest[norm] > front.last?.quarters ?? 0 {
      front.append((UInt8(norm), rest[norm]))
    }
    return (entries, front)
  }
}
