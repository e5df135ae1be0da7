internal import Base
internal import Index
internal import Logging
internal import Synchronization

/// Looking at one path: what is there now against what the ledger has.
extension WatchLoop {
  mutating func look(_ path: String) {
    guard let relative = relativePath(path), !relative.isEmpty else { return }
    // What a thread has begun to read is looked at when it has ended: news of one file stay in order.
    if readings[path] != nil {
      lookedAtWhileRead.insert(path)
      return
    }
    let isForced = rereads.remove(path) != nil
    let known = ledger(path)
    let entry: FolderEntry?
    do throws(FileError) {
      entry = isOutside(relative) ? nil : try FileStatus.of(path, followsLinks: options.rules.followsLinks)
    } catch {
      record(failure: path, .unknown, error)
      return
    }
    guard let entry else {
      tree.forget(file: path)
      if known != nil { forget(path) }
      return
    }
    switch entry.kind {
    case .folder:
      if let skip = options.rules.skipOfFolder(relative) {
        record(skip: skip, path, entry.facts, known)
      } else {
        tree.forget(file: path)
        if known != nil { forget(path) }
      }
    case .link:
      record(
        skip: .init(code: "link", reason: "a symbolic link; follow_symlinks in the configuration reads what it points to"),
        path, entry.facts, known)
    case .other(let what):
      record(skip: .init(code: "no-file", reason: "\(what), which is never opened"), path, entry.facts, known)
    case .file:
      if let skip = options.rules.skipOfFile(relative) {
        record(skip: skip, path, entry.facts, known)
      } else {
        lookAtFile(path, entry.facts, known, isForced: isForced)
      }
    }
  }

  /// Whether a folder above the path is one that is not entered.
  private func isOutside(_ relative: String) -> Bool {
    var place = relative.startIndex
    while let slash = relative[place...].firstIndex(of: "/") {
      if options.rules.skipOfFolder(String(relative[..<slash])) != nil { return true }
      place = relative.index(after: slash)
    }
    return false
  }

  private mutating func lookAtFile(_ path: String, _ facts: FileFacts, _ known: FileRecord?, isForced: Bool) {
    let decision =
      isForced ? .read : FileDecision.of(facts, known: known, readerVersion: options.readerVersion)
    switch decision {
    case .unchanged: report.unchanged += 1
    case .read: read(path)
    case .compare:
      let lookedAt = FileStatus.wallClockNanoseconds()
      let hash = try? FileReader.contentHash(of: path, followsLinks: options.rules.followsLinks)
      guard var known, hash == known.contentHash, inFlight[path] == nil else { return read(path) }
      // The same bytes: only what is known of the file is new. The documents stay as they are.
      report.unchanged += 1
      known.facts = facts
      known.lookedAtNanoseconds = lookedAt
      hand(.noteFile(known), path, known, byteCount: 256)
    }
  }

  // MARK: Handing over

  mutating func hand(_ operation: IndexOperation, _ path: String, _ record: FileRecord?, byteCount: Int) {
    hand(operation, path, record, byteCount: byteCount, origins: [])
  }

  mutating func hand(
    _ operation: IndexOperation, _ path: String, _ record: FileRecord?, byteCount: Int,
    origins: [FolderWatcher.Origin]
  ) {
    // Every file weighs something, so that many empty ones do not pile up either.
    let weight = byteCount + 512
    inFlight[path] = ((inFlight[path]?.pieces ?? 0) + 1, record)
    inFlightBytes += weight
    submit([operation], weight) { [shared] outcomes in
      var outcome: FileOutcome?
      if case .file(let result)? = outcomes?.first { outcome = result }
      shared.complete(.init(path: path, byteCount: weight, origins: origins, outcome: outcome))
    }
  }

  private mutating func forget(_ path: String) {
    report.removed += 1
    clashing.remove(path)
    hand(.forgetFile(path: path), path, nil, byteCount: 0)
  }

  private mutating func record(skip: PathRules.Skip, _ path: String, _ facts: FileFacts, _ known: FileRecord?) {
    if let known, known.state == .skipped, known.code == skip.code, known.reason == skip.reason { return }
    let record = FileRecord(
      path: path, state: .skipped, facts: facts, lookedAtNanoseconds: FileStatus.wallClockNanoseconds(),
      readerVersion: options.readerVersion, code: skip.code, reason: skip.reason)
    hand(.file(FileUpdate(record: record)), path, record, byteCount: 0)
  }

  mutating func record(failure path: String, _ facts: FileFacts, _ error: FileError) {
    let record = FileRecord(
      path: path, state: error.state, facts: facts, lookedAtNanoseconds: FileStatus.wallClockNanoseconds(),
      readerVersion: options.readerVersion, code: error.code.rawValue, reason: error.message)
    note(LineProblem(error.code, error.message), path)
    hand(.file(FileUpdate(record: record)), path, record, byteCount: 0)
  }

  /// Gives the file to a thread of the pool.
  private mutating func read(_ path: String) {
    guard let format = SourceFormat(path: path) else { return }
    clashing.remove(path)
    let reading = FileReading(
      path: path, format: format, parser: parser, options: options,
      isStopped: { [shared] in shared.shared.withLock { $0.isStopped } })
    readings[path] = reading
    pool.submit { [shared] in reading.run { news in shared.deliver(reading, news) } }
  }
}
