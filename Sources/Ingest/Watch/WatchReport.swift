/// What watching folders has brought since the start.
public struct WatchReport: Sendable, Equatable {
  /// Files that were read, whatever came of them, and documents they brought.
  public var files = 0
  public var documents = 0
  /// Files that were found as the ledger has them.
  public var unchanged = 0
  /// Files that are gone.
  public var removed = 0
  /// Lines and files that became no document, and folders that are not there.
  public var problems = 0
  /// Folders known, and those that are scanned from time to time because the kernel gives no watch for them.
  public var folders = 0
  public var unwatchedFolders = 0
  /// How often events were lost and everything was looked at again.
  public var rescans = 0
  /// Files that wait for a look or a commit.
  public var waiting = 0
  /// How often the thread has gone to sleep: stands still when nothing happens.
  public var sleeps = 0
  /// All that was there at the start, and all that came since, is in the index or in the ledger.
  public var isDone = true

  public init() {}
}
