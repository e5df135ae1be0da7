public import NIOHTTP1
internal import Query

/// A refusal as the socket tells it: a stable code, what went wrong, what to do, and the status that fits.
///
/// `{"error": {"code": "over-capacity", "message": "…", "remedy": "…"}}`. A refused query has the object of the query
/// language instead, which says more.
public struct APIError: Error, Sendable {
  public let status: HTTPResponseStatus
  public let code: String
  public let message: String
  public let remedy: String
  /// The whole object where another module has written it.
  private let object: [UInt8]?

  public init(_ status: HTTPResponseStatus, _ code: String, _ message: String, remedy: String) {
    self.status = status
    self.code = code
    self.message = message
    self.remedy = remedy
    object = nil
  }

  /// A refusal whose object another module has written.
  private init(_ status: HTTPResponseStatus, _ problem: QueryProblem, object: [UInt8]) {
    self.status = status
    code = problem.code.rawValue
    message = problem.message
    remedy = problem.hint
    self.object = object
  }

  /// Why a search has no answer: 400 for a query, 504 where time or a budget ended it.
  init(_ error: SearchError, timeoutMilliseconds: Int) {
    switch error {
    case .deadline: self = .deadline(timeoutMilliseconds)
    case .index(let error): self.init(error)
    case .tooManyLines(let most):
      self.init(
        .badRequest, "too-many-lines", "more than \(most) hits were to be sorted at once",
        remedy: "ask for pages (limit, after), narrow the query, or export the hits and sort the file")
    case .query(let problems):
      guard let first = problems.first else { preconditionFailure("a refusal names its problem") }
      let isBudget = problems.contains { $0.code == .budgetExhausted }
      self.init(isBudget ? .gatewayTimeout : .badRequest, first, object: SearchError.json(problems))
    }
  }

  /// The error object, without a line end.
  public func json() -> [UInt8] {
    if let object { return object }
    var writer = JSONWriter()
    writer.object {
      $0.key("error")
      $0.object {
        $0.member("code", code)
        $0.member("message", message)
        $0.member("remedy", remedy)
      }
    }
    return writer.bytes
  }
}

extension APIError {
  static let overCapacity = APIError(
    .tooManyRequests, "over-capacity", "more queries are waiting than the daemon takes",
    remedy: "try again in a moment, or raise search_waiting_max")

  static let stopping = APIError(
    .serviceUnavailable, "stopping", "the daemon is stopping", remedy: "start it again, then repeat the request")

  static func deadline(_ milliseconds: Int) -> APIError {
    APIError(
      .gatewayTimeout, "deadline", "the query took longer than \(milliseconds) ms",
      remedy: "give it longer (timeout), narrow it, or ask without a total (total=none)")
  }

  static func unknownPath(_ path: String) -> APIError {
    APIError(
      .notFound, "unknown-path", "there is nothing at \(path.prefix(200))",
      remedy: "the paths are " + Route.paths.joined(separator: ", "))
  }

  static func methodNotAllowed(_ method: HTTPMethod, allowed: [HTTPMethod]) -> APIError {
    let names = allowed.map(\.rawValue).joined(separator: " and ")
    return APIError(
      .methodNotAllowed, "method-not-allowed", "\(method.rawValue) is not for this path", remedy: "use \(names)")
  }

  static func unknownDocument(_ id: String) -> APIError {
    APIError(
      .notFound, "unknown-document", "no document has the id \(id)",
      remedy: "ids are compared byte by byte; in a path they are percent-encoded")
  }

  static func tooLarge(_ what: String, bytesMax: Int) -> APIError {
    APIError(
      .payloadTooLarge, "too-large", "\(what) has more than \(bytesMax) bytes",
      remedy: "documents are sent to /v1/documents, one JSON object a line")
  }

  /// A cursor whose snapshot is no longer kept.
  static let cursorExpired = APIError(
    .gone, "cursor-expired", "the snapshot that this cursor names is no longer kept",
    remedy: "ask again without after; pages stay stable for the cursor_life of the configuration")

  static let cursorOfAnotherSearch = APIError(
    .conflict, "cursor-of-another-search", "this cursor belongs to another query, order or filter",
    remedy: "repeat the request that gave it, with after and nothing else changed but limit, hits and context")

  static func busy(_ work: String) -> APIError {
    APIError(.conflict, "busy", "\(work) is under way", remedy: "wait until it is done, then repeat the request")
  }

  static func badParameter(_ name: String, _ message: String, remedy: String) -> APIError {
    APIError(.badRequest, "bad-parameter", "\(name): \(message)", remedy: remedy)
  }
}
