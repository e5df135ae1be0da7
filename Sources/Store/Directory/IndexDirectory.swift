import Synchronization

/// The folder of one index, locked for as long as the object lives.
///
///     DIR/daemon.lock          held by the one that writes, or by those that read without a daemon
///     DIR/CURRENT              one line, the name of the environment that counts
///     DIR/env-000001/          that environment: data.mdb and LMDB's lock.mdb
///
/// An environment counts from the moment CURRENT names it. Whatever CURRENT does not name is the rest of a creation or
/// a compaction that did not end, and is swept away by the next one that writes. Thread-safe.
public final class IndexDirectory: Sendable {
  public let path: String
  /// Whether this process may write.
  public let isExclusive: Bool
  private let state: Mutex<State>

  private struct State: ~Copyable {
    let lock: DirectoryLock
    /// Environments being built, which `sweep` leaves alone.
    var staged: [EnvironmentName] = []
  }

  private static let currentFileName = "CURRENT"
  private static let currentTemporaryName = "CURRENT.new"

  /// Takes the index for writing, and removes what an earlier process left unfinished.
  ///
  /// Throws `.notFound` where there is none, `.locked` with the pid of the daemon that has it.
  public static func openExclusive(path: String) throws(StoreError) -> IndexDirectory {
    // Before the lock, so that a look at a folder without an index leaves no lock file.
    _ = try current(in: path)
    let directory = try IndexDirectory(path: path, exclusive: true)
    try directory.sweep()
    return directory
  }

  /// Takes the index for reading, together with others that read. Throws as `openExclusive`.
  public static func openShared(path: String) throws(StoreError) -> IndexDirectory {
    _ = try current(in: path)
    return try IndexDirectory(path: path, exclusive: false)
  }

  /// Makes an index with what `fill` puts into its tables, and takes it for writing.
  ///
  /// Makes the folder too, and those above it. Whenever the power goes, either no index is there or one with all of
  /// that in it. Throws `.alreadyExists` where there is one, `.locked` where another process makes one.
  public static func create<Failure: StoreFailure>(
    path: String, tables: [Table], _ fill: (inout WriteTransaction) throws(Failure) -> Void
  ) throws(Failure) -> IndexDirectory {
    let (directory, staged) = try storing(Failure.self) { () throws(StoreError) in try prepare(path, tables) }
    defer { staged.environment.close() }
    try staged.environment.write(fill)
    try storing(Failure.self) { () throws(StoreError) in try directory.publish(staged) }
    return directory
  }

  /// As the other `create`, for closures that throw a `StoreError` or nothing.
  public static func create(
    path: String, tables: [Table], _ fill: (inout WriteTransaction) throws(StoreError) -> Void
  ) throws(StoreError) -> IndexDirectory {
    let (directory, staged) = try prepare(path, tables)
    defer { staged.environment.close() }
    try staged.environment.write(fill)
    try directory.publish(staged)
    return directory
  }

  /// Takes a folder without an index for writing, with an empty environment to be filled in as many transactions as
  /// it takes and then published: for a backup. Until it is published no index is there; what is left of one that did
  /// not end is swept by the next.
  ///
  /// Throws as `create`.
  public static func createStaged(
    path: String, tables: [Table]
  ) throws(StoreError) -> (directory: IndexDirectory, staged: StagedEnvironment) {
    let (directory, staged) = try prepare(path, tables)
    return (directory, staged)
  }

  private static func prepare(
    _ path: String, _ tables: [Table]
  ) throws(StoreError) -> (IndexDirectory, StagedEnvironment) {
    try FileSystem.makeFolders(path)
    let directory = try IndexDirectory(path: path, exclusive: true)
    if FileSystem.status(of: path + "/" + currentFileName) != nil { throw .alreadyExists(path: path) }
    try directory.sweep()
    return (directory, try directory.stage(tables: tables))
  }

  private init(path: String, exclusive: Bool) throws(StoreError) {
    self.path = path
    isExclusive = exclusive
    state = Mutex(State(lock: try DirectoryLock.acquire(folder: path, exclusive: exclusive)))
  }

  /// Opens the environment that counts: for reading and writing, or, under the shared lock, for reading without LMDB's.
  public func openEnvironment(
    tables: [Table], options: EnvironmentOptions = EnvironmentOptions()
  ) throws(StoreError) -> Environment {
    var options = options
    options.creates = false
    options.readOnly = !isExclusive
    options.lockless = !isExclusive
    return try Environment.open(path: path + "/" + Self.current(in: path).text, tables: tables, options: options)
  }

  /// A new empty environment beside the one that counts, to be filled and then published: for compaction.
  ///
  /// What is not published goes at the next `openExclusive`, or with `discard`.
  public func stage(
    tables: [Table], options: EnvironmentOptions = EnvironmentOptions()
  ) throws(StoreError) -> StagedEnvironment {
    precondition(isExclusive, "only who holds the index for writing can stage")
    let taken = try FileSystem.names(in: path).compactMap { EnvironmentName($0) }
    let name = state.withLock { state in
      let last = (taken + state.staged).max()?.number ?? 0
      let name = EnvironmentName(number: last + 1)
      state.staged.append(name)
      return name
    }
    let folder = path + "/" + name.text
    try FileSystem.makeFolder(folder)
    var options = options
    options.creates = true
    let environment = try Environment.open(path: folder, tables: tables, options: options)
    return StagedEnvironment(name: name, environment: environment)
  }

  /// Makes a staged environment the one that counts. It stays open, as does the one before.
  ///
  /// The order is what makes it safe in a power cut: the environment's bytes, its folder's names, DIR's names, then
  /// CURRENT beside the old one, its bytes, the rename, and DIR's names again; each on the disk before the next.
  public func publish(_ staged: StagedEnvironment) throws(StoreError) {
    try synchronize(staged)
    try FileSystem.replace(
      Self.currentFileName, in: path, with: Array((staged.name.text + "\n").utf8),
      temporary: Self.currentTemporaryName)
    unstage(staged)
  }

  /// Waits for the disk as `publish` does first: who does it just before has little to wait for in `publish`.
  public func synchronize(_ staged: StagedEnvironment) throws(StoreError) {
    try FileSystem.synchronize(staged.environment.path + "/" + Environment.dataFileName)
    try FileSystem.synchronize(staged.environment.path)
    try FileSystem.synchronize(path)
  }

  /// Gives up a staged environment; `sweep` removes its folder. Close the environment first.
  public func discard(_ staged: StagedEnvironment) { unstage(staged) }

  /// Removes every environment that neither counts nor is staged. Returns the names of what went.
  ///
  /// After `publish` the old environment may go as soon as it is closed.
  @discardableResult
  public func sweep() throws(StoreError) -> [String] {
    precondition(isExclusive, "only who holds the index for writing can sweep")
    let staged = state.withLock { $0.staged }
    let names = try FileSystem.names(in: path)
    let current = names.contains(Self.currentFileName) ? try Self.current(in: path) : nil
    var swept: [String] = []
    for name in names.sorted() {
      if let environment = EnvironmentName(name), environment != current, !staged.contains(environment) {
        try FileSystem.removeFolder(path + "/" + name)
        swept.append(name)
      }
    }
    if names.contains(Self.currentTemporaryName) {
      try FileSystem.removeFile(path + "/" + Self.currentTemporaryName)
      swept.append(Self.currentTemporaryName)
    }
    return swept
  }

  private func unstage(_ staged: StagedEnvironment) {
    state.withLock { state in state.staged.removeAll { $0 == staged.name } }
  }

  private static func current(in path: String) throws(StoreError) -> EnvironmentName {
    guard let bytes = try FileSystem.read(path + "/" + currentFileName) else { throw .notFound(path: path) }
    let line = String(decoding: bytes, as: UTF8.self)
    guard line.last == "\n", let name = EnvironmentName(line.dropLast()) else {
      throw .corrupted("\(path)/\(currentFileName) names no environment")
    }
    return name
  }
}
