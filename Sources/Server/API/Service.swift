internal import Base
internal import Index
internal import Ingest
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import Query
internal import Synchronization

/// What the socket can do, apart from the socket: every route's work, on the right thread.
///
/// Thread-safe; one for the life of the daemon.
final class Service: Sendable {
  let index: Index
  let writer: WriterQueue
  let documents: DocumentBudget
  let answers: AnswerBudget
  /// How long a client may keep others waiting.
  let idleTimeout: TimeAmount
  let searches: SearchPool
  let parser: DocumentParser
  /// Makes promises for those who wait for the writer.
  let promises: any EventLoop
  let timeoutMilliseconds: (standard: Int, most: Int)
  let engine: SearchEngine
  let streams = StreamPlaces()
  let recent: RecentSnapshots
  let maintenance = Maintenance()
  let metrics: Metrics
  let quickTurns: QuickTurns
  let streamTimeoutMilliseconds: Int
  private let startedNanoseconds: UInt64
  let time: any TimeSource
  private let stopping = Mutex(false)
  private let watcher = Mutex<FolderWatcher?>(nil)

  let logger: Logger

  /// After a batch of so many bytes, what the C library keeps of freed memory is given back.
  private static let largeBatchBytes = 4 << 20

  /// - Parameter activity: is told of every query.
  init(
    configuration: Configuration, index: Index, loop: any EventLoop, time: any TimeSource, logger: Logger,
    activity: QueryActivity? = nil
  ) {
    self.logger = logger
    self.index = index
    self.time = time
    startedNanoseconds = time.monotonicNanoseconds()
    promises = loop
    timeoutMilliseconds = (configuration.searchTimeoutMilliseconds, configuration.searchTimeoutMillisecondsMax)
    streamTimeoutMilliseconds = configuration.streamTimeoutMilliseconds
    recent = RecentSnapshots(lifeMilliseconds: configuration.cursorLifeMilliseconds, time: time, timers: loop)
    parser = DocumentParser(textFields: configuration.textFields)
    var engine = SearchEngine(
      analyzer: index.analyzer,
      schema: QuerySchema(textFields: configuration.textFields, index: index.snapshot().schema), clock: time)
    engine.k1 = configuration.k1
    engine.b = configuration.b
    engine.positionsMax = configuration.searchPositionsMax
    engine.keptAnswersBytesMax = configuration.keptAnswersBytesMax
    self.engine = engine
    quickTurns = QuickTurns(time: time)
    let metrics = Metrics()
    self.metrics = metrics
    idleTimeout = .milliseconds(Int64(configuration.idleTimeoutMilliseconds))
    documents = DocumentBudget(bytesMax: configuration.documentBytesMax, stall: idleTimeout, timers: loop)
    answers = AnswerBudget(bytesMax: configuration.answerBytesMax)
    writer = WriterQueue(
      batchBytesMax: configuration.batchBytesMax, promises: loop,
      afterBatch: { bytes in if bytes >= Self.largeBatchBytes { FreedMemory.giveBack() } }
    ) { (operations) throws(IndexError) in
      let start = time.monotonicNanoseconds()
      let count = operations.count
      defer { metrics.commits.record(nanoseconds: time.monotonicNanoseconds() - start) }
      do throws(IndexError) {
        return try index.apply(emptying: &operations)
      } catch {
        logger.error("a commit failed", metadata: ["changes": "\(count)", "reason": "\(error)"])
        throw error
      }
    }
    searches = SearchPool(
      threads: configuration.searchThreads, waitingMax: configuration.searchWaitingMax, timers: loop,
      activity: activity)
  }

  /// Number of the commit that queries read now.
  var generation: UInt64 { index.snapshot().generation }

  var isStopping: Bool { stopping.withLock { $0 } }

  /// From here on every request is refused; those that have begun are finished.
  func beginStopping() { stopping.withLock { $0 = true } }

  /// Begins to watch folders, if there are any. After another such call `stopWatching` first.
  func watch(_ options: WatchOptions, logger: Logger) {
    guard !options.folders.isEmpty else { return }
    let started = FolderWatcher(options, index: index, parser: parser, logger: logger) { [writer] in
      writer.submit($0, byteCount: $1, done: $2)
    }
    watcher.withLock { $0 = started }
  }

  /// What watching has brought; nothing where no folder is watched.
  var watchReport: WatchReport { watcher.withLock { $0?.report ?? WatchReport() } }

  /// Returns when all that was noticed in watched folders is in the index.
  func waitForFiles() async { await watcher.withLock { $0 }?.waitUntilDone() }

  func stopWatching() async {
    let watching = watcher.withLock { watcher in
      defer { watcher = nil }
      return watcher
    }
    await watching?.stop()
  }

  /// Finishes what runs and commits what waits. What checks or compacts ends when the index is closed: then call
  /// `stopMaintenance`.
  func stop() async {
    await writer.stop()
    await searches.stop()
    recent.removeAll()
  }

  func stopMaintenance() async { await maintenance.stop() }

  /// The answer to a request that is neither short nor an upload.
  func answer(to route: Route, queryString: String, body: [UInt8]) async -> Answer {
    do throws(APIError) {
      switch route {
      case .deleteDocument(let id): return .whole(try await delete(id))
      case .refresh: return .whole(try await refresh())
      case .verify: return .whole(try await verify())
      case .compact: return .whole(try await compact())
      case .backup: return .whole(try await backup(Self.parameters(queryString, body)))
      case .files: return try await files(queryString: queryString)
      case .status: return .whole(Response(json: status().json()))
      case .metrics: return .whole(metricsResponse())
      case .search, .lint, .explain, .export, .getDocument, .health, .addDocuments:
        preconditionFailure("ShortRequests and DocumentUpload answer \(route.name)")
      }
    } catch {
      return .whole(refusal(error, of: route))
    }
  }

  /// The answer that refuses a request. Counted; what is no fault of who asked stands in the log.
  func refusal(_ error: APIError, of route: Route) -> Response {
    metrics.refuse(error)
    if [500, 507].contains(error.status.code) {
      logger.error(
        "a request could not be answered",
        metadata: ["request": "\(route.name)", "code": "\(error.code)", "reason": "\(error.message)"])
    }
    return Response(error)
  }

  // MARK: Queries

  func lint(_ parameters: consuming RequestParameters) throws(APIError) -> PooledWork {
    guard let query = parameters.take("query") else {
      throw .badParameter("query", "is missing", remedy: "send {\"query\": \"…\"}")
    }
    return PooledWork(timeoutMilliseconds: timeoutMilliseconds.standard) { [engine] () throws(APIError) in
      .whole(Response(json: try LintAnswer(engine.lint(query)).json()))
    }
  }

  /// Options in the body, if there is one, else in the query string.
  static func parameters(_ queryString: String, _ body: [UInt8]) throws(APIError) -> RequestParameters {
    try body.isEmpty ? RequestParameters(queryString: queryString) : RequestParameters(json: body)
  }

  // MARK: Documents

  func document(_ id: String, queryString: String) throws(APIError) -> PooledWork {
    if !queryString.isEmpty { return try highlights(id, queryString: queryString) }
    return PooledWork(timeoutMilliseconds: timeoutMilliseconds.standard) { [index] () throws(APIError) in
      let line: [UInt8]?
      do throws(IndexError) {
        line = try index.snapshot().locate(id: id).map { (place) throws(IndexError) in
          try place.segment.storedDocument(place.document).document.jsonLine()
        }
      } catch {
        throw APIError(error)
      }
      guard let line else { throw .unknownDocument(id) }
      return .whole(Response(json: line))
    }
  }

  private func delete(_ id: String) async throws(APIError) -> Response {
    let outcomes = try await writer.submit([.delete(id: id)], byteCount: id.utf8.count)
    guard try await WriterQueue.value(of: outcomes) == [.deleted] else { throw .unknownDocument(id) }
    var json = JSONWriter()
    json.object {
      $0.member("id", id)
      $0.member("result", "deleted")
      $0.key("snapshot")
      $0.integer(generation)
    }
    return Response(json: json.bytes)
  }

  private func refresh() async throws(APIError) -> Response {
    try await writer.flush()
    var json = JSONWriter()
    json.object {
      $0.key("snapshot")
      $0.integer(generation)
    }
    return Response(json: json.bytes)
  }

  // MARK: Status

  func status() -> ServiceStatus {
    ServiceStatus(
      index: index.status(), writer: writer.load, documents: documents.load, documentBytesMax: documents.bytesMax,
      answerBytes: answers.bytes, searches: searches.load, searchThreads: searches.threads,
      watched: watchReport,
      snapshots: index.snapshotReport,
      files: (try? index.snapshot().fileCounts()) ?? FileCounts(), streams: streams.count, keptSnapshots: recent.count,
      uptimeSeconds: Int((time.monotonicNanoseconds() - startedNanoseconds) / 1_000_000_000))
  }
}
