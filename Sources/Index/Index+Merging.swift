internal import Base
internal import ScoringCore
internal import Store

extension Index {
  /// Starts the thread that merges segments whenever commits have made it worth while, and compacts an index that has
  /// outgrown what lives in it. Once is enough.
  func startMerging() {
    guard merges.begin() else { return }
    let signal = merges
    // The thread holds the index weakly between merges, so that an index that is let go stops it.
    let isStarted = BackgroundThread.start { [weak self] in
      BackgroundThread.yieldToOthers()
      var growth = GrowthWatch()
      var secondsToLook: Int?
      while signal.wait(seconds: secondsToLook) {
        var more = true
        while more, !signal.isStopped { more = (try? self?.mergeOnce()) ?? false }
        secondsToLook = signal.isStopped ? nil : self?.compactIfGrown(&growth)
      }
      signal.end()
    }
    if !isStarted { signal.end() }
    merges.wake()
  }

  /// Bytes of a merged segment that are left for the transaction that publishes it.
  private static let publishBytesMax = 1 << 20

  /// Does one merge if one is worth it. Returns whether it did.
  func mergeOnce() throws(IndexError) -> Bool {
    try mergeTurn.withLock { (_) throws(IndexError) in try mergeInTurn() }
  }

  private func mergeInTurn() throws(IndexError) -> Bool {
    guard let task = try state.withLock({ (state) throws(IndexError) in try chooseMerge(&state) }) else { return false }
    let clock = SystemTime()
    let start = clock.monotonicNanoseconds()
    let pin = SnapshotPin(task.snapshot)
    do throws(IndexError) {
      let merger = SegmentMerger(
        sources: task.sources, manifest: task.manifest, environment: task.environment,
        phraseLayer: options.phraseLayer, ordering: options.ordering, extentBatchBytes: options.extentBatchBytes,
        isStopped: { [self] in isStopped(renewing: pin) })
      let output = try merger.merge(into: task.id)
      // Much of it is written before the lock is taken, so that no commit waits for it.
      if let sink = output?.sink, sink.waitingBytes > Self.publishBytesMax { try sink.flush() }
      try state.withLock { (state) throws(IndexError) in
        state.merging.subtract(task.sources.map(\.id))
        try publishMerge(task, output, &state)
      }
      mergeDurations.record(nanoseconds: clock.monotonicNanoseconds() - start)
      return true
    } catch {
      state.withLock { state in state.merging.subtract(task.sources.map(\.id)) }
      // What was written under the id is an orphan; if this fails too, the next start sweeps it.
      try? task.environment.write { (transaction: inout WriteTransaction) throws(StoreError) in
        _ = try transaction.deleteExtents(of: task.id)
      }
      throw error
    }
  }

  /// A merge under way. Holds the snapshot that keeps its sources readable.
  private struct MergeTask {
    let id: SegmentID
    let sources: [Segment]
    let snapshot: Snapshot
    let manifest: Manifest
    let environment: Environment
  }

  private func chooseMerge(_ state: inout WriterState) throws(IndexError) -> MergeTask? {
    guard !state.isClosed else { throw .closed }
    let chosen = MergePolicy.choose(state.records, excluding: state.merging)
    guard !chosen.isEmpty else { return nil }
    let ids = Set(chosen.map(\.id))
    state.merging.formUnion(ids)
    return MergeTask(
      id: state.newSegmentID(), sources: state.snapshot.segments.filter { ids.contains($0.id) },
      snapshot: state.snapshot, manifest: state.manifest, environment: state.environment)
  }

  private func publishMerge(
    _ task: MergeTask, _ output: SegmentMerger.Output?, _ state: inout WriterState
  ) throws(IndexError) {
    guard !state.isClosed else { throw .closed }
    let ids = Set(task.sources.map(\.id))
    var records = state.records
    let place = records.firstIndex { ids.contains($0.id) } ?? records.count
    records.removeAll { ids.contains($0.id) }
    var deletes: [SegmentID: DeleteBitmap] = [:]
    var changed: [SegmentID: Set<DocID>] = [:]
    if let output {
      var record = output.record
      let late = Self.deletedSince(task.sources, output, state.snapshot)
      if !late.isEmpty {
        deletes[record.id] = DeleteBitmap(
          documentCount: Int(record.documentCount), old: nil, newlyDeleted: late)
        changed[record.id] = late
        record.deletedCount = UInt32(late.count)
      }
      records.insert(record, at: min(place, records.count))
    }
    let change = TableChange(
      sinks: output.map { [$0.sink] } ?? [], records: records, deletes: deletes, changedDocuments: changed, dropped: ids.sorted())
    try publish(change, &state)
  }

  /// Documents of the output that were deleted in the sources while the merge ran.
  static func deletedSince(
    _ sources: [Segment], _ output: SegmentMerger.Output, _ now: Snapshot
  ) -> Set<DocID> {
    var late: Set<DocID> = []
    for (source, map) in zip(sources, output.documentMaps) {
      guard let current = now.segments.first(where: { $0.id == source.id }),
        current.deletedCount > source.deletedCount
      else { continue }
      for (document, new) in map.enumerated() where new != .terminated && current.isDeleted(DocID(document)) {
        late.insert(new)
      }
    }
    return late
  }
}
