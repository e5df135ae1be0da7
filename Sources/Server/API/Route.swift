internal import Foundation
internal import NIOHTTP1

/// What a request asks for, read from its method and path.
enum Route: Equatable {
  case search
  case lint
  case explain
  case export
  case addDocuments
  case getDocument(id: String)
  case deleteDocument(id: String)
  case refresh
  case verify
  case compact
  case backup
  case files
  case status
  case metrics
  case health

  /// For the answer to a path that is none of them.
  static let paths = [
    "/v1/search", "/v1/lint", "/v1/explain", "/v1/export", "/v1/documents", "/v1/documents/{id}", "/v1/refresh",
    "/v1/verify", "/v1/compact", "/v1/backup", "/v1/files", "/v1/status", "/metrics", "/healthz",
  ]

  /// For the log; without the id of a document.
  var name: String {
    switch self {
    case .getDocument: "getDocument"
    case .deleteDocument: "deleteDocument"
    default: "\(self)"
    }
  }

  private static let documentPrefix = "/v1/documents/"

  /// The route of a request; `path` is without the query string and still percent-encoded.
  init(method: HTTPMethod, path: String) throws(APIError) {
    if path.hasPrefix(Self.documentPrefix) {
      let encoded = String(path.dropFirst(Self.documentPrefix.count))
      guard let id = encoded.removingPercentEncoding, !id.isEmpty else {
        throw .badParameter("id", "is not percent-encoded UTF-8", remedy: "write GET /v1/documents/a%2Fb for the id a/b")
      }
      self = try Self.choose(method, [.GET: .getDocument(id: id), .DELETE: .deleteDocument(id: id)])
      return
    }
    switch path {
    case "/v1/search": self = try Self.choose(method, [.GET: .search, .POST: .search])
    case "/v1/lint": self = try Self.choose(method, [.POST: .lint])
    case "/v1/explain": self = try Self.choose(method, [.GET: .explain, .POST: .explain])
    case "/v1/documents": self = try Self.choose(method, [.POST: .addDocuments])
    case "/v1/refresh": self = try Self.choose(method, [.POST: .refresh])
    case "/v1/export": self = try Self.choose(method, [.POST: .export])
    case "/v1/verify": self = try Self.choose(method, [.POST: .verify])
    case "/v1/compact": self = try Self.choose(method, [.POST: .compact])
    case "/v1/backup": self = try Self.choose(method, [.POST: .backup])
    case "/v1/files": self = try Self.choose(method, [.GET: .files])
    case "/v1/status": self = try Self.choose(method, [.GET: .status])
    case "/metrics": self = try Self.choose(method, [.GET: .metrics])
    case "/healthz": self = try Self.choose(method, [.GET: .health])
    default: throw .unknownPath(path)
    }
  }

  private static func choose(_ method: HTTPMethod, _ routes: KeyValuePairs<HTTPMethod, Route>) throws(APIError) -> Route {
    for (known, route) in routes where known == method { return route }
    throw .methodNotAllowed(method, allowed: routes.map(\.key))
  }
}
