internal import Analysis
internal import Base
internal import Store

extension Index {
  /// Analyses what waits and writes it as a segment, with the deletions and the manifest in one durable transaction,
  /// then publishes the new snapshot. Does nothing where nothing has changed.
  func commit(_ state: inout WriterState) throws(IndexError) {
    guard state.hasChanges else { return }
    var written: [(sink: SegmentSink, record: SegmentRecord)] = []
    do throws(IndexError) {
      if !state.pending.isEmpty { written = try writePending(&state) }
      let deletes = Self.newBitmaps(state.deletions, state.snapshot)
      var records = state.records
      for number in records.indices {
        if let bitmap = deletes[records[number].id] { records[number].deletedCount = UInt32(bitmap.deletedCount) }
      }
      records.append(contentsOf: written.map(\.record))
      let dropped = records.filter { $0.liveCount == 0 && !state.merging.contains($0.id) }
      records.removeAll { record in dropped.contains { $0.id == record.id } }
      let change = TableChange(
        sinks: written.map(\.sink), records: records, deletes: deletes, changedDocuments: state.deletions,
        dropped: dropped.map(\.id))
      try publish(change, &state)
    } catch {
      for segment in written { segment.sink.discard() }
      throw error
    }
    state.clearBatch()
  }

  /// Makes a change of the tables durable and searchable. The one place where a snapshot is born.
  func publish(_ change: TableChange, _ state: inout WriterState) throws(IndexError) {
    var manifest = state.manifest
    manifest.generation += 1
    let files = state.files
    try state.environment.write { (transaction: inout WriteTransaction) throws(IndexError) in
      try change.write(manifest, in: &transaction)
      do throws(StoreError) { try files.write(in: &transaction) } catch { throw .store(error) }
    }
    state.changedFiles?.formUnion(state.files.changes)
    state.files.settle()
    state.filesCommitted = state.files.counts
    state.manifest = manifest
    state.records = change.records
    var deletes: [SegmentID: DeleteBitmap] = [:]
    for segment in state.snapshot.segments { deletes[segment.id] = segment.deletes }
    deletes.merge(change.deletes) { _, new in new }
    state.snapshot = try SnapshotReader.snapshot(
      of: state.environment, manifest: manifest, records: change.records, deletes: deletes, reusing: state.snapshot,
      stems: stems)
    publish(state.snapshot)
  }

  /// Writes the documents that wait as a segment, or as several where the buffers do not hold them all at once. Their
  /// extents are in the environment or in the sinks afterwards, and in no table.
  private func writePending(
    _ state: inout WriterState
  ) throws(IndexError) -> [(sink: SegmentSink, record: SegmentRecord)] {
    var left: [(number: Int, document: PendingDocument)] = []
    var wordCounts = [UInt32](repeating: 0, count: state.pending.all.count)
    for (number, document) in state.pending.take().enumerated() {
      if let document { left.append((number, document)) }
    }
    if let order = options.ordering.order(ofBatch: left.map(\.document.textBytes)) { left = order.map { left[$0] } }
    var written: [(sink: SegmentSink, record: SegmentRecord)] = []
    do throws(IndexError) {
      while !left.isEmpty {
        let id = state.newSegmentID()
        let textBytes = left.reduce(0) { $0 + $1.document.textBytes }
        // A small segment takes small extents.
        let size: ExtentSize = textBytes < 512 << 10 ? .small : .large
        let sink = SegmentSink(
          segment: id, size: size, environment: state.environment, batchBytes: options.extentBatchBytes)
        let version = state.manifest.analysisVersion
        let words = try state.lanes.round(&left, threads: threads(), bufferBytes: options.bufferBytes) {
          (source: inout MemorySource) throws(IndexError) in
          do throws(IndexError) {
            written.append((sink, try write(&source, id, size, sink, version)))
          } catch {
            sink.discard()
            throw error
          }
        }
        for (number, count) in words { wordCounts[number] = count }
        // What waits in memory is small beside the buffers only if it is not that of many segments.
        if !left.isEmpty { try sink.flush() }
      }
      try state.countFileWords(wordCounts)
      return written
    } catch {
      for segment in written { segment.sink.discard() }
      throw error
    }
  }

  private func write(
    _ source: inout MemorySource, _ id: SegmentID, _ size: ExtentSize, _ sink: SegmentSink, _ analysisVersion: UInt32
  ) throws(IndexError) -> SegmentRecord {
    let writer = SegmentWriter<MemorySource>(
      size: size, analysisVersion: analysisVersion, phraseLayer: options.phraseLayer, sink: sink)
    let extents = try writer.write(&source)
    return SegmentRecord(
      id: id, extentSize: size, extentCount: UInt32(extents), documentCount: UInt32(source.documentCount),
      deletedCount: 0, wordCount: source.wordCount)
  }

  /// Cores to index on now: one fewer while others want them.
  private func threads() -> Int {
    max(1, options.indexingThreads - (options.isBusy?() == true ? 1 : 0))
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
