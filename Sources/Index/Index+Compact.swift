internal import Base
internal import ScoringCore
internal import Store
internal import Synchronization

extension Index {
  /// Writes the whole index anew as one segment in an environment of its own and makes that the one that counts: the
  /// file is then as small as it gets. Queries and changes go on meanwhile; merges wait.
  ///
  /// The segments there were at the beginning become one; those that commits have made since, and what has changed in
  /// the ledger of files, are copied in rounds, each of what the round before has left over. Only for the last round,
  /// which is small, changes wait: it brings the deletions along and flips `CURRENT`. One compaction at a time; if it
  /// is broken off, the index is as it was. Needs room for a second copy. Complexity: as indexing without the analysis.
  public func compact() throws(IndexError) {
    guard !isReadOnly else { throw .readOnly }
    try mergeTurn.withLock { (_) throws(IndexError) in
      let start = try state.withLock { (state) throws(IndexError) in try beginCompaction(&state) }
      let staged: StagedEnvironment
      do throws(IndexError) {
        staged = try inDirectory { (directory) throws(StoreError) in try directory.stage(tables: Table.all) }
      } catch {
        state.withLock { state in endCompaction(start, &state) }
        throw error
      }
      do throws(IndexError) {
        try compact(start, into: staged)
        state.withLock { state in endCompaction(start, &state) }
      } catch {
        state.withLock { state in endCompaction(start, &state) }
        staged.environment.close()
        try? inDirectory { (directory) throws(StoreError) in directory.discard(staged) }
        _ = try? inDirectory { (directory) throws(StoreError) in try directory.sweep() }
        throw error
      }
    }
    // The old folder may go though snapshots still read it: the files stay until the last one closes them.
    try inDirectory { (directory) throws(StoreError) in _ = try directory.sweep() }
    merges.wake()
  }

  /// What a compaction begins with.
  private struct CompactionStart {
    let id: SegmentID
    let snapshot: Snapshot
    let manifest: Manifest
    let environment: Environment
  }

  /// What the rounds are left with when little is left, or when they do not get ahead of the changes.
  private static let roundsMax = 8
  private static let lastRoundExtents = 8
  private static let lastRoundFiles = 2_000

  private func beginCompaction(_ state: inout WriterState) throws(IndexError) -> CompactionStart {
    guard !state.isClosed else { throw .closed }
    // Segments that are being copied stay, even if all of their documents are deleted.
    state.merging.formUnion(state.records.map(\.id))
    state.changedFiles = FileChanges()
    return CompactionStart(
      id: state.newSegmentID(), snapshot: state.snapshot, manifest: state.manifest, environment: state.environment)
  }

  private func endCompaction(_ start: CompactionStart, _ state: inout WriterState) {
    state.merging.subtract(start.snapshot.segments.map(\.id))
    state.changedFiles = nil
  }

  private func compact(_ start: CompactionStart, into staged: StagedEnvironment) throws(IndexError) {
    let pin = SnapshotPin(start.snapshot)
    let merger = SegmentMerger(
      sources: start.snapshot.segments, manifest: start.manifest, environment: staged.environment,
      phraseLayer: options.phraseLayer, ordering: options.ordering, extentBatchBytes: options.extentBatchBytes,
      isStopped: { [self] in isStopped(renewing: pin) })
    let output = try merger.merge(into: start.id)
    try output?.sink.flush()
    try storing { () throws(StoreError) in try FileTables.copy(from: start.environment, to: staged.environment) }
    var copied: Set<SegmentID> = []
    for _ in 0..<Self.roundsMax {
      let (snapshot, files) = state.withLock { state in (state.snapshot, state.takeChangedFiles()) }
      pin.renew(snapshot)
      let (sinks, extents) = try copySegments(of: snapshot, besides: start, into: staged.environment, &copied)
      try SegmentSink.flush(sinks, staged.environment)
      try storing { () throws(StoreError) in
        try FileTables.copy(files, from: start.environment, to: staged.environment)
      }
      if extents <= Self.lastRoundExtents, files.count <= Self.lastRoundFiles { break }
    }
    // Much of publishing is waiting for the disk, which changes need not wait for as well.
    try inDirectory { (directory) throws(StoreError) in try directory.synchronize(staged) }
    let old = try state.withLock { (state) throws(IndexError) in try finish(start, output, staged, copied, &state) }
    old.environment.close()
  }

  /// Asked by a merge now and then: it reads on in the newest snapshot, whose transaction keeps its sources as well, so
  /// that the pages which commits free meanwhile can be used again.
  func isStopped(renewing pin: SnapshotPin) -> Bool {
    pin.renew(snapshot())
    return merges.isStopped
  }

  /// Copies the segments that are new since the beginning and not copied yet: what of them is not written yet, in few
  /// transactions for all of them, and how many extents that were.
  private func copySegments(
    of snapshot: Snapshot, besides start: CompactionStart, into environment: Environment,
    _ copied: inout Set<SegmentID>
  ) throws(IndexError) -> (sinks: [SegmentSink], extents: Int) {
    let old = Set(start.snapshot.segments.map(\.id))
    var extents = 0
    var sinks: [SegmentSink] = []
    var waitingBytes = 0
    for segment in snapshot.segments where !old.contains(segment.id) && !copied.contains(segment.id) {
      let sink = try SegmentMerger.copy(
        segment, into: segment.id, environment, batchBytes: options.extentBatchBytes) { [merges] in merges.isStopped }
      sinks.append(sink)
      waitingBytes += sink.waitingBytes
      if waitingBytes >= options.extentBatchBytes {
        try SegmentSink.flush(sinks, environment)
        (sinks, waitingBytes) = ([], 0)
      }
      copied.insert(segment.id)
      extents += segment.body.extents.extentCount
    }
    return (sinks, extents)
  }

  /// Under the writer's lock: the last difference in one transaction, then the flip. Answers what was, which is let go
  /// outside the lock: giving back the address space of a large file takes its time.
  private func finish(
    _ start: CompactionStart, _ output: SegmentMerger.Output?, _ staged: StagedEnvironment,
    _ alreadyCopied: Set<SegmentID>, _ state: inout WriterState
  ) throws(IndexError) -> (environment: Environment, snapshot: Snapshot) {
    guard !state.isClosed else { throw .closed }
    var copied = alreadyCopied
    let sinks = try copySegments(of: state.snapshot, besides: start, into: staged.environment, &copied).sinks
    let files = state.takeChangedFiles()
    var (change, deletes) = compactedTables(start, output, copied, state)
    // Of a segment that is gone already nothing is written.
    change.sinks = sinks.filter { !change.dropped.contains($0.segment) }
    var manifest = state.manifest
    manifest.generation += 1
    try staged.environment.write { (transaction: inout WriteTransaction) throws(IndexError) in
      try change.write(manifest, in: &transaction)
      do throws(StoreError) {
        try FileTables.put(files, from: start.environment, in: &transaction)
      } catch {
        throw .store(error)
      }
    }
    let snapshot = try SnapshotReader.snapshot(
      of: staged.environment, manifest: manifest, records: change.records, deletes: deletes, reusing: nil,
      stems: stems)
    try inDirectory { (directory) throws(StoreError) in try directory.publish(staged) }
    let old = (environment: state.environment, snapshot: state.snapshot)
    state.environment = staged.environment
    state.manifest = manifest
    state.records = change.records
    state.snapshot = snapshot
    publish(snapshot)
    return old
  }

  /// The tables of the new environment: the one segment, then those that are new, with what is deleted in them.
  private func compactedTables(
    _ start: CompactionStart, _ output: SegmentMerger.Output?, _ copied: Set<SegmentID>, _ state: borrowing WriterState
  ) -> (TableChange, [SegmentID: DeleteBitmap]) {
    var records: [SegmentRecord] = []
    var deletes: [SegmentID: DeleteBitmap] = [:]
    var deleted: [SegmentID: Set<DocID>] = [:]
    if let output {
      var record = output.record
      let late = Self.deletedSince(start.snapshot.segments, output, state.snapshot)
      record.deletedCount = UInt32(late.count)
      if !late.isEmpty {
        deleted[record.id] = late
        deletes[record.id] = DeleteBitmap(documentCount: Int(record.documentCount), old: nil, newlyDeleted: late)
      }
      records.append(record)
    }
    let old = Set(start.snapshot.segments.map(\.id))
    for record in state.records where !old.contains(record.id) { records.append(record) }
    for segment in state.snapshot.segments where !old.contains(segment.id) && segment.deletedCount > 0 {
      deletes[segment.id] = segment.deletes
      deleted[segment.id] = Set((0..<DocID(segment.documentCount)).filter { segment.isDeleted($0) })
    }
    var dropped = copied.subtracting(records.map(\.id))
    dropped.formUnion(records.filter { $0.liveCount == 0 }.map(\.id))
    records.removeAll { dropped.contains($0.id) }
    for id in dropped { deletes[id] = nil }
    let change = TableChange(
      sinks: [], records: records, deletes: deletes, changedDocuments: deleted, dropped: dropped.sorted())
    return (change, deletes)
  }

  private func inDirectory<Result>(
    _ body: (IndexDirectory) throws(StoreError) -> Result
  ) throws(IndexError) -> Result {
    try directory.withLock { (directory) throws(IndexError) in
      guard let directory else { throw IndexError.closed }
      return try storing { () throws(StoreError) in try body(directory) }
    }
  }
}

/// The snapshot that keeps the sources of a merge readable: always the newest, since older ones keep freed pages from
/// being used again. The sources are in all of them: they are kept until the merge is over. Thread-safe.
final class SnapshotPin: Sendable {
  private let snapshot: Mutex<Snapshot>

  init(_ snapshot: Snapshot) { self.snapshot = Mutex(snapshot) }

  /// The new one is held before the old one goes.
  func renew(_ newer: Snapshot) {
    let old = snapshot.withLock { snapshot in
      defer { snapshot = newer }
      return snapshot
    }
    _ = consume old
  }
}
