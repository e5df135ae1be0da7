internal import Foundation

/// Asks one query or a list of them and prints the answers.
public struct SearchSession {
  /// One line of a list of queries.
  public struct Query: Sendable, Equatable {
    public var id: String
    public var text: String

    public init(id: String, text: String) {
      self.id = id
      self.text = text
    }
  }

  let backend: any SearchBackend
  let options: SearchOptions
  let printer: AnswerPrinter
  /// Where answers and where errors go.
  let output: (String) throws -> Void
  let errorOutput: (String) -> Void

  public init(
    backend: any SearchBackend, options: SearchOptions, format: AnswerFormat, screen: Screen, isList: Bool,
    output: @escaping (String) throws -> Void, errorOutput: @escaping (String) -> Void
  ) {
    self.backend = backend
    var options = options
    // Hits cost time to enumerate: formats without them ask for none, unless told otherwise.
    if !format.showsHits {
      options.hits = options.hits ?? 0
    }
    if format == .trec { options.total = options.total ?? "none" }
    self.options = options
    printer = AnswerPrinter(format: format, screen: screen, isList: isList)
    self.output = output
    self.errorOutput = errorOutput
  }

  /// The queries of a file: one a line, `ID<TAB>QUERY` where `hasIDs`, else numbered from 1. Empty lines stay, so that
  /// answers keep their places.
  public static func queries(in text: String, hasIDs: Bool) -> [Query] {
    var lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines.enumerated().map { index, line in
      let parts = line.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
      guard hasIDs, parts.count == 2 else { return Query(id: "\(index + 1)", text: String(line)) }
      return Query(id: String(parts[0]), text: String(parts[1]))
    }
  }

  /// Asks them all, in order. Returns the highest exit status.
  public func run(_ queries: [Query]) async throws -> CommandStatus {
    var status = queries.isEmpty ? CommandStatus.none : .matches
    try output(printer.header)
    for query in queries { status = max(status, try await run(query)) }
    return status
  }

  private func run(_ query: Query) async throws -> CommandStatus {
    let answer = try await backend.search(options.json(query: query.text))
    guard answer.isSuccess else {
      try output(printer.placeholder(answer.body))
      report(answer.body, query)
      return CommandStatus(refusal: answer.status)
    }
    let parsed: WireAnswer
    do {
      parsed = try Self.decoder.decode(WireAnswer.self, from: Data(answer.body))
    } catch {
      throw ClientError.badAnswer("\(error)")
    }
    try output(printer.text(answer.body, parsed, queryID: query.id))
    if printer.format == .kwic { summarise(parsed) }
    let isFound = !parsed.results.isEmpty || (parsed.total?.documents ?? 0) > 0
    return isFound ? .matches : .none
  }

  /// JSON goes out as JSON where answers are JSON, else as text with the caret line.
  private func report(_ body: [UInt8], _ query: Query) {
    let error = try? Self.decoder.decode(WireError.self, from: Data(body))
    if printer.format == .json || error == nil {
      if !printer.isList { errorOutput(String(decoding: body, as: UTF8.self)) }
    } else if let error {
      errorOutput((printer.isList ? "query \(query.id): " : "") + error.text + "\n")
    }
  }

  /// What people want to know besides the lines: how the query was read, how much there is, what to mind.
  private func summarise(_ answer: WireAnswer) {
    var lines = [answer.parsed]
    if let documents = answer.total?.documents {
      let shown = answer.results.count < documents ? ", \(answer.results.count) shown" : ""
      let partial = answer.total?.partial == true ? "at least " : ""
      lines.append("\(partial)\(documents) document\(documents == 1 ? "" : "s")\(shown)")
    }
    for warning in answer.warnings {
      let suggestions = (warning.suggestions ?? []).joined(separator: ", ")
      lines.append("note: \(warning.message)" + (suggestions.isEmpty ? "" : " (\(suggestions))"))
    }
    errorOutput(lines.joined(separator: "\n") + "\n")
  }

  static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return decoder
  }
}
