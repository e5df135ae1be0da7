import Base
import Foundation
import Index
import Ingest
import Logging
import Synchronization
import TestSupport

/// Commits what waits in one batch, as the daemon's writer does.
final class BatchWriter: Sendable {
  typealias Done = @Sendable ([OperationOutcome]?) -> Void
  private let index: Index
  private let queue = DispatchQueue(label: "writer")
  private let waiting = Mutex<[([IndexOperation], Done)]>([])
  /// Commits that fail before one succeeds.
  let failures = Mutex(0)

  init(_ index: Index) { self.index = index }

  func submit(_ operations: [IndexOperation], _ byteCount: Int, _ done: @escaping Done) {
    waiting.withLock { $0.append((operations, done)) }
    queue.async { [self] in
      let batch = waiting.withLock { waiting in
        defer { waiting = [] }
        return waiting
      }
      guard !batch.isEmpty else { return }
      let fails = failures.withLock { failures in
        defer { failures = max(0, failures - 1) }
        return failures > 0
      }
      var outcomes = fails ? nil : (try? index.apply(batch.flatMap(\.0)))?[...]
      for (operations, done) in batch {
        done(outcomes.map { Array($0.prefix(operations.count)) })
        outcomes = outcomes?.dropFirst(operations.count)
      }
    }
  }
}

/// A watched folder and the index that follows it.
final class WatchFixture {
  let directory: TemporaryDirectory
  let root: String
  let index: Index
  let writer: BatchWriter
  let watcher: FolderWatcher

  init(
    in directory: TemporaryDirectory? = nil, index name: String = "index",
    _ change: (inout WatchOptions) throws -> Void = { _ in }
  ) throws {
    self.directory = try directory ?? TemporaryDirectory("kwic-watch")
    root = self.directory.path("root")
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    var indexOptions = IndexOptions()
    indexOptions.mergesInBackground = false
    index = try Index.open(directory: self.directory.path(name), options: indexOptions)
    writer = BatchWriter(index)
    var options = WatchOptions()
    options.folders = [root]
    try change(&options)
    watcher = FolderWatcher(
      options, index: index, parser: DocumentParser(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
      submit: writer.submit)
  }

  func stop() async {
    await watcher.stop()
    index.close()
  }

  func path(_ name: String) -> String { "\(root)/\(name)" }

  func write(_ text: String, to name: String) throws {
    let path = path(name)
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }

  func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: path(name)) }

  func move(_ name: String, to other: String) throws {
    try SystemCalls.rename(path(name), path(other))
  }

  /// Bodies of all live documents by id, those of the root's files by the path below it.
  func documents() throws -> [String: String] {
    var found: [String: String] = [:]
    for segment in index.snapshot().segments {
      for number in 0..<DocID(segment.documentCount) where !segment.isDeleted(number) {
        let document = try segment.storedDocument(number).document
        let body = document.texts.map { String(decoding: $0.text, as: UTF8.self) }.joined(separator: "|")
        let id = document.id.hasPrefix(root + "/") ? String(document.id.dropFirst(root.count + 1)) : document.id
        precondition(found.updateValue(body, forKey: id) == nil, "one live document an identity")
      }
    }
    return found
  }

  /// The ledger by the path below the root, as `state`, or `state code`.
  func ledger() throws -> [String: String] {
    var found: [String: String] = [:]
    try index.snapshot().forEachFile { record in
      let name = record.path.hasPrefix(root + "/") ? String(record.path.dropFirst(root.count + 1)) : record.path
      found[name] = record.code.isEmpty ? record.state.name : "\(record.state.name) \(record.code)"
      return true
    }
    return found
  }

  /// Waits until the index is as it should be. Returns whether it came so within the time.
  func eventually(seconds: Double = 10, _ isTrue: () throws -> Bool) async throws -> Bool {
    let end = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < end {
      if try isTrue() { return true }
      try await Task.sleep(for: .milliseconds(10))
    }
    return try isTrue()
  }

  func follows(_ expected: [String: String]) async throws -> Bool {
    try await eventually { try documents() == expected }
  }
}
