public import Analysis
public import Base
internal import Store
internal import Synchronization

/// A full-text index in a directory: documents in, snapshots out.
///
/// One process has it open for writing (the lock of `IndexDirectory`). Every change goes through `apply`, which returns
/// when it is durable and searchable; queries read snapshots and never wait for a writer. Thread-safe.
public final class Index: Sendable {
  public let path: String
  public let options: IndexOptions
  public let analyzer: Analyzer
  /// Of the caches of all its segments.
  let stems: StemCacheBudget
  /// Holds the lock of the directory; gone after `close`.
  let directory: Guarded<IndexDirectory?>
  let isReadOnly: Bool
  let state: Guarded<WriterState>
  /// The last commit's state beside the writer's lock, so that a query never waits for a batch.
  private let current: Mutex<Snapshot>
  let merges = MergeSignal()
  private let ages = SnapshotAges()
  /// How long merges took since the index was opened.
  public let mergeDurations = DurationHistogram(boundsNanoseconds: DurationHistogram.writeBounds)
  /// Held by who merges or compacts: one at a time. Taken before the writer's lock.
  let mergeTurn = Guarded<Void>(())

  init(
    path: String, directory: IndexDirectory, options: IndexOptions, analyzer: Analyzer, stems: StemCacheBudget,
    isReadOnly: Bool,
    state: consuming WriterState
  ) {
    self.path = path
    self.directory = Guarded(directory)
    self.options = options
    self.analyzer = analyzer
    self.stems = stems
    self.isReadOnly = isReadOnly
    current = Mutex(state.snapshot)
    ages.publish(state.snapshot)
    self.state = Guarded(state)
  }

  /// The state of the last commit. Cheap; hold it for one query.
  public func snapshot() -> Snapshot { current.withLock { $0 } }

  /// The snapshots that are held, by queries and by whoever keeps one.
  public var snapshotReport: SnapshotReport { ages.report }

  func publish(_ snapshot: Snapshot) {
    ages.publish(snapshot)
    current.withLock { $0 = snapshot }
  }

  /// Finishes what merges do, lets the lock go. Snapshots that are still held stay readable.
  public func close() {
    merges.stop()
    state.withLock { $0.isClosed = true }
    directory.withLock { $0 = nil }
  }

  deinit { merges.stop() }
}
