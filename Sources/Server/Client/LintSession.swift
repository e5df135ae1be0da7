internal import NIOHTTP1
internal import Query

/// Says how a query is read: by the daemon's fields where one listens, else in this process.
public struct LintSession {
  private let socketPath: String

  public init(socketPath: String) { self.socketPath = socketPath }

  /// - Parameter fields: names of text fields with commas between them; nil for those of the daemon, or `title,body`.
  public func run(_ query: String, fields: String?) async throws -> Client.Answer {
    guard fields == nil else { return Self.answer(query, fields) }
    do {
      return try await Client.withConnection(to: socketPath) { client in
        try await client.request("POST", "/v1/lint", json: SearchOptions().json(query: query))
      }
    } catch ClientError.notReachable {
      return Self.answer(query, fields)
    }
  }

  private static func answer(_ query: String, _ fields: String?) -> Client.Answer {
    let names = fields.map { $0.split(separator: ",").map(String.init) }
    let engine = SearchEngine(schema: names.map { QuerySchema(textFields: $0) } ?? QuerySchema())
    do throws(APIError) {
      return Client.Answer(status: 200, body: try LintAnswer(engine.lint(query)).json() + [0x0A])
    } catch {
      return Client.Answer(status: Int(error.status.code), body: error.json() + [0x0A])
    }
  }
}
