internal import Base
internal import Store

/// A file between its first and its last part.
struct OpenFile {
  /// Its record before the first part.
  var previous: FileRecord?
  /// Hashes of the ids it has brought since.
  var seen: Set<UInt128> = []
  /// Of the ids it owned before; read when the first of its documents is there already.
  var owned: Set<UInt128>?
  /// Where its ids are listed now.
  var list: FileRecord.IDList
  var words: UInt64 = 0
  var refused: UInt32 = 0
  var clashes: UInt32 = 0
}

extension Index {
  /// Takes one part of a file: its documents, and with the last part the end of those it owned and no longer has.
  func perform(_ update: FileUpdate, _ state: inout WriterState) throws(IndexError) -> FileOutcome {
    let key = FileTables.key(update.record.path)
    let old = try state.files.record(key, path: update.record.path, state.environment)
    guard var file = try open(update, key, old, &state) else {
      var outcome = FileOutcome()
      outcome.isOutOfStep = true
      return outcome
    }
    var outcome = FileOutcome()
    var ids: [String] = []
    let firstPlace = state.pending.all.count
    for (place, document) in update.documents.enumerated() {
      let hash = SipHash128.hash(document.id.utf8)
      let result: OperationOutcome
      if try isTaken(document.id, hash, &file, key, state) {
        file.clashes += 1
        result = .refused(.taken)
      } else {
        result = try put(document, &state)
      }
      if case .refused(let refusal) = result {
        file.refused += 1
        outcome.refused.append(FileOutcome.Refused(place: place, refusal: refusal))
      } else {
        outcome.stored += 1
        if file.seen.insert(hash).inserted { ids.append(document.id) }
      }
    }
    // Their words are known when the commit has analysed them.
    if update.part.begins { state.fileParts[key] = [] }
    state.fileParts[key, default: []].append(firstPlace..<state.pending.all.count)
    try record(update, ids, key, old, &file, &outcome, &state)
    return outcome
  }

  /// Changes what is known of a file, not its documents.
  func noteFile(_ record: FileRecord, _ state: inout WriterState) throws(IndexError) -> FileOutcome {
    var outcome = FileOutcome()
    let key = FileTables.key(record.path)
    let old = try state.files.record(key, path: record.path, state.environment)
    guard let old, old.state != .reading else {
      outcome.isOutOfStep = true
      return outcome
    }
    var new = old
    new.facts = record.facts
    new.lookedAtNanoseconds = record.lookedAtNanoseconds
    (new.code, new.reason) = (record.code, record.reason)
    state.files.put(key, new, replacing: old)
    return outcome
  }

  /// Removes a file from the ledger, and the documents it owns.
  func forgetFile(_ path: String, _ state: inout WriterState) throws(IndexError) -> FileOutcome {
    var outcome = FileOutcome()
    let key = FileTables.key(path)
    state.openFiles[key] = nil
    state.fileParts[key] = nil
    guard let record = try state.files.record(key, path: path, state.environment) else { return outcome }
    outcome.removed = try removeDocuments(of: record, key, except: [], &state)
    state.files.remove(key, record)
    return outcome
  }

  /// The file as the parts before left it; nil where they were lost.
  private func open(
    _ update: FileUpdate, _ key: [UInt8], _ old: FileRecord?, _ state: inout WriterState
  ) throws(IndexError) -> OpenFile? {
    guard update.part.begins else { return state.openFiles[key] }
    let number = (old?.lists.map(\.number).max() ?? 0) &+ 1
    return OpenFile(previous: old, list: FileRecord.IDList(number: number, chunks: 0))
  }

  /// Whether the id is that of a live document which this file has not brought.
  private func isTaken(
    _ id: String, _ hash: UInt128, _ file: inout OpenFile, _ key: [UInt8], _ state: borrowing WriterState
  ) throws(IndexError) -> Bool {
    guard !file.seen.contains(hash), try isLive(id, state) else { return false }
    if file.owned == nil {
      var owned: Set<UInt128> = []
      if let previous = file.previous {
        if previous.ownsPath { owned.insert(SipHash128.hash(previous.path.utf8)) }
        for list in previous.lists {
          try state.files.forEachID(of: list, file: key, state.environment) { id in
            owned.insert(SipHash128.hash(id.utf8))
          }
        }
      }
      file.owned = owned
    }
    return file.owned?.contains(hash) == false
  }

  /// Writes the ids of a part and the file's record; at the end removes what the file no longer has.
  private func record(
    _ update: FileUpdate, _ ids: [String], _ key: [UInt8], _ old: FileRecord?, _ file: inout OpenFile,
    _ outcome: inout FileOutcome, _ state: inout WriterState
  ) throws(IndexError) {
    var record = update.record
    record.refused += file.refused
    record.clashes = file.clashes
    record.documents = UInt32(clamping: file.seen.count)
    record.words = file.words
    record.ownsPath = update.part == .whole && ids == [record.path]
    if !record.ownsPath { state.files.append(ids, to: &file.list, of: key) }
    if update.part.ends {
      if file.seen.isEmpty, file.refused > 0 { record.state = .failed }
      record.lists = file.list.chunks > 0 ? [file.list] : []
      if let previous = file.previous {
        outcome.removed = try removeDocuments(of: previous, key, except: file.seen, &state)
      }
      state.openFiles[key] = nil
    } else {
      // Until the end the file owns what it had and what it has.
      record.state = .reading
      record.facts = .unknown
      record.ownsPath = file.previous?.ownsPath ?? false
      record.lists = (file.previous?.lists ?? []) + [file.list]
      state.openFiles[key] = file
    }
    state.files.put(key, record, replacing: old)
  }

  /// Removes the documents a record owns but for `kept`, and its lists. Returns how many documents went.
  private func removeDocuments(
    of record: FileRecord, _ key: [UInt8], except kept: Set<UInt128>, _ state: inout WriterState
  ) throws(IndexError) -> Int {
    var gone: [String] = []
    if record.ownsPath { gone.append(record.path) }
    for list in record.lists {
      try state.files.forEachID(of: list, file: key, state.environment) { id in gone.append(id) }
    }
    var removed = 0
    for id in gone where kept.isEmpty || !kept.contains(SipHash128.hash(id.utf8)) {
      if try remove(id, &state) { removed += 1 }
    }
    for list in record.lists { state.files.removeList(list, of: key) }
    return removed
  }
}
