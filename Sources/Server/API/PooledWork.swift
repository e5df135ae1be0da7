/// What a request needs of a thread of the pool: its parameters are read, the rest happens there in one piece.
struct PooledWork: Sendable {
  let timeoutMilliseconds: Int
  /// The whole answer, or the beginning of a long one.
  let run: @Sendable () throws(APIError) -> Answer
  /// The whole answer, where it is there already and nothing is left to do.
  var known: Response?
  /// Tries to make the whole answer, where that is sure to take little. For the event loop (`QuickTurns`).
  var quick: (@Sendable () -> QuickAnswer)?
}

/// What came of trying to answer at once.
enum QuickAnswer {
  case answer(Response)
  /// It takes longer, and this is to run on a thread of the pool instead of `PooledWork.run`.
  case rest(@Sendable () throws(APIError) -> Answer)
  /// Nothing is known.
  case unknown
}

extension Route {
  /// Whether the request is answered by one piece of work of the pool, or at once (`Service.work`).
  var isShort: Bool {
    switch self {
    case .search, .lint, .explain, .export, .getDocument, .health: true
    case .addDocuments, .deleteDocument, .refresh, .verify, .compact, .backup, .files, .status, .metrics: false
    }
  }
}

extension Service {
  /// The work of a short request; nil where there is nothing to do (`health`). Reads the parameters, so it is quick;
  /// any thread.
  func work(for route: Route, queryString: String, body: [UInt8]) throws(APIError) -> PooledWork? {
    switch route {
    case .search: try search(Self.parameters(queryString, body))
    case .lint: try lint(Self.parameters(queryString, body))
    case .explain: try explain(Self.parameters(queryString, body))
    case .export: try export(Self.parameters(queryString, body))
    case .getDocument(let id): try document(id, queryString: queryString)
    case .health: nil
    case .addDocuments, .deleteDocument, .refresh, .verify, .compact, .backup, .files, .status, .metrics:
      preconditionFailure("the connection's task answers \(route.name)")
    }
  }

  var health: Response { Response(json: Array(#"{"status":"ok"}"#.utf8)) }
}
