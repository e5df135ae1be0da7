internal import Foundation
internal import Ingest

/// Asks one query or a list of them and prints the answers, each while it comes.
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

  /// Hits that are printed together, and so stand below one another: the first page at once, then larger ones.
  private static let hitsTogether = (first: 64, later: 4_096)

  let backend: any SearchBackend
  let options: SearchOptions
  private let format: AnswerFormat
  private let screen: Screen
  private let isList: Bool
  /// Where answers and where errors go.
  let output: ([UInt8]) throws -> Void
  let errorOutput: (String) -> Void

  public init(
    backend: any SearchBackend, options: SearchOptions, format: AnswerFormat, screen: Screen, isList: Bool,
    output: @escaping ([UInt8]) throws -> Void, errorOutput: @escaping (String) -> Void
  ) {
    self.backend = backend
    var options = options
    // Hits cost time to enumerate: formats without them ask for none, unless told otherwise or hits are sorted.
    if !format.showsHits, !options.sortsHits { options.hits = options.hits ?? 0 }
    if format == .trec { options.total = options.total ?? "none" }
    self.options = options
    self.format = format
    self.screen = screen
    self.isList = isList
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
    var printer = AnswerPrinter(format: format, screen: screen, isList: isList)
    try output(Array(printer.header.utf8))
    for query in queries { status = max(status, try await run(query, &printer)) }
    return status
  }

  /// An answer on its way: what of it waits to be printed.
  private struct Incoming {
    var reader = AnswerReader()
    var waiting: [WireAnswer.Document] = []
    /// Lines that they take.
    var waitingHits = 0
    var hasShown = false
  }

  private func run(_ query: Query, _ printer: inout AnswerPrinter) async throws -> CommandStatus {
    var incoming = Incoming()
    printer.begin(queryID: query.id)
    let refusal: Client.Answer
    do {
      let answer = try await backend.search(options.json(query: query.text, explainsAsText: format != .json)) { piece in
        try take(piece, &incoming, &printer)
      }
      if answer.isSuccess { return try finish(incoming, &printer) }
      refusal = answer
    } catch let error as ClientError {
      // An answer that could not be finished says why in its last member.
      guard case .cutOff = error, let reason = Self.reason(in: incoming.reader.envelope) else { throw error }
      try show(&incoming, &printer)
      report(reason, query)
      return CommandStatus(endedBy: reason)
    }
    if incoming.reader.envelope.isEmpty { try output(Array(printer.refusedLine(refusal.body).utf8)) }
    report(refusal.body, query)
    return CommandStatus(refusal: refusal.status)
  }

  private func take(_ piece: [UInt8], _ incoming: inout Incoming, _ printer: inout AnswerPrinter) throws {
    if format == .json { try output(piece) }
    var documents: [[UInt8]] = []
    incoming.reader.append(piece) { documents.append($0) }
    for json in documents {
      switch format {
      case .count: continue
      // What has been passed on is counted.
      case .json: printer.count += 1
      default:
        let document = try Self.document(json)
        incoming.waitingHits += max(1, document.hits.count)
        incoming.waiting.append(document)
      }
      let most = incoming.hasShown ? Self.hitsTogether.later : Self.hitsTogether.first
      if incoming.waitingHits >= most { try show(&incoming, &printer) }
    }
  }

  private static func document(_ json: [UInt8]) throws -> WireAnswer.Document {
    do throws(JSONProblem) {
      return try WireAnswer.Document(json: json)
    } catch {
      throw ClientError.badAnswer(error.message)
    }
  }

  private func show(_ incoming: inout Incoming, _ printer: inout AnswerPrinter) throws {
    guard !incoming.waiting.isEmpty else { return }
    try output(Array(printer.text(incoming.waiting).utf8))
    incoming.waiting = []
    incoming.waitingHits = 0
    incoming.hasShown = true
  }

  private func finish(_ incoming: Incoming, _ printer: inout AnswerPrinter) throws -> CommandStatus {
    var incoming = incoming
    try show(&incoming, &printer)
    let answer = try Self.decode(WireAnswer.self, incoming.reader.envelope)
    try output(Array(printer.end(answer).utf8))
    if format == .kwic { summarise(answer, shown: printer.count) }
    return printer.count > 0 || (answer.total?.documents ?? 0) > 0 ? .matches : .none
  }

  /// JSON goes out as JSON where answers are JSON, else as text with the caret line.
  private func report(_ body: [UInt8], _ query: Query) {
    let error = try? Self.decoder.decode(WireError.self, from: Data(body))
    if format == .json || error == nil {
      if !isList { errorOutput(String(decoding: body, as: UTF8.self)) }
    } else if let error {
      errorOutput((isList ? "query \(query.id): " : "") + error.text + "\n")
    }
  }

  /// What people want to know besides the lines: how the query was read, how much there is, what to mind.
  private func summarise(_ answer: WireAnswer, shown: Int) {
    var lines = [answer.parsed]
    if let documents = answer.total?.documents {
      var line = "\(documents) document\(documents == 1 ? "" : "s")"
      if let hits = answer.total?.hits {
        let isPartial = answer.total?.partial == true
        line += ", \(isPartial ? "at least " : "")\(hits) hit\(hits == 1 ? "" : "s")"
        if isPartial { line += " (the count was ended by the budget of positions)" }
      }
      if let stories = answer.total?.stories { line += ", \(stories) stor\(stories == 1 ? "y" : "ies")" }
      if !options.sortsHits, shown < documents { line += ", \(shown) shown" }
      lines.append(line)
    }
    for warning in answer.warnings {
      let suggestions = (warning.suggestions ?? []).joined(separator: ", ")
      lines.append("note: \(warning.message)" + (suggestions.isEmpty ? "" : " (\(suggestions))"))
    }
    if let receipt = answer.receipt { lines.append(String(ReceiptFormat.text(receipt).dropLast())) }
    if let cursor = answer.cursor { lines.append("more: --after \(cursor)") }
    errorOutput(lines.joined(separator: "\n") + "\n")
  }

  /// The error object of an answer that ends with one.
  private static func reason(in envelope: [UInt8]) -> [UInt8]? {
    guard (try? decoder.decode(WireError.self, from: Data(envelope))) != nil else { return nil }
    return envelope
  }

  private static func decode<Value: Decodable>(_ type: Value.Type, _ bytes: [UInt8]) throws -> Value {
    do {
      return try decoder.decode(type, from: Data(bytes))
    } catch {
      throw ClientError.badAnswer("\(error)")
    }
  }

  static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return decoder
  }
}

extension CommandStatus {
  /// The status of an answer that began and could not be finished.
  init(endedBy error: [UInt8]) {
    let code = (try? SearchSession.decoder.decode(WireError.self, from: Data(error)))?.error.code
    self = code == "deadline" || code == "budget-exhausted" ? .timeout : .notReachable
  }
}
