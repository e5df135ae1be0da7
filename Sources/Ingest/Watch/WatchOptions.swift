/// How folders are watched.
public struct WatchOptions: Sendable, Equatable {
  /// Folders to watch: absolute paths.
  public var folders: [String] = []
  public var rules = PathRules()
  /// How often folders are scanned that the kernel does not tell about: those above the limit of watches, what lies
  /// behind links, watched folders that are not there.
  public var rescanSeconds = 60
  /// Watches to take at most; nil for what the kernel allows.
  public var watchesMax: Int?
  /// Bytes of documents handed over and not yet committed, above which no file is read.
  public var waitingBytesMax = 16 << 20
  /// Which columns of tables are which fields, beyond the names that are known.
  public var csvColumns = CSVColumns()
  /// Threads that read and parse files.
  public var readThreads = 2
  /// A number that changes with everything that would read the same file otherwise.
  public var readerVersion: UInt32 = 1

  public init() {}
}
