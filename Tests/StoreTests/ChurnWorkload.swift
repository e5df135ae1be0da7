import Base
import Store
import TestSupport

/// Segments that come and go in one environment, with the times and sizes that the format on LMDB is chosen by.
///
/// Checksums are left out, so that the figures are LMDB's.
struct ChurnWorkload {
  struct Segment {
    let id: SegmentID
    let size: ExtentSize
    let count: Int
    var byteCount: Int { size.valueBytes * count }
  }

  /// What one phase took.
  struct Figures {
    var bytes = 0
    var seconds = 0.0
    var largestPut = 0.0
    var largestTransaction = 0.0
    var transactions = 0
    var megabytesPerSecond: Double { Double(bytes) / 1e6 / seconds }
  }

  static let table = Table("segments")
  static let bitmaps = Table("deletes")
  /// Merges commit so often.
  static let transactionBytes = 16 << 20

  let environment: Store.Environment
  private(set) var live: [Segment] = []
  private(set) var figures = Figures()
  /// The most bytes that ever lived at one time, a merge's output beside its inputs included.
  private(set) var peakBytes = 0
  /// When above zero, the last transaction of a segment replaces one of 64 values by another of up to this length.
  var bitmapBytesMax = 0
  private var random: SplitMix64
  private var lastID: UInt64 = 0
  private let clock = SystemTime()
  private let seal = ExtentSeal { _, seed in seed }
  private let payload: [UInt8]

  init(environment: Store.Environment, seed: UInt64) {
    self.environment = environment
    random = SplitMix64(seed: seed)
    payload = StoreFixture.usableBytes(.large, segment: seed, number: 0)
  }

  var liveBytes: Int { live.reduce(0) { $0 + $1.byteCount } }

  mutating func resetFigures() { figures = Figures() }

  /// The sizes that segments of either kind have: 1 to 15 small extents, 1 to 64 large ones.
  mutating func randomSegment(smallShare: Double) -> Segment {
    lastID += 1
    let isSmall = Double.random(in: 0..<1, using: &random) < smallShare
    let count = Int.random(in: 1...(isSmall ? 15 : 64), using: &random)
    return Segment(id: SegmentID(rawValue: lastID), size: isSmall ? .small : .large, count: count)
  }

  mutating func segment(size: ExtentSize, count: Int) -> Segment {
    lastID += 1
    return Segment(id: SegmentID(rawValue: lastID), size: size, count: count)
  }

  /// Writes a segment as a merge does, and deletes its inputs with the last transaction.
  mutating func write(_ segment: Segment, replacing inputs: [Segment] = []) throws {
    var written = 0
    repeat {
      let part = min(segment.count - written, max(1, Self.transactionBytes / segment.size.valueBytes))
      let isLast = written + part == segment.count
      try transaction { workload, transaction throws(StoreError) in
        for number in written..<written + part {
          try workload.put(number, of: segment, in: &transaction)
        }
        guard isLast else { return }
        if workload.bitmapBytesMax > 0 {
          let key = [UInt8.random(in: 0..<64, using: &workload.random)]
          let count = Int.random(in: 1...workload.bitmapBytesMax, using: &workload.random)
          try transaction.put(Self.bitmaps, key, [UInt8](repeating: 1, count: count))
        }
        try transaction.put(Self.table, workload.key(segment), [UInt8](repeating: 1, count: 300))
        for input in inputs {
          try transaction.deleteExtents(of: input.id)
          try transaction.delete(Self.table, workload.key(input))
        }
      }
      written += part
    } while written < segment.count
    live.append(segment)
    peakBytes = max(peakBytes, liveBytes)
    let gone = Set(inputs.map(\.id))
    if !gone.isEmpty { live.removeAll { gone.contains($0.id) } }
  }

  /// One segment in place of several, of the size that its bytes ask for.
  mutating func merge(_ inputs: [Segment]) throws -> Segment {
    let bytes = inputs.reduce(0) { $0 + $1.byteCount }
    let size: ExtentSize = bytes < 1 << 20 ? .small : .large
    let merged = segment(size: size, count: (bytes + size.valueBytes - 1) / size.valueBytes)
    try write(merged, replacing: inputs)
    return merged
  }

  mutating func delete(_ segment: Segment) throws {
    try transaction { _, transaction throws(StoreError) in try transaction.deleteExtents(of: segment.id) }
    live.removeAll { $0.id == segment.id }
  }

  /// Deletes random segments of about `byteCount` bytes in one transaction. Returns what went.
  mutating func deleteRandom(byteCount: Int) throws -> Int {
    live.shuffle(using: &random)
    var gone: [Segment] = []
    var bytes = 0
    while bytes < byteCount, let segment = live.popLast() {
      gone.append(segment)
      bytes += segment.byteCount
    }
    try transaction { workload, transaction throws(StoreError) in
      for segment in gone {
        try transaction.deleteExtents(of: segment.id)
        try transaction.delete(Self.table, workload.key(segment))
      }
    }
    return bytes
  }

  private func key(_ segment: Segment) -> [UInt8] {
    var key: [UInt8] = []
    key.appendInteger(segment.id.rawValue.bigEndian)
    return key
  }

  private mutating func put(
    _ number: Int, of segment: Segment, in transaction: inout WriteTransaction
  ) throws(StoreError) {
    let start = clock.monotonicNanoseconds()
    try transaction.putExtent(
      segment: segment.id, number: number, size: segment.size,
      payload.span.extracting(first: segment.size.usableBytes), seal: seal)
    figures.largestPut = max(figures.largestPut, Double(clock.monotonicNanoseconds() - start) / 1e9)
    figures.bytes += segment.size.valueBytes
  }

  private mutating func transaction(
    _ body: (inout ChurnWorkload, inout WriteTransaction) throws(StoreError) -> Void
  ) throws {
    let start = clock.monotonicNanoseconds()
    try environment.write { transaction throws(StoreError) in try body(&self, &transaction) }
    let seconds = Double(clock.monotonicNanoseconds() - start) / 1e9
    figures.seconds += seconds
    figures.transactions += 1
    figures.largestTransaction = max(figures.largestTransaction, seconds)
  }
}
