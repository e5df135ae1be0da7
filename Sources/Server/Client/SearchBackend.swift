internal import Base
internal import Index
internal import NIOHTTP1
internal import Query

/// Whoever answers searches: a daemon through its socket, or an index opened without one. Both speak the same objects.
public protocol SearchBackend {
  /// The answer to a request object, or an error object.
  func search(_ request: [UInt8]) async throws -> Client.Answer
}

extension Client: SearchBackend {
  public func search(_ request: [UInt8]) async throws -> Answer {
    try await self.request("POST", "/v1/search", json: request)
  }
}

/// An index that no daemon has open, read in this process.
public struct OfflineIndex: SearchBackend {
  /// Why the index cannot be read, in words that name the daemon's socket where one has it.
  public struct Problem: Error, Sendable, CustomStringConvertible {
    public let description: String
  }

  private static let timeoutMilliseconds = (standard: 60_000, most: 3_600_000)

  private let index: Index
  private let engine: SearchEngine

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

  public func search(_ request: [UInt8]) async throws -> Client.Answer {
    do throws(APIError) {
      return Client.Answer(status: 200, body: try answer(request) + [0x0A])
    } catch {
      return Client.Answer(status: Int(error.status.code), body: error.json() + [0x0A])
    }
  }

  private func answer(_ json: [UInt8]) throws(APIError) -> [UInt8] {
    var parameters = try RequestParameters(json: json)
    let timeout = try SearchParameters.takeTimeout(
      &parameters, standard: Self.timeoutMilliseconds.standard, most: Self.timeoutMilliseconds.most)
    var request = try SearchParameters.request(parameters)
    request.deadlineNanoseconds = SystemTime().monotonicNanoseconds() + UInt64(timeout) * 1_000_000
    do throws(SearchError) {
      return try engine.search(request, in: index.snapshot()).json()
    } catch {
      throw APIError(error, timeoutMilliseconds: timeout)
    }
  }
}
