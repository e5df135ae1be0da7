internal import Analysis
internal import Base
internal import Store

extension Index {
  /// Carries out a batch of changes in order and makes them durable and searchable in one commit, as one new segment
  /// (several, where the batch is larger than the buffer). One refused document does not keep the others out; an error
  /// means that nothing of the batch is stored.
  ///
  /// Any thread; batches wait for one another. Complexity: linear in the text.
  public func apply(_ operations: [IndexOperation]) throws(IndexError) -> [OperationOutcome] {
    var operations = operations
    return try apply(emptying: &operations)
  }

  /// As `apply`, and lets each document go as soon as it is analysed, if nobody else holds it: while the segment is
  /// written its text need not be there a second time. `operations` is empty afterwards, whatever happens.
  public func apply(emptying operations: inout [IndexOperation]) throws(IndexError) -> [OperationOutcome] {
    defer { operations = [] }
    guard !isReadOnly else { throw .readOnly }
    let outcomes = try state.withLock { (state) throws(IndexError) in
      guard !state.isClosed else { throw .closed }
      do throws(IndexError) {
        var outcomes: [OperationOutcome] = []
        outcomes.reserveCapacity(operations.count)
        operations.reverse()
        while let operation = operations.popLast() { outcomes.append(try perform(operation, &state)) }
        try commit(&state)
        return outcomes
      } catch {
        state.discardChanges()
        throw error
      }
    }
    merges.wake()
    return outcomes
  }

  private func perform(_ operation: IndexOperation, _ state: inout WriterState) throws(IndexError) -> OperationOutcome {
    switch operation {
    case .put(let document): try put(document, &state)
    case .delete(let id): try remove(id, &state) ? .deleted : .notFound
    case .file(let update): .file(try perform(update, &state))
    case .noteFile(let record): .file(try noteFile(record, &state))
    case .forgetFile(let path): .file(try forgetFile(path, &state))
    }
  }

  /// Checks a document and puts it among those that wait for the commit.
  func put(_ document: Document, _ state: inout WriterState) throws(IndexError) -> OperationOutcome {
    let textBytes = document.texts.reduce(0) { $0 + $1.text.count }
    if let refusal = Self.refusal(of: document, textBytes: textBytes) { return .refused(refusal) }
    var date = Int64.min
    if let text = document.date {
      guard let seconds = CalendarDate.epochSeconds(text) else { return .refused(.badDate(text)) }
      date = seconds
    }
    let fieldValues: FieldValues
    do { fieldValues = try FieldValues(document, state.manifest.schema) } catch { return .refused(error) }
    guard state.lanes.fits(textBytes: textBytes) else { return .refused(.tooLarge(bytes: textBytes)) }
    var fields: [FieldID] = []
    for value in document.texts {
      guard let field = state.manifest.fields.intern(value.field) else { return .refused(.tooManyFields) }
      fields.append(field)
    }
    let replaced = try remove(document.id, &state)
    state.pending.append(
      PendingDocument(document: document, fields: fields, date: date, fieldValues: fieldValues, textBytes: textBytes))
    return replaced ? .replaced : .stored
  }

  /// Marks the live document of this identity as dead. Returns whether there was one.
  func remove(_ id: String, _ state: inout WriterState) throws(IndexError) -> Bool {
    if state.pending.remove(id) { return true }
    let bytes = [UInt8](id.utf8)
    let hash = IdentifierMap.hash(bytes)
    for segment in state.snapshot.segments.reversed() {
      guard let document = try segment.locate(bytes, hash: hash) else { continue }
      // One live document an identity: once it is marked, the segments hold no other.
      return state.deletions[segment.id, default: []].insert(document).inserted
    }
    return false
  }

  /// Whether a document of this identity is there, as far as the batch has come.
  func isLive(_ id: String, _ state: borrowing WriterState) throws(IndexError) -> Bool {
    if state.pending.contains(id) { return true }
    let bytes = [UInt8](id.utf8)
    let hash = IdentifierMap.hash(bytes)
    for segment in state.snapshot.segments.reversed() {
      guard let document = try segment.locate(bytes, hash: hash) else { continue }
      return state.deletions[segment.id]?.contains(document) != true
    }
    return false
  }

  private static func refusal(of document: Document, textBytes: Int) -> OperationOutcome.Refusal? {
    let idBytes = document.id.utf8.count
    if idBytes == 0 { return .emptyID }
    if idBytes > Limits.documentIDBytesMax { return .idTooLong(bytes: idBytes) }
    if textBytes > Limits.documentBytesMax { return .tooLarge(bytes: textBytes) }
    return nil
  }
}
