internal import Foundation
internal import Index
internal import NIOHTTP1
internal import Query

/// What `kwic explain` asks.
public struct ExplainRequest: Sendable {
  public var query: String
  public var id: String
  public var words: String?
  public var isExact: Bool

  public init(query: String, id: String, words: String? = nil, isExact: Bool = false) {
    self.query = query
    self.id = id
    self.words = words
    self.isExact = isExact
  }

  func json(format: String) -> [UInt8] {
    var json = JSONWriter()
    json.object {
      $0.member("query", query)
      $0.member("id", id)
      if let words { $0.member("words", words) }
      if isExact { $0.member("exact", "true") }
      $0.member("format", format)
    }
    return json.bytes
  }
}

/// An explanation in both of its forms.
public struct ExplainAnswer: Sendable {
  public let isMatch: Bool
  /// Lines for a terminal.
  public let text: String
  /// The daemon's object, one line.
  public let json: String

  init(isMatch: Bool, text: String, json: String) {
    self.isMatch = isMatch
    // Ids and values of documents stand in it.
    self.text = text.split(separator: "\n").map { ConcordanceLine.printable($0) + "\n" }.joined()
    self.json = json
  }
}

extension Client {
  /// - Returns: Nil where no document has the id.
  /// - Throws: `RefusedRequest` for a refusal, `ClientError`.
  public func explain(_ request: ExplainRequest) async throws -> ExplainAnswer? {
    struct Lines: Decodable {
      let matches: Bool
      let text: String
    }
    let lines = try await self.request("POST", "/v1/explain", json: request.json(format: "text"))
    let object = try await self.request("POST", "/v1/explain", json: request.json(format: "json"))
    if lines.status == 404 || object.status == 404 { return nil }
    guard lines.isSuccess, object.isSuccess else { throw RefusedRequest(body: object.body, status: object.status) }
    let read = try JSONDecoder().decode(Lines.self, from: Data(lines.body))
    return ExplainAnswer(isMatch: read.matches, text: read.text, json: String(decoding: object.body, as: UTF8.self))
  }
}

extension OfflineIndex {
  /// - Returns: Nil where no document has the id.
  /// - Throws: `RefusedRequest` for a refusal.
  public func explain(_ request: ExplainRequest) throws -> ExplainAnswer? {
    do throws(APIError) {
      var parameters = try RequestParameters(json: request.json(format: "json"))
      for name in ["id", "format"] { _ = parameters.take(name) }
      let search = try SearchParameters.request(parameters)
      let found = try Self.answering { () throws(SearchError) in
        try engine.explain(search, id: request.id, in: index.snapshot())
      }
      guard let found else { return nil }
      let json = String(decoding: found.json() + [0x0A], as: UTF8.self)
      return ExplainAnswer(isMatch: found.matches, text: found.text(), json: json)
    } catch {
      throw RefusedRequest(body: error.json(), status: Int(error.status.code))
    }
  }

  private static func answering<T>(_ body: () throws(SearchError) -> T) throws(APIError) -> T {
    do { return try body() } catch { throw APIError(error, timeoutMilliseconds: 0) }
  }
}
