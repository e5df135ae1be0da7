internal import Analysis
internal import Base
internal import Store

/// All that the one writer changes, behind one lock: what a batch puts, what is deleted and not yet committed, and what the
/// last commit left.
struct WriterState: ~Copyable {
  var environment: Environment
  var manifest: Manifest
  /// The segments of the last commit in the order of the snapshot.
  var records: [SegmentRecord]
  /// The state of the last commit; what readers get.
  var snapshot: Snapshot
  /// What the batch under way puts, and the buffers in which the commit analyses it.
  var pending = PendingDocuments()
  let lanes: IndexingLanes
  /// Places in `pending` of the documents of each file the batch brings.
  var fileParts: [[UInt8]: [Range<Int>]] = [:]
  /// Documents of segments that are to be deleted by the next commit.
  var deletions: [SegmentID: Set<DocID>] = [:]
  /// The ledger of files, with what is not committed yet.
  var files: FileTables
  /// Its sums at the last commit.
  var filesCommitted: FileCounts
  /// Files of which the last part has not come.
  var openFiles: [[UInt8]: OpenFile] = [:]
  /// While a compaction runs: what has changed in the ledger since it last took this.
  var changedFiles: FileChanges?
  /// Segments that a merge reads: they must not vanish under it.
  var merging: Set<SegmentID> = []
  var isClosed = false

  init(
    environment: Environment, manifest: Manifest, records: [SegmentRecord], snapshot: Snapshot,
    lanes: IndexingLanes, fileCounts: FileCounts
  ) {
    self.environment = environment
    self.manifest = manifest
    self.records = records
    self.snapshot = snapshot
    self.lanes = lanes
    files = FileTables(counts: fileCounts)
    filesCommitted = fileCounts
  }

  var hasChanges: Bool { !pending.isEmpty || !deletions.isEmpty || files.hasChanges }

  /// Gives a new segment its number. Unused numbers do no harm: what was written under them is swept at start.
  mutating func newSegmentID() -> SegmentID {
    defer { manifest.nextSegment += 1 }
    return SegmentID(rawValue: manifest.nextSegment)
  }

  /// What has changed in the ledger since the last call; a compaction has begun before.
  mutating func takeChangedFiles() -> FileChanges {
    defer { changedFiles = FileChanges() }
    return changedFiles ?? FileChanges()
  }

  /// Adds the words of documents, by place in `pending`, to the files that brought them.
  mutating func countFileWords(_ wordCounts: [UInt32]) throws(IndexError) {
    for (key, parts) in fileParts {
      let words = parts.reduce(UInt64(0)) { sum, part in wordCounts[part].reduce(sum) { $0 + UInt64($1) } }
      openFiles[key]?.words += words
      try files.addWords(words, to: key)
    }
  }

  /// Empties what the last commit has written.
  mutating func clearBatch() {
    pending.removeAll()
    fileParts.removeAll()
    deletions.removeAll()
  }

  /// Forgets what is not committed. Files that were half taken have to begin again.
  mutating func discardChanges() {
    clearBatch()
    files = FileTables(counts: filesCommitted)
    openFiles.removeAll()
  }
}
