internal import Analysis
internal import Base
internal import Store

/// All that the one writer changes, behind one lock: the buffer, what is deleted and not yet committed, and what the
/// last commit left.
struct WriterState: ~Copyable {
  var environment: Environment
  var manifest: Manifest
  /// The segments of the last commit in the order of the snapshot.
  var records: [SegmentRecord]
  /// The state of the last commit; what readers get.
  var snapshot: Snapshot
  var buffer: MemoryIndex
  /// Documents of the buffer by identity.
  var buffered: [String: DocID] = [:]
  /// Documents of the buffer that were replaced or deleted before they were written.
  var deadInBuffer: Set<DocID> = []
  /// Documents of segments that are to be deleted by the next commit.
  var deletions: [SegmentID: Set<DocID>] = [:]
  /// The ledger of files, with what is not committed yet.
  var files: FileTables
  /// Its sums at the last commit.
  var filesCommitted: FileCounts
  /// Files of which the last part has not come.
  var openFiles: [[UInt8]: OpenFile] = [:]
  /// Segments that a merge reads: they must not vanish under it.
  var merging: Set<SegmentID> = []
  var isClosed = false

  init(
    environment: Environment, manifest: Manifest, records: [SegmentRecord], snapshot: Snapshot,
    buffer: consuming MemoryIndex, fileCounts: FileCounts
  ) {
    self.environment = environment
    self.manifest = manifest
    self.records = records
    self.snapshot = snapshot
    self.buffer = buffer
    files = FileTables(counts: fileCounts)
    filesCommitted = fileCounts
  }

  var hasChanges: Bool { buffer.documentCount > 0 || !deletions.isEmpty || files.hasChanges }

  /// Gives a new segment its number. Unused numbers do no harm: what was written under them is swept at start.
  mutating func newSegmentID() -> SegmentID {
    defer { manifest.nextSegment += 1 }
    return SegmentID(rawValue: manifest.nextSegment)
  }

  /// Empties what the last commit has written.
  mutating func clearBuffer() {
    buffer.removeAll()
    buffered.removeAll(keepingCapacity: true)
    deadInBuffer.removeAll()
    deletions.removeAll()
  }

  /// Forgets what is not committed. Files that were half taken have to begin again.
  mutating func discardChanges() {
    clearBuffer()
    files = FileTables(counts: filesCommitted)
    openFiles.removeAll()
  }
}
