internal import Base
internal import Store

/// What one commit does to the tables of the store, apart from the manifest.
struct TableChange {
  /// Extents of new segments that are not written yet.
  var sinks: [SegmentSink]
  /// The segments there will be, in the order of the snapshot.
  var records: [SegmentRecord]
  /// New bitmaps, whole.
  var deletes: [SegmentID: DeleteBitmap]
  /// The documents by which they differ from the old ones: only their chunks are written.
  var changedDocuments: [SegmentID: Set<DocID>]
  /// Segments that are gone.
  var dropped: [SegmentID]

  func write(_ manifest: Manifest, in transaction: inout WriteTransaction) throws(IndexError) {
    for sink in sinks { try sink.put(in: &transaction) }
    do throws(StoreError) {
      for (id, bitmap) in deletes.sorted(by: { $0.key < $1.key }) {
        for chunk in DeleteBitmap.chunks(of: changedDocuments[id] ?? []).sorted() {
          try transaction.put(.deletes, SegmentRecord.deletesKey(id, chunk: chunk), bitmap.chunk(chunk))
        }
      }
      for record in records { try transaction.put(.segments, SegmentRecord.key(record.id), record.encoded()) }
      for id in dropped { try Self.remove(id, in: &transaction) }
      try transaction.put(.meta, Manifest.key, manifest.encoded())
    } catch {
      throw .store(error)
    }
  }

  private static func remove(_ id: SegmentID, in transaction: inout WriteTransaction) throws(StoreError) {
    try transaction.delete(.segments, SegmentRecord.key(id))
    try transaction.deleteExtents(of: id)
    var keys: [[UInt8]] = []
    try transaction.forEach(.deletes, prefix: SegmentRecord.key(id)) { (key, _) throws(StoreError) in
      keys.append(unsafe key.withUnsafeBytes { unsafe [UInt8]($0) })  // SAFETY: copied inside.
    }
    for key in keys { try transaction.delete(.deletes, key) }
  }
}

extension Table {
  /// The manifest.
  static let meta = Table("meta")
  /// `SegmentRecord` by segment.
  static let segments = Table("segments")
  /// Chunks of `DeleteBitmap` by segment and chunk.
  static let deletes = Table("deletes")

  static let all: [Table] = [.meta, .segments, .deletes, .files, .fileIDs, .extents]
}
