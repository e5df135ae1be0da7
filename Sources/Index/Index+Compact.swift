internal import Base
internal import ScoringCore
internal import Store

extension Index {
  /// Writes the whole index anew as one segment in an environment of its own and makes that the one that counts: the
  /// file is then as small as it gets. Queries go on; changes wait until it is done.
  ///
  /// Needs room for a second copy. Complexity: as indexing without the analysis.
  public func compact() throws(IndexError) {
    guard !isReadOnly else { throw .readOnly }
    try state.withLock { (state) throws(IndexError) in
      guard !state.isClosed else { throw .closed }
      try compact(&state)
    }
  }

  private func compact(_ state: inout WriterState) throws(IndexError) {
    let staged = try inDirectory { (directory) throws(StoreError) in try directory.stage(tables: Table.all) }
    do throws(IndexError) {
      let change = try copySegments(&state, into: staged.environment)
      var manifest = state.manifest
      manifest.generation += 1
      try staged.environment.write { (transaction: inout WriteTransaction) throws(IndexError) in
        try change.sink?.put(in: &transaction)
        try change.write(manifest, in: &transaction)
        do throws(StoreError) { try FileTables.copy(from: state.environment, in: &transaction) } catch { throw .store(error) }
      }
      let snapshot = try SnapshotReader.snapshot(
        of: staged.environment, manifest: manifest, records: change.records, deletes: [:], reusing: nil)
      try inDirectory { (directory) throws(StoreError) in try directory.publish(staged) }
      let old = state.environment
      state.environment = staged.environment
      state.manifest = manifest
      state.records = change.records
      state.snapshot = snapshot
      publish(snapshot)
      old.close()
    } catch {
      staged.environment.close()
      try? inDirectory { (directory) throws(StoreError) in directory.discard(staged) }
      throw error
    }
    // The old folder may go though snapshots still read it: the files stay until the last one closes them.
    try inDirectory { (directory) throws(StoreError) in _ = try directory.sweep() }
  }

  private func copySegments(_ state: inout WriterState, into environment: Environment) throws(IndexError) -> TableChange {
    let merger = SegmentMerger(
      sources: state.snapshot.segments, manifest: state.manifest, environment: environment,
      phraseLayer: options.phraseLayer,
      isStopped: { [merges] in merges.isStopped })
    let output = try merger.merge(into: state.newSegmentID())
    return TableChange(
      sink: output?.sink, records: output.map { [$0.record] } ?? [], deletes: [:], changedDocuments: [:], dropped: [])
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
