internal import ArgumentParser
internal import Foundation
internal import Server

/// `kwic search`: asks a daemon, or an index that no daemon has open.
struct SearchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "search",
    abstract: "Search, and show where the words stand.",
    discussion: """
      Queries: words (all of them, in any form), "exact phrases", AND OR NOT, (brackets), title:word,
      a NEAR/5 b, a PRE/3 b, a near b (50 words).

      Examples:
        kwic search '"Raqqa" near "civilians"'
        kwic search --format count 'earthquake'
        kwic search --format trec --words any --limit 1000 --queries topics.tsv
      """)

  @OptionGroup var socket: SocketOptions

  @Option(help: ArgumentHelp("Read this index without a daemon.", valueName: "dir"))
  var index: String?

  @Option(help: ArgumentHelp("all: the query language; any: plain text, any of its words.", valueName: "all|any"))
  var words: String?

  @Flag(help: "Unquoted words mean their exact form too.")
  var exact = false

  @Option(help: "Documents shown; 0 for all.")
  var limit: Int?

  @Option(help: "Documents skipped before the first shown.")
  var offset: Int?

  @Option(help: "Hits shown of each document.")
  var hits: Int?

  @Flag(help: "Show all hits of each document shown.")
  var allHits = false

  @Option(help: ArgumentHelp("What is counted exactly.", valueName: "documents|hits|none"))
  var total: String?

  @Option(help: ArgumentHelp("Order of the documents.", valueName: "score|date|-date"))
  var sort: String?

  @Option(help: "Words of context on either side.")
  var context: Int?

  @Option(help: ArgumentHelp("Longest time for a query: 500ms, 2s.", valueName: "time"))
  var timeout: String?

  @Option(help: "How answers are printed.")
  var format: AnswerFormat = .kwic

  @Option(help: ArgumentHelp("Ask the queries of this file, one a line (trec: ID<TAB>QUERY); - is standard input.", valueName: "file"))
  var queries: String?

  @Argument(help: "The query.")
  var query: [String] = []

  func validate() throws {
    guard query.isEmpty != (queries == nil) else {
      throw ValidationError("give a query or --queries FILE, one of the two")
    }
  }

  func run() async throws {
    let list = try questions()
    var options = SearchOptions()
    options.words = words
    options.isExact = exact
    options.limit = limit
    options.offset = offset
    options.hits = hits
    options.hasAllHits = allHits
    options.total = total
    options.sort = sort
    options.context = context
    options.timeout = timeout
    if let index {
      try await Terminal.reporting { try await ask(list, options, try OfflineIndex(directory: index)) }
    } else {
      try await socket.withClient { try await ask(list, options, $0) }
    }
  }

  private func ask(_ list: [SearchSession.Query], _ options: SearchOptions, _ backend: any SearchBackend) async throws {
    let session = SearchSession(
      backend: backend, options: options, format: format, screen: .ofStandardOutput(), isList: queries != nil,
      output: { text in try Terminal.write(text) }, errorOutput: { Terminal.writeError($0) })
    let status = try await session.run(list)
    if status != .matches { throw ExitCode(status.rawValue) }
  }

  private func questions() throws -> [SearchSession.Query] {
    guard let queries else { return [SearchSession.Query(id: "1", text: query.joined(separator: " "))] }
    do {
      let data =
        queries == "-"
        ? try FileHandle.standardInput.readToEnd() ?? Data() : try Data(contentsOf: URL(fileURLWithPath: queries))
      return SearchSession.queries(in: String(decoding: data, as: UTF8.self), hasIDs: format == .trec)
    } catch {
      throw ValidationError("cannot read \(queries): \(error.localizedDescription)")
    }
  }
}
