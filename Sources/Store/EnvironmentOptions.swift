/// How to open an environment.
public struct EnvironmentOptions: Sendable {
  /// No write transactions; the file is opened read-only.
  public var readOnly = false
  /// Leave out LMDB's own lock file. Only for `readOnly`, and only where something else keeps writers away: the
  /// shared lock of `IndexDirectory`.
  public var lockless = false
  /// Leave reading ahead to the kernel, which guesses, instead of saying what is needed.
  public var readsAhead = false
  /// Make the file when it is not there. LMDB's first commit is not safe in a power cut, so only
  /// `IndexDirectory.stage` asks for this, in a folder that nothing names yet.
  public var creates = false
  /// Address space to reserve, which is the largest the file can become. Halved where the system refuses, down to
  /// four times the file.
  public var mapBytes = 1 << 40
  /// Read transactions open at one time, pins included.
  public var readersMax = 1_024

  public init() {}
}
