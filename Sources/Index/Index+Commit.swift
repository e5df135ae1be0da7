internal import Analysis
internal import Base
internal import Store

extension Index {
  /// Writes the buffer as a segment, the deletions and the manifest in one durable transaction, then publishes the
  /// new snapshot. Does nothing where nothing has changed.
  func commit(_ state: inout WriterState) throws(IndexError) {
    guard state.hasChanges else { return }
    var written: (sink: SegmentSink, record: SegmentRecord)?
    if state.buffer.documentCount > 0 { written = try writeBuffer(&state) }
    var deletes = Self.newBitmaps(state.deletions, state.snapshot)
    var records = state.records
    for number in records.indices {
      if let bitmap = deletes[records[number].id] { records[number].deletedCount = UInt32(bitmap.deletedCount) }
    }
    if let record = written?.record {
      if !state.deadInBuffer.isEmpty {
        deletes[record.id] = DeleteBitmap(
          documentCount: Int(record.documentCount), old: nil, newlyDeleted: state.deadInBuffer)
      }
      records.append(record)
    }
    let dropped = records.filter { $0.liveCount == 0 && !state.merging.contains($0.id) }
    records.removeAll { record in dropped.contains { $0.id == record.id } }
    var changed = state.deletions
    if let record = written?.record { changed[record.id] = state.deadInBuffer }
    let change = TableChange(
      sink: written?.sink, records: records, deletes: deletes, changedDocuments: changed,
      dropped: dropped.map(\.id))
    try publish(change, &state)
    state.clearBuffer()
  }

  /// Makes a change of the tables durable and searchable. The one place where a snapshot is born.
  func publish(_ change: TableChange, _ state: inout WriterState) throws(IndexError) {
    var manifest = state.manifest
    manifest.generation += 1
    let files = state.files
    try state.environment.write { (transaction: inout WriteTransaction) throws(IndexError) in
      try change.sink?.put(in: &transaction)
      try change.write(manifest, in: &transaction)
      do throws(StoreError) { try files.write(in: &transaction) } catch { throw .store(error) }
    }
    state.files.settle()
    state.filesCommitted = state.files.counts
    state.manifest = manifest
    state.records = change.records
    var deletes: [SegmentID: DeleteBitmap] = [:]
    for segment in state.snapshot.segments { deletes[segment.id] = segment.deletes }
    deletes.merge(change.deletes) { _, new in new }
    state.snapshot = try SnapshotReader.snapshot(
      of: state.environment, manifest: manifest, records: change.records, deletes: deletes, reusing: state.snapshot)
    publish(state.snapshot)
  }

  private func writeBuffer(_ state: inout WriterState) throws(IndexError) -> (SegmentSink, SegmentRecord) {
    let id = state.newSegmentID()
    // A small segment takes small extents; what it will take is at most what the buffer holds of it.
    let size: ExtentSize = state.buffer.contentBytes < 1 << 20 ? .small : .large
    let sink = SegmentSink(segment: id, size: size, environment: state.environment)
    let analysisVersion = state.manifest.analysisVersion
    let phraseLayer = options.phraseLayer
    let wordCount = state.buffer.documents.wordCount
    let documentCount = state.buffer.documentCount
    let extents = try state.buffer.withSource { (source: inout MemorySource) throws(IndexError) in
      let writer = SegmentWriter<MemorySource>(
        size: size, analysisVersion: analysisVersion, phraseLayer: phraseLayer, sink: sink)
      return try writer.write(&source)
    }
    let record = SegmentRecord(
      id: id, extentSize: size, extentCount: UInt32(extents), documentCount: UInt32(documentCount),
      deletedCount: UInt32(state.deadInBuffer.count), wordCount: wordCount)
    return (sink, record)
  }

  private static func newBitmaps(
    _ deletions: [SegmentID: Set<DocID>], _ snapshot: Snapshot
  ) -> [SegmentID: DeleteBitmap] {
    var bitmaps: [SegmentID: DeleteBitmap] = [:]
    for segment in snapshot.segments {
      guard let documents = deletions[segment.id] else { continue }
      bitmaps[segment.id] = DeleteBitmap(
        documentCount: segment.documentCount, old: segment.deletes, newlyDeleted: documents)
    }
    return bitmaps
  }
}
