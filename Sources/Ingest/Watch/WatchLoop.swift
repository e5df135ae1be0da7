internal import Base
internal import Index
internal import Logging
internal import Synchronization

/// The work of the watcher's one thread.
struct WatchLoop: ~Copyable {
  /// After a commit that failed (a full disk), its files are looked at again so much later.
  private static let retryNanoseconds: UInt64 = 5_000_000_000

  let options: WatchOptions
  let index: Index
  let parser: DocumentParser
  let logger: Logger
  let shared: FolderWatcher
  let submit: FolderWatcher.Submit
  let kernel: Inotify
  let watchesMax: Int
  private let time = SystemTime()

  var tree: FolderTree
  var looks = LookQueue()
  var report = WatchReport()
  /// Folders to be listed, the next one last.
  private var entering: [String] = []
  private var isEntering: Set<String> = []
  /// What was handed over for a path and is not yet committed: how many pieces, and the record the last of them makes
  /// (nil: that the file is gone).
  var inFlight: [String: (pieces: Int, record: FileRecord?)] = [:]
  var inFlightBytes = 0
  /// Files that a thread has, and those of them that were to be looked at meanwhile; those that wait for room.
  var readings: [String: FileReading] = [:]
  var lookedAtWhileRead: Set<String> = []
  var held: [FileReading] = []
  let pool = ParsePool()
  let poolThreads: Int
  /// Files of which a thread has one or finds one when it is done, so that none waits for the loop.
  private let readingsMax: Int
  /// Files that have documents refused because of others: looked at again when ids become free.
  var clashing: Set<String> = []
  /// Files of which a commit failed, and when they are looked at again.
  private var retries: Set<String> = []
  private var retryAt: UInt64?
  private var rescanAt: UInt64?
  private var absentRoots: Set<String> = []
  /// Folders by what they are, where links are followed: none is entered by two ways.
  private var enteredInodes: [String: String] = [:]
  private var isLimitTold = false
  private var hasLinks = false

  init(
    _ options: WatchOptions, index: Index, parser: DocumentParser, logger: Logger, shared: FolderWatcher,
    submit: @escaping FolderWatcher.Submit
  ) throws(Inotify.Problem) {
    self.options = options
    self.index = index
    self.parser = parser
    self.logger = logger
    self.shared = shared
    self.submit = submit
    kernel = try Inotify()
    report.isDone = false
    watchesMax = min(options.watchesMax ?? .max, Inotify.watchesMax() ?? .max)
    tree = FolderTree(roots: options.folders)
    poolThreads = pool.start(threads: options.readThreads)
    readingsMax = 2 * poolThreads
    let waker = kernel.waker
    shared.shared.withLock { $0.waker = waker }
  }

  deinit { shared.shared.withLock { $0.waker = nil } }

  var now: UInt64 { time.monotonicNanoseconds() }

  mutating func run() {
    defer { stopReading() }
    guard poolThreads > 0 else {
      return logger.error("folders cannot be watched", metadata: ["reason": "the system refuses another thread"])
    }
    knowLedger()
    for root in options.folders.reversed() { enter(later: root) }
    while !isStopped {
      takeNews()
      takeCompletions()
      takeReadings()
      if let retryAt, retryAt <= now { retry() }
      if let rescanAt, rescanAt <= now {
        self.rescanAt = nil
        for folder in absentRoots.union(tree.unwatched).sorted().reversed() { enter(later: folder) }
        if hasLinks { for root in options.folders.reversed() { enter(later: root) } }
      }
      if inFlightBytes < options.waitingBytesMax {
        if let folder = entering.popLast() {
          isEntering.remove(folder)
          enter(folder)
          continue
        }
        if readings.count < readingsMax, let path = looks.next(at: now) {
          look(path)
          continue
        }
      }
      tell()
      kernel.wait(nanoseconds: untilNext())
    }
  }

  var isStopped: Bool { shared.shared.withLock { $0.isStopped } }

  /// How long nothing is to be done; nil for ever.
  private mutating func untilNext() -> UInt64? {
    let mayLook = inFlightBytes < options.waitingBytesMax && readings.count < readingsMax
    var due = mayLook ? looks.nextDue() : nil
    for other in [retryAt, rescanAt] {
      if let other { due = min(due ?? other, other) }
    }
    guard let due else { return nil }
    let now = now
    return due > now ? due - now : 0
  }

  /// The files of earlier runs: what is gone meanwhile is seen by their absence.
  private mutating func knowLedger() {
    do throws(IndexError) {
      var records: [(String, Bool)] = []
      try index.snapshot().forEachFile { record in
        records.append((record.path, record.clashes > 0))
        return true
      }
      for (path, hasClashes) in records {
        tree.know(file: path)
        if hasClashes { clashing.insert(path) }
      }
    } catch {
      logger.error("the ledger of files cannot be read", metadata: ["reason": "\(error)"])
    }
  }

  // MARK: News

  /// Takes what the kernel has told, without waiting.
  mutating func takeNews() {
    while true {
      let events = kernel.news()
      if events.isEmpty { break }
      for event in events {
        if event == .overflow {
          logger.notice("the kernel has lost events; all folders are looked at again")
          rescan()
        } else {
          carryOut(tree.take(event), isListing: false)
        }
      }
    }
    let isAsked = shared.shared.withLock { shared in
      defer { shared.isRescanAsked = false }
      return shared.isRescanAsked
    }
    if isAsked { rescan() }
  }

  private mutating func rescan() {
    report.rescans += 1
    for root in options.folders.reversed() { enter(later: root) }
  }

  private mutating func carryOut(_ actions: [FolderTree.Action], isListing: Bool) {
    for action in actions {
      switch action {
      case .unwatch(let watch): kernel.unwatch(watch)
      case .look(let path, let isSettled):
        // What will only be named in the ledger may well be a temporary file: it has time to go again.
        if isSettled, isListing || isRead(path) { looks.settle(path, at: now) } else { looks.touch(path, at: now) }
      case .rootWent(let folder): missRoot(folder)
      case .enter(let folder):
        if let relative = relativePath(folder), !relative.isEmpty, options.rules.skipOfFolder(relative) != nil {
          carryOut(tree.exclude(folder: folder), isListing: isListing)
          looks.touch(folder, at: now)
        } else {
          enter(later: folder)
        }
      }
    }
  }

  private mutating func enter(later folder: String) {
    if isEntering.insert(folder).inserted { entering.append(folder) }
  }

  /// The part of a path below its root; nil outside of all roots.
  func relativePath(_ path: String) -> String? {
    guard let root = tree.root(of: path) else { return nil }
    return String(path.dropFirst(root.count + 1))
  }

  private func isRead(_ path: String) -> Bool {
    relativePath(path).map { options.rules.skipOfFile($0) == nil } ?? false
  }

  // MARK: Folders

  /// Watches a folder, then lists it.
  private mutating func enter(_ folder: String) {
    guard tree.contains(folder) else { return }
    watch(folder)
    let entries: [FolderEntry]
    let own: FileFacts
    do throws(FileError) {
      (entries, own) = try FileStatus.list(
        folder, followsLinks: options.rules.followsLinks, isRoot: options.folders.contains(folder))
    } catch {
      listingFailed(folder, error)
      return
    }
    if options.rules.followsLinks {
      let inode = "\(own.device):\(own.inode)"
      if let other = enteredInodes[inode], other != folder, tree.contains(other) {
        logger.warning("a folder is reached by two ways", metadata: ["folder": "\(folder)", "entered": "\(other)"])
        carryOut(tree.exclude(folder: folder), isListing: true)
        return
      }
      enteredInodes[inode] = folder
      hasLinks = true
      scheduleRescan()
    }
    if entries.isEmpty, options.folders.contains(folder), isUnmounted(folder, own) {
      missRoot(folder)
      return
    }
    if absentRoots.remove(folder) != nil { logger.notice("the folder is back", metadata: ["folder": "\(folder)"]) }
    let rules = options.rules
    let prefix = relativePath(folder).map { $0.isEmpty ? "" : $0 + "/" } ?? ""
    let actions = tree.take(listing: entries, of: folder) { entry in
      entry.kind == .folder && rules.skipOfFolder(prefix + entry.name) == nil
    }
    carryOut(actions, isListing: true)
  }

  private mutating func watch(_ folder: String) {
    // Again though it is watched: what stands under the path may be another folder by now.
    guard tree.isWatched(folder) || tree.watchCount < watchesMax else { return tellLimit() }
    let followsLinks = options.rules.followsLinks || options.folders.contains(folder)
    do throws(Inotify.Problem) {
      tree.noteWatch(try kernel.watch(folder, followsLinks: followsLinks), folder: folder)
    } catch {
      switch error {
      case .limit: tellLimit()
      // The listing finds the same and says so.
      case .absent, .system: scheduleRescan()
      }
    }
  }

  private mutating func tellLimit() {
    scheduleRescan()
    guard !isLimitTold else { return }
    isLimitTold = true
    logger.warning(
      "more folders than the kernel lets one watch; the others are scanned from time to time",
      metadata: [
        "watched": "\(tree.watchCount)", "every_s": "\(options.rescanSeconds)",
        "remedy": "sysctl fs.inotify.max_user_watches=1048576",
      ])
  }

  private mutating func scheduleRescan() {
    if rescanAt == nil { rescanAt = now + UInt64(options.rescanSeconds) * 1_000_000_000 }
  }

  private mutating func listingFailed(_ folder: String, _ error: FileError) {
    if error.isAbsence {
      if options.folders.contains(folder) { missRoot(folder) } else { carryOut(tree.takeAbsence(of: folder), isListing: true) }
      return
    }
    // Its files keep their documents: that it cannot be read does not mean that it is empty.
    report.problems += 1
    scheduleRescan()
    logger.warning("a folder cannot be read", metadata: ["folder": "\(folder)", "reason": "\(error.message)"])
  }

  /// A watched folder is gone, or its disk is not mounted: what it brought stays until it is back.
  private mutating func missRoot(_ folder: String) {
    scheduleRescan()
    guard absentRoots.insert(folder).inserted else { return }
    report.problems += 1
    logger.error(
      "no such folder; documents it has brought stay until it is back", metadata: ["folder": "\(folder)"])
  }

  /// An empty root on another device than the files that were known in it.
  private func isUnmounted(_ folder: String, _ own: FileFacts) -> Bool {
    guard let file = tree.anyFile(under: folder), let record = ledger(file) else { return false }
    return record.facts.device != own.device
  }

  // MARK: What was handed over

  /// The record a file has, counting what is on its way.
  func ledger(_ path: String) -> FileRecord? {
    if let pending = inFlight[path] { return pending.record }
    do throws(IndexError) {
      return try index.snapshot().file(path: path)
    } catch {
      logger.error("the ledger of files cannot be read", metadata: ["file": "\(path)", "reason": "\(error)"])
      return nil
    }
  }

  /// Takes the answers of the writer.
  mutating func takeCompletions() {
    let completions = shared.shared.withLock { shared in
      defer { shared.completions = [] }
      return shared.completions
    }
    for completion in completions { take(completion) }
  }

  private mutating func take(_ completion: FolderWatcher.Completion) {
    let path = completion.path
    inFlightBytes -= completion.byteCount
    let record = inFlight[path]?.record
    if let pieces = inFlight[path]?.pieces, pieces > 1 {
      inFlight[path]?.pieces = pieces - 1
    } else {
      inFlight[path] = nil
    }
    guard let outcome = completion.outcome, !outcome.isOutOfStep else {
      retries.insert(path)
      if retryAt == nil { retryAt = now + Self.retryNanoseconds }
      return
    }
    report.documents += outcome.stored
    if let record { noteRefusals(outcome, completion, record) }
    if outcome.removed > 0, !clashing.isEmpty { freeClashes() }
    if outcome.refused.contains(where: { $0.refusal == .taken }), record != nil { clashing.insert(path) }
  }

  /// Tells of documents that the index has not taken; the first of them is the reason in the ledger.
  private mutating func noteRefusals(
    _ outcome: FileOutcome, _ completion: FolderWatcher.Completion, _ record: FileRecord
  ) {
    guard let first = outcome.refused.first else { return }
    for refused in outcome.refused.prefix(FileReading.toldMax) {
      let origin = completion.origins[refused.place]
      note(LineProblem(refused.refusal, line: origin.line, id: origin.id), record.path)
    }
    report.problems += max(0, outcome.refused.count - FileReading.toldMax)
    // One that was handed over since has its own say.
    let isUntold = record.code.isEmpty || record.code == LineProblem.Code.noDocument.rawValue
    guard isUntold, inFlight[record.path] == nil else { return }
    let origin = completion.origins[first.place]
    let problem = LineProblem(first.refusal, line: origin.line, id: origin.id)
    var told = record
    (told.code, told.reason) = (problem.code.rawValue, "\(origin.id): \(problem.message)")
    hand(.noteFile(told), record.path, told, byteCount: 0)
  }

  /// Ids have become free: files that wanted some are read again.
  private mutating func freeClashes() {
    for path in clashing.sorted() {
      rereads.insert(path)
      looks.settle(path, at: now)
    }
  }

  /// Files to be read whatever the ledger says.
  var rereads: Set<String> = []

  private mutating func retry() {
    retryAt = nil
    for path in retries.sorted() { looks.settle(path, at: now) }
    rereads.formUnion(retries)
    retries = []
  }

  /// One problem more, in the log and in the sum.
  mutating func note(_ problem: LineProblem, _ path: String) {
    guard problem.code != .noDocument else {
      logger.debug("no document", metadata: ["at": "\(path)", "reason": "\(problem.message)"])
      return
    }
    report.problems += 1
    let place = problem.line > 0 ? "\(path):\(problem.line)" : path
    logger.warning(
      "skipped", metadata: ["at": "\(place)", "code": "\(problem.code.rawValue)", "reason": "\(problem.message)"])
  }

  /// Publishes the report, and wakes those who wait for the end of the work.
  private mutating func tell() {
    report.sleeps += 1
    report.folders = tree.folderCount
    report.unwatchedFolders = tree.folderCount - tree.watchCount
    report.waiting = looks.count + readings.count + inFlight.count
    let wasDone = report.isDone
    report.isDone = looks.isEmpty && entering.isEmpty && readings.isEmpty && inFlight.isEmpty && retries.isEmpty
    let report = report
    let waiting = shared.shared.withLock { shared -> [CheckedContinuation<Void, Never>] in
      shared.report = report
      guard report.isDone, !shared.isRescanAsked else {
        shared.report.isDone = false
        return []
      }
      defer { shared.whenDone = [] }
      return shared.whenDone
    }
    for continuation in waiting { continuation.resume() }
    if report.isDone, !wasDone {
      defer { isFirstTold = true }
      logger.log(
        level: isFirstTold ? .debug : .info, "folders read",
        metadata: [
          "files": "\(report.files)", "unchanged": "\(report.unchanged)", "documents": "\(report.documents)",
          "problems": "\(report.problems)",
        ])
    }
  }

  private var isFirstTold = false
}
