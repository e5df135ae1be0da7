internal import Base
internal import Index
internal import NIOHTTP1
internal import Query

/// Whoever answers searches: a daemon through its socket, or an index opened without one. Both speak the same objects.
public protocol SearchBackend {
  /// The answer to a request object, or an error object. The bytes of a success go to `take` as they come and are left
  /// out of what is returned.
  func search(_ request: [UInt8], _ take: ([UInt8]) throws -> Void) async throws -> Client.Answer
}

extension SearchBackend {
  /// The whole answer.
  public func search(_ request: [UInt8]) async throws -> Client.Answer {
    var body: [UInt8] = []
    let answer = try await search(request) { body += $0 }
    return answer.isSuccess ? Client.Answer(status: answer.status, body: body) : answer
  }
}

extension Client: SearchBackend {
  public func search(_ request: [UInt8], _ take: ([UInt8]) throws -> Void) async throws -> Answer {
    try await stream("/v1/search", json: request, take)
  }
}

/// An index that no daemon has open, read in this process.
public struct OfflineIndex: SearchBackend {
  /// Why the index cannot be read, in words that name the daemon's socket where one has it.
  public struct Problem: Error, Sendable, CustomStringConvertible {
    public let description: String
  }

  private static let timeoutMilliseconds = (standard: 60_000, most: 3_600_000)

  let index: Index
  let engine: SearchEngine

  public init(directory: String) throws(Problem) {
    do throws(IndexError) {
      index = try Index.openReadOnly(directory: directory)
    } catch {
      let reason = DaemonError(opening: directory, error).message
      guard let socket = SocketFolder.noted(index: directory) else { throw Problem(description: reason) }
      throw Problem(description: "\(reason); its daemon listens on \(socket): kwic search --socket \(socket) …")
    }
    let snapshot = index.snapshot()
    let fields = snapshot.fields.names
    let schema = QuerySchema(textFields: fields.isEmpty ? QuerySchema().textFields : fields, index: snapshot.schema)
    engine = SearchEngine(analyzer: index.analyzer, schema: schema)
  }

  public func search(_ request: [UInt8], _ take: ([UInt8]) throws -> Void) async throws -> Client.Answer {
    do {
      try answer(request, take)
      return Client.Answer(status: 200, body: [])
    } catch let error as APIError {
      return Client.Answer(status: Int(error.status.code), body: error.json() + [0x0A])
    }
  }

  /// Checks all of the index; nothing else may have it open for writing.
  public func verify() -> (json: [UInt8], isSound: Bool) {
    let start = SystemTime().monotonicNanoseconds()
    let report = index.verify()
    let milliseconds = Int((SystemTime().monotonicNanoseconds() - start) / 1_000_000)
    return (report.json(tookMilliseconds: milliseconds) + [0x0A], report.isSound)
  }

  private func answer(_ json: [UInt8], _ take: ([UInt8]) throws -> Void) throws {
    var parameters = try RequestParameters(json: json)
    let timeout = try SearchParameters.takeTimeout(
      &parameters, standard: Self.timeoutMilliseconds.standard, most: Self.timeoutMilliseconds.most)
    guard parameters.take("after") == nil else {
      throw APIError.badParameter(
        "after", "needs a daemon, which keeps the snapshot", remedy: "without a daemon page with offset and limit")
    }
    var request = try SearchParameters.request(parameters)
    request.deadlineNanoseconds = SystemTime().monotonicNanoseconds() + UInt64(timeout) * 1_000_000
    var results = try Self.answering(timeout) { () throws(SearchError) in
      try engine.results(of: request, in: index.snapshot())
    }
    results.answer.receipt?.seal()
    var bytes = results.answer.jsonHead()
    while !results.isAtEnd {
      var piece = JSONWriter(after: bytes)
      try Self.answering(timeout) { () throws(SearchError) in try results.writeNext(hitsMax: 1_000, to: &piece) }
      try take(piece.bytes)
      bytes = results.isAtEnd ? [] : [UInt8(ascii: ",")]
    }
    try take(bytes + results.answer.jsonTail() + [0x0A])
  }

  private static func answering<T>(_ timeout: Int, _ search: () throws(SearchError) -> T) throws(APIError) -> T {
    do { return try search() } catch { throw APIError(error, timeoutMilliseconds: timeout) }
  }
}
