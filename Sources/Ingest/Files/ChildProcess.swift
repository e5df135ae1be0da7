internal import Base
internal import Glibc

/// A program of this machine that reads a file on its standard input, run with limits of time, memory and processor.
///
/// Its output is read as it comes. It has a process group of its own, is killed with all its children when this value
/// goes, and inherits nothing but its three descriptors. Use from one thread.
struct ChildProcess: ~Copyable {
  struct Limits {
    /// Seconds for all of it; for one that streams, for each piece of its output.
    var seconds = 60
    /// Of address space (RLIMIT_AS).
    var memoryBytes = 1 << 30
    /// Processor seconds, nil for no limit.
    var processorSeconds: Int? = 60
    var streams = false
  }

  /// Longest text of its standard error that is kept.
  private static let messageBytesMax = 300

  private let name: String
  private let limits: Limits
  private let pid: pid_t
  private var output: CInt
  private var errors: CInt
  private var messageBytes: [UInt8] = []
  private var areErrorsEnded = false
  private var deadline: UInt64
  private let isCancelled: @Sendable () -> Bool
  private var status: CInt?

  /// - Parameters:
  ///   - input: becomes its standard input; stays the caller's.
  ///   - environment: all that it gets, beside a path and a locale.
  init(
    _ program: ExternalProgram, _ arguments: [String], input: CInt, limits: Limits = Limits(),
    environment: [String] = [], isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws(FileError) {
    guard let path = program.path() else { throw .noProgram(program.name, package: program.package) }
    let (readOutput, writeOutput) = try Self.pipe()
    defer { close(writeOutput) }
    let readErrors: CInt
    let writeErrors: CInt
    do throws(FileError) {
      (readErrors, writeErrors) = try Self.pipe()
    } catch {
      close(readOutput)
      throw error
    }
    defer { close(writeErrors) }
    // The shell sets the limits before the program begins: posix_spawn itself cannot.
    let script =
      "ulimit -c 0; ulimit -v \"$1\" && { [ \"$2\" = 0 ] || ulimit -t \"$2\"; } && shift 2 && exec \"$@\""
    let words =
      ["/bin/sh", "-c", script, "kwic", "\(limits.memoryBytes >> 10)", "\(limits.processorSeconds ?? 0)", path] + arguments
    let settings = ["PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C.UTF-8"] + environment
    let (pid, code) = Self.spawn(words, settings, input: input, output: writeOutput, errors: writeErrors)
    guard code == 0 else {
      close(readOutput)
      close(readErrors)
      throw .system(errno: code)
    }
    name = program.name
    self.limits = limits
    self.isCancelled = isCancelled
    self.pid = pid
    output = readOutput
    errors = readErrors
    deadline = SystemTime().monotonicNanoseconds() + UInt64(limits.seconds) * 1_000_000_000
  }

  deinit {
    if status == nil {
      kill(-pid, SIGKILL)
      Self.reap(pid)
    } else {
      // What it has started and left behind.
      kill(-pid, SIGKILL)
    }
    close(output)
    close(errors)
  }

  /// The next bytes of its output, at most `count`; empty once it has ended well.
  mutating func read(_ count: Int) throws(FileError) -> [UInt8] {
    if status != nil { return [] }
    if limits.streams { deadline = SystemTime().monotonicNanoseconds() + UInt64(limits.seconds) * 1_000_000_000 }
    while true {
      try waitForNews()
      keepErrors()
      guard let bytes = Self.take(output, count) else { continue }
      if bytes.isEmpty { try requireSuccess() }
      return bytes
    }
  }

  /// All of its output; more than `max` bytes are `.tooLarge`.
  mutating func readAll(max: Int) throws(FileError) -> [UInt8] {
    var bytes: [UInt8] = []
    while true {
      let piece = try read(64 << 10)
      if piece.isEmpty { return bytes }
      bytes.append(contentsOf: piece)
      guard bytes.count <= max else { throw .tooLarge(max) }
    }
  }

  private func remainingMilliseconds() throws(FileError) -> CInt {
    let now = SystemTime().monotonicNanoseconds()
    guard now < deadline else { throw .timedOut(name, seconds: limits.seconds) }
    guard !isCancelled() else { throw .programFailed(name, "stopped") }
    return CInt(min(200, (deadline - now) / 1_000_000 + 1))
  }

  /// Returns when its output or its errors have something, or the output is closed; else after a moment.
  private func waitForNews() throws(FileError) {
    let milliseconds = try remainingMilliseconds()
    var waited = [pollfd(fd: output, events: Int16(POLLIN), revents: 0)]
    if !areErrorsEnded { waited.append(pollfd(fd: errors, events: Int16(POLLIN), revents: 0)) }
    // SAFETY: the entries outlive the call.
    _ = unsafe poll(&waited, nfds_t(waited.count), milliseconds)
  }

  /// Takes what stands in its standard error, so that it is never held up by it; the beginning is kept.
  private mutating func keepErrors() {
    while !areErrorsEnded, let bytes = Self.take(errors, 4_096) {
      areErrorsEnded = bytes.isEmpty
      messageBytes.append(contentsOf: bytes.prefix(Self.messageBytesMax - messageBytes.count))
    }
  }

  private mutating func requireSuccess() throws(FileError) {
    while true {
      var code: CInt = 0
      keepErrors()
      let found = unsafe waitpid(pid, &code, WNOHANG)  // SAFETY: writes one integer that outlives the call.
      if found != 0 {
        status = code
        let signal = code & 0x7F
        if found > 0, code == 0 { return }
        keepErrors()
        let text = String(decoding: messageBytes, as: UTF8.self).split(separator: "\n").first.map(String.init) ?? ""
        throw .programFailed(name, text.isEmpty ? signal == 0 ? "status \(code >> 8)" : "killed by signal \(signal)" : text)
      }
      usleep(UInt32(min(5, try remainingMilliseconds())) * 1_000)
    }
  }
}

// MARK: Calls of the C library

extension ChildProcess {
  private static func pipe() throws(FileError) -> (read: CInt, write: CInt) {
    var ends: [CInt] = [-1, -1]
    // SAFETY: writes two integers that outlive the call.
    guard unsafe Glibc.pipe(&ends) == 0 else { throw .system(errno: errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    // Reading never waits: `poll` does.
    _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
    return (ends[0], ends[1])
  }

  /// Bytes that are there; empty at the end; nil where there is nothing yet.
  private static func take(_ descriptor: CInt, _ count: Int) -> [UInt8]? {
    var taken = 0
    // SAFETY: the buffer has room for `count` bytes and read writes at most so many, answering how many.
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      repeat { taken = unsafe Glibc.read(descriptor, buffer.baseAddress, count) } while taken < 0 && errno == EINTR
      filled = max(0, taken)
    }
    return taken < 0 ? nil : bytes
  }

  private static func reap(_ pid: pid_t) {
    var code: CInt = 0
    // SAFETY: writes one integer that outlives the call.
    while unsafe waitpid(pid, &code, 0) < 0, errno == EINTR {}
  }

  private static func spawn(
    _ words: [String], _ environment: [String], input: CInt, output: CInt, errors: CInt
  ) -> (pid_t, CInt) {
    var actions = unsafe posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    var signals = sigset_t()
    var pid = pid_t()
    // SAFETY: the three structures are local, begun before use and ended below; descriptors stay open over the call, and
    // the lists of words end with nil and are freed after it.
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawnattr_init(&attributes)
    defer {
      unsafe posix_spawn_file_actions_destroy(&actions)
      unsafe posix_spawnattr_destroy(&attributes)
    }
    unsafe posix_spawn_file_actions_adddup2(&actions, input, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
    unsafe posix_spawn_file_actions_adddup2(&actions, errors, 2)
    // In glibc since 2.34, and not in the headers that Swift sees. What it would close is closed by exec as well.
    typealias CloseFrom = @convention(c) (UnsafeMutableRawPointer, CInt) -> CInt
    if let symbol = unsafe dlsym(nil, "posix_spawn_file_actions_addclosefrom_np") {
      _ = unsafe unsafeBitCast(symbol, to: CloseFrom.self)(&actions, 3)
    }
    unsafe sigemptyset(&signals)
    unsafe posix_spawnattr_setsigmask(&attributes, &signals)
    unsafe sigaddset(&signals, SIGPIPE)
    unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
    unsafe posix_spawnattr_setpgroup(&attributes, 0)
    let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
    unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
    var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
    var settings = unsafe environment.map { unsafe strdup($0) } + [nil]
    defer {
      unsafe arguments.forEach { unsafe free($0) }
      unsafe settings.forEach { unsafe free($0) }
    }
    let code = unsafe posix_spawn(&pid, words[0], &actions, &attributes, &arguments, &settings)
    return (pid, code)
  }
}
