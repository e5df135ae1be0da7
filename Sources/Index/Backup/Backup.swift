internal import Base
internal import Store

/// What a backup holds.
public struct BackupReport: Sendable, Equatable {
  /// Generation of the commit that it is a copy of.
  public var generation: UInt64 = 0
  public var documents = 0
  public var segments = 0
  /// Bytes of extents that were copied, those of segments that vanished meanwhile included.
  public var copiedBytes: UInt64 = 0
}

/// Copies an index into a folder of its own while it changes.
///
/// Segments never change, so they are copied one after the other, each from a snapshot of its own, and no reader is
/// held for longer than a segment takes. When little is missing, one last snapshot gives the rest and all tables: they
/// are those of one commit. The writer is never stopped. Every piece is checked against its checksum on the way, so
/// that damage is not handed on. Single thread.
struct Backup {
  /// What is written in one transaction.
  private static let batchBytes = 16 << 20
  /// Segments are copied before the last snapshot until no more than this is missing, and at most so often anew.
  private static let lastBytesMax: UInt64 = 64 << 20
  private static let roundsMax = 10_000

  let source: Index
  let target: Environment
  private(set) var report = BackupReport()
  private var copied: Set<SegmentID> = []

  init(of source: Index, into target: Environment) {
    self.source = source
    self.target = target
  }

  /// Copies everything; what stands in `target` afterwards is a whole index once it is published.
  mutating func run() throws(IndexError) {
    for _ in 0..<Self.roundsMax {
      let snapshot = source.snapshot()
      let missing = missing(in: snapshot)
      guard missing.reduce(0, { $0 + $1.body.extents.byteCount }) > Self.lastBytesMax,
        let largest = missing.max(by: { $0.body.extents.byteCount < $1.body.extents.byteCount })
      else { break }
      try copy(largest)
    }
    let last = source.snapshot()
    for segment in missing(in: last) { try copy(segment) }
    try removeVanished(last)
    for table in Table.all where table != .extents { try copy(table, of: last) }
    report.generation = last.generation
    report.documents = last.documentCount
    report.segments = last.segments.count
  }

  private func missing(in snapshot: Snapshot) -> [Segment] {
    snapshot.segments.filter { !copied.contains($0.id) }
  }

  /// Segments that were merged away or emptied after they were copied.
  private func removeVanished(_ last: Snapshot) throws(IndexError) {
    for id in copied.subtracting(last.segments.map(\.id)).sorted() {
      try target.write { (transaction: inout WriteTransaction) throws(IndexError) in
        try storing { () throws(StoreError) in _ = try transaction.deleteExtents(of: id) }
      }
    }
  }

  private mutating func copy(_ segment: Segment) throws(IndexError) {
    let extents = segment.body.extents
    let together = max(1, Self.batchBytes / extents.size.valueBytes)
    for first in stride(from: 0, to: extents.extentCount, by: together) {
      if source.merges.isStopped { throw .closed }
      try target.write { (transaction: inout WriteTransaction) throws(IndexError) in
        for number in first..<min(first + together, extents.extentCount) {
          try Self.put(segment, extent: number, in: &transaction)
        }
      }
    }
    copied.insert(segment.id)
    report.copiedBytes += extents.byteCount + UInt64(extents.extentCount * extents.size.trailerBytes)
  }

  private static func put(
    _ segment: Segment, extent number: Int, in transaction: inout WriteTransaction
  ) throws(IndexError) {
    let extents = segment.body.extents
    let size = extents.size
    let usable = segment.body.withExtent(number) { value -> [UInt8]? in
      let damaged = Seal.extents.damagedPieces(of: value, segment: segment.id, extent: number, size: size)
      return damaged.isEmpty ? Snapshot.copy(value.extracting(0..<extents.usableBytes(ofExtent: number))) : nil
    }
    guard let usable else { throw segment.corrupt(.checksum, at: UInt64(number * size.usableBytes)) }
    try storing { () throws(StoreError) in
      try transaction.putExtent(segment: segment.id, number: number, size: size, usable.span, seal: Seal.extents)
    }
  }

  /// Copies a table in transactions of some megabytes.
  private func copy(_ table: Table, of snapshot: Snapshot) throws(IndexError) {
    var start: [UInt8]? = []
    while let first = start {
      if source.merges.isStopped { throw .closed }
      var entries: [(key: [UInt8], value: [UInt8])] = []
      var byteCount = 0
      start = nil
      try snapshot.pin.scan(table, from: first) { (key, value) throws(IndexError) in
        if byteCount >= Self.batchBytes {
          start = Snapshot.copy(key)
          return .stop
        }
        entries.append((Snapshot.copy(key), Snapshot.copy(value)))
        byteCount += key.byteCount + value.byteCount
        return .next
      }
      try target.write { (transaction: inout WriteTransaction) throws(IndexError) in
        do throws(StoreError) {
          for entry in entries { try transaction.put(table, entry.key, entry.value) }
        } catch {
          throw .store(error)
        }
      }
    }
  }
}

extension Index {
  /// Copies the index as it is at one commit into a folder where no index is, which is made where it is not there.
  /// Queries, changes and merges go on.
  ///
  /// The copy is an index: it opens and verifies. Until the end the folder holds none; after an error or a crash the
  /// same call begins anew. Throws `.store(.alreadyExists)` where there is one, `.corrupt` where bytes are damaged.
  /// Complexity: reads and writes every byte once. The pages that merges free while a segment is copied are not
  /// reused meanwhile.
  public func backup(to path: String) throws(IndexError) -> BackupReport {
    let (directory, staged) = try storing { () throws(StoreError) in
      try IndexDirectory.createStaged(path: path, tables: Table.all)
    }
    defer { staged.environment.close() }
    var backup = Backup(of: self, into: staged.environment)
    try backup.run()
    try storing { () throws(StoreError) in try directory.publish(staged) }
    return backup.report
  }
}

extension IndexError {
  /// Where an index was to be made, there is one, or somebody makes one.
  public var meansOccupied: Bool {
    switch self {
    case .store(.alreadyExists), .store(.locked): true
    default: false
    }
  }
}
