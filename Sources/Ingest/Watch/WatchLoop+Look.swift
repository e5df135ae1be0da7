internal import Base
internal import Index
internal import Logging
internal import Synchronization

/// Looking at one path: what is there now against what the ledger has.
extension WatchLoop {
  /// Documents are handed over in pieces of about this size.
  private static let pieceBytes = 4 << 20

  mutating func look(_ path: String) {
    guard let relative = relativePath(path), !relative.isEmpty else { return }
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

  private mutating func hand(
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

  private mutating func record(failure path: String, _ facts: FileFacts, _ error: FileError) {
    let record = FileRecord(
      path: path, state: error.state, facts: facts, lookedAtNanoseconds: FileStatus.wallClockNanoseconds(),
      readerVersion: options.readerVersion, code: error.code.rawValue, reason: error.message)
    note(LineProblem(error.code, error.message), path)
    hand(.file(FileUpdate(record: record)), path, record, byteCount: 0)
  }

  // MARK: Reading

  /// What is gathered of a file until it is handed over.
  private struct Piece {
    var documents: [Document] = []
    var origins: [FolderWatcher.Origin] = []
    var byteCount = 0
  }

  private mutating func read(_ path: String) {
    guard let format = SourceFormat(path: path) else { return }
    let lookedAt = FileStatus.wallClockNanoseconds()
    clashing.remove(path)
    var source = FileSource(
      path: path, format: format, parser: parser, columns: options.csvColumns, followsLinks: options.rules.followsLinks,
      isCancelled: { [shared] in shared.shared.withLock { $0.isStopped } })
    guard let facts = source.facts else {
      // Gone or changed between the look and now: the next look sees what it is.
      if let error = source.error, !error.isAbsence { record(failure: path, .unknown, error) } else { looks.settle(path, at: now) }
      return
    }
    var record = FileRecord(
      path: path, state: .indexed, facts: facts, lookedAtNanoseconds: lookedAt, readerVersion: options.readerVersion)
    var piece = Piece()
    var hasBegun = false
    while let item = source.next() {
      switch item {
      case .refused(let problem): note(problem, path, &record, of: source.error)
      case .document(let document, let line, let byteCount):
        piece.documents.append(document)
        piece.origins.append(.init(line: line, id: document.id))
        piece.byteCount += byteCount
      }
      if piece.byteCount >= Self.pieceBytes {
        hand(piece, record, hasBegun ? .middle : .first)
        hasBegun = true
        piece = Piece()
        waitForRoom()
        // Then the file stands in the ledger as half read, and the next start reads it again.
        if isStopped { return }
      }
    }
    // Another program that reads it was ended: the file is read at the next start.
    if source.error != nil, isStopped { return }
    if let hash = source.contentHash { record.contentHash = hash }
    if record.state == .indexed, record.refused > 0, !hasBegun, piece.documents.isEmpty {
      record.state = LineProblem.Code(rawValue: record.code)?.isSkip ?? false ? .skipped : .failed
    }
    hand(piece, record, hasBegun ? .last : .whole)
    if record.state == .indexed { report.files += 1 }
  }

  private mutating func hand(_ piece: Piece, _ record: FileRecord, _ part: FileUpdate.Part) {
    hand(
      .file(FileUpdate(record: record, documents: piece.documents, part: part)), record.path, record,
      byteCount: piece.byteCount, origins: piece.origins)
  }

  /// - Parameter error: of the file as a whole, where the problem tells that.
  private mutating func note(
    _ problem: LineProblem, _ path: String, _ record: inout FileRecord, of error: FileError?
  ) {
    if let error {
      record.state = error.state
      (record.code, record.reason) = (problem.code.rawValue, problem.message)
    } else {
      record.refused += 1
      // That pictures are no text is less of a reason than anything else.
      let isMinor = record.code == LineProblem.Code.noDocument.rawValue && problem.code != .noDocument
      if record.code.isEmpty || isMinor {
        let place = problem.line > 0 ? "line \(problem.line): " : ""
        (record.code, record.reason) = (problem.code.rawValue, place + problem.message)
      }
    }
    if problem.code == .noDocument {
      logger.debug("no document", metadata: ["at": "\(path)", "reason": "\(problem.message)"])
    } else if record.refused <= Self.toldMax {
      note(problem, path)
    } else {
      report.problems += 1
    }
  }

  /// Waits until less is on its way, taking the kernel's news meanwhile.
  private mutating func waitForRoom() {
    while inFlightBytes >= options.waitingBytesMax, !isStopped {
      takeNews()
      takeCompletions()
      if inFlightBytes >= options.waitingBytesMax { kernel.wait(nanoseconds: nil) }
    }
  }
}
