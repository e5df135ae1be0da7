internal import Base
internal import ScoringCore
internal import Store

/// Where a new segment's extents go: kept until there are `batchBytes` of them, then written in a transaction of
/// their own under the segment's id, which no table names yet. What is left at the end goes into the transaction that
/// publishes the segment, so that a small commit is one transaction.
///
/// Single thread. If the segment is never published, its extents are orphans and swept at the next start.
final class SegmentSink {
  /// Extents of so many bytes are one transaction, which other writers wait for.
  let batchBytes: Int
  let segment: SegmentID
  let size: ExtentSize
  private let environment: Environment
  private var waiting: [(extent: Int, bytes: [UInt8])] = []
  private var hasWritten = false

  init(segment: SegmentID, size: ExtentSize, environment: Environment, batchBytes: Int) {
    self.batchBytes = batchBytes
    self.segment = segment
    self.size = size
    self.environment = environment
  }

  /// Bytes of extents that are not written yet.
  var waitingBytes: Int { waiting.count * size.valueBytes }

  func take(extent: Int, bytes: Span<UInt8>) throws(IndexError) {
    waiting.append((extent, unsafe bytes.withUnsafeBufferPointer { unsafe [UInt8]($0) }))  // SAFETY: copied inside.
    if waitingBytes >= batchBytes { try flush() }
  }

  /// Writes what waits in a transaction of its own.
  func flush() throws(IndexError) {
    guard !waiting.isEmpty else { return }
    hasWritten = true
    try environment.write { (transaction: inout WriteTransaction) throws(IndexError) in try put(in: &transaction) }
  }

  /// Writes what waits of all of them in one transaction.
  static func flush(_ sinks: [SegmentSink], _ environment: Environment) throws(IndexError) {
    guard sinks.contains(where: { $0.waitingBytes > 0 }) else { return }
    try environment.write { (transaction: inout WriteTransaction) throws(IndexError) in
      for sink in sinks {
        sink.hasWritten = true
        try sink.put(in: &transaction)
      }
    }
  }

  /// Removes what was written of a segment that will not be published. If this fails, the next start sweeps it.
  func discard() {
    waiting.removeAll()
    guard hasWritten else { return }
    try? environment.write { (transaction: inout WriteTransaction) throws(StoreError) in
      _ = try transaction.deleteExtents(of: segment)
    }
  }

  /// Puts what waits into `transaction`.
  func put(in transaction: inout WriteTransaction) throws(IndexError) {
    for (extent, bytes) in waiting {
      try storing { () throws(StoreError) in
        try transaction.putExtent(segment: segment, number: extent, size: size, bytes.span, seal: Seal.extents)
      }
    }
    waiting.removeAll()
  }
}

/// How extents prove themselves: the store's seal with the core's checksum.
enum Seal {
  static let extents = ExtentSeal { bytes, seed in
    unsafe bytes.withUnsafeBytes { unsafe Checksum.crc32c($0, seed: seed) }  // SAFETY: read during the call only.
  }

  static func crc32c(_ bytes: Span<UInt8>) -> UInt32 {
    unsafe bytes.bytes.withUnsafeBytes { unsafe Checksum.crc32c($0) }  // SAFETY: read during the call only.
  }
}
