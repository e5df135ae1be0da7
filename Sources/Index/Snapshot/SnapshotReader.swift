internal import Analysis
internal import Base
internal import Store

/// Makes snapshots from what a commit left in the store.
enum SnapshotReader {
  /// The snapshot of a state whose records and bitmaps are known: bodies of segments that `old` has open are shared.
  /// Called by the writer right after its commit, so that no other commit lies between it and the new pin.
  static func snapshot(
    of environment: Environment, manifest: Manifest, records: [SegmentRecord], deletes: [SegmentID: DeleteBitmap],
    reusing old: Snapshot?, stems: StemCacheBudget
  ) throws(IndexError) -> Snapshot {
    let pin = try storing { () throws(StoreError) in try environment.pin() }
    var open: [SegmentID: SegmentBody] = [:]
    for segment in old?.segments ?? [] { open[segment.id] = segment.body }
    let analyzer = Analyzer(stemming: Stemming(rawValue: manifest.stemming) ?? .english)
    var segments: [Segment] = []
    for record in records {
      let body: SegmentBody
      if let known = open[record.id] {
        body = known
      } else {
        // SAFETY: the pointers live as long as a pin that sees the segment, and the snapshot holds one.
        let pointers = unsafe try storing { () throws(StoreError) in
          unsafe try pin.extentPointers(of: record.id, size: record.extentSize, count: Int(record.extentCount))
        }
        let lastValueBytes = try storing { () throws(StoreError) in
          try pin.lastValueBytes(of: record.id, count: Int(record.extentCount))
        }
        body = unsafe try SegmentBody(
          record: record, pointers: pointers, lastValueBytes: lastValueBytes, advises: !environment.options.readsAhead,
          stems: stems)
      }
      segments.append(
        Segment(
          body: body, deletes: deletes[record.id], fields: manifest.fields, schema: manifest.schema,
          analyzer: analyzer))
    }
    return Snapshot(
      generation: manifest.generation, segments: segments, fields: manifest.fields, schema: manifest.schema, pin: pin)
  }

  /// Reads manifest, records and bitmaps as the last commit left them; nil where there is no manifest yet.
  static func load(
    _ environment: Environment
  ) throws(IndexError) -> (manifest: Manifest, records: [SegmentRecord], deletes: [SegmentID: DeleteBitmap])? {
    let found: Tables?
    do throws(StoreError) {
      found = try environment.read { (transaction) throws(StoreError) in try tables(transaction) }
    } catch {
      throw .store(error)
    }
    guard let found else { return nil }
    let decoded = try decode(found)
    return (try Manifest(found.manifest), decoded.records, decoded.deletes)
  }

  /// The bytes of the small tables.
  private struct Tables {
    var manifest: [UInt8]
    var segments: [(key: [UInt8], value: [UInt8])] = []
    /// Chunks of bitmaps by segment key and number.
    var chunks: [[UInt8]: [Int: [UInt8]]] = [:]
  }

  private static func tables(_ transaction: borrowing ReadTransaction) throws(StoreError) -> Tables? {
    guard let manifest = try transaction.copy(.meta, Manifest.key) else { return nil }
    var tables = Tables(manifest: manifest)
    try transaction.forEach(.segments) { (key, value) throws(StoreError) in
      tables.segments.append((copy(key), copy(value)))
    }
    try transaction.forEach(.deletes) { (key, value) throws(StoreError) in
      let key = copy(key)
      let chunk = key.suffix(4).reduce(0) { $0 << 8 | Int($1) }
      tables.chunks[[UInt8](key.prefix(8)), default: [:]][chunk] = copy(value)
    }
    return tables
  }

  private static func decode(
    _ tables: Tables
  ) throws(IndexError) -> (records: [SegmentRecord], deletes: [SegmentID: DeleteBitmap]) {
    var records: [SegmentRecord] = []
    var deletes: [SegmentID: DeleteBitmap] = [:]
    for entry in tables.segments {
      let record = try SegmentRecord(key: entry.key, value: entry.value)
      records.append(record)
      guard let found = tables.chunks[entry.key] else { continue }
      let bitmap = DeleteBitmap(documentCount: Int(record.documentCount), chunks: found)
      guard bitmap.deletedCount == Int(record.deletedCount) else {
        throw .corrupt(segment: record.id.rawValue, structure: .deletes, address: 0)
      }
      deletes[record.id] = bitmap
    }
    return (records, deletes)
  }

  private static func copy(_ bytes: RawSpan) -> [UInt8] {
    unsafe bytes.withUnsafeBytes { unsafe [UInt8]($0) }  // SAFETY: copied inside.
  }
}
