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
      a NEAR/5 b, a PRE/3 b, a near b (50 words), date:2016..2017-03.

      Lines are sorted by their context with --sort left or right: then all hits of all documents are put in one \
      order, and --limit, --offset and --after count hits. Otherwise they count documents, of which --hits are shown.

      The next page: what the last one says after "more:". It shows what was there when the first was asked for, as \
      long as the daemon keeps that snapshot (a minute after each page).

      Examples:
        kwic search '"Raqqa" near "civilians"'
        kwic search --format count 'earthquake'
        kwic search --from 2019 --group date:month 'protest' --limit 3
        kwic search --sort right --limit 50 'climate'
        kwic search --limit 0 --all-hits --context sentence '"cease fire"'
        kwic search --format trec --words any --limit 1000 --queries topics.tsv
      """)

  @OptionGroup var socket: SocketOptions

  @Option(help: ArgumentHelp("Read this index without a daemon.", valueName: "dir"))
  var index: String?

  @Option(help: ArgumentHelp("all: the query language; any: plain text, any of its words.", valueName: "all|any"))
  var words: String?

  @Flag(help: "Unquoted words mean their exact form too.")
  var exact = false

  @Option(help: "Documents (of sorted lines: hits) shown, 10 where not given; 0 for all.")
  var limit: Int?

  @Option(help: "Documents (hits) skipped before the first shown.")
  var offset: Int?

  @Option(help: ArgumentHelp("The page that follows one before.", valueName: "cursor"))
  var after: String?

  @Option(help: "Hits shown of each document, 3 where not given.")
  var hits: Int?

  @Flag(help: "Show all hits of each document shown.")
  var allHits = false

  @Option(help: ArgumentHelp("What is counted exactly.", valueName: "documents|hits|none"))
  var total: String?

  @Option(help: ArgumentHelp("Order of the documents, or of all hits.", valueName: "score|date|-date|left|right"))
  var sort: String?

  @Option(help: ArgumentHelp("Words of context on either side, or whole sentences.", valueName: "n|sentence"))
  var context: String?

  @Option(help: ArgumentHelp("Only documents of this date or later.", valueName: "date"))
  var from: String?

  @Option(help: ArgumentHelp("Only documents of this date or earlier: 2016, 2016-10, 2016-10-28.", valueName: "date"))
  var to: String?

  @Option(help: "Only documents in this language, as their field lang says.")
  var lang: String?

  @Option(help: ArgumentHelp("Count all documents that match by a field.", valueName: "field|date:year|date:month|date:day"))
  var group: String?

  @Flag(help: "Show of near-duplicates (wire copy, updates) only the best, with their number and first date.")
  var collapse = false

  @Flag(help: "Say what was searched and what was not, with a digest (kwic verify-receipt).")
  var receipt = false
  @Flag(help: "Say of each document shown why it matches and what its score is made of.")
  var explain = false

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
    if explain, format != .kwic, format != .json {
      throw ValidationError("--explain goes with --format kwic or json")
    }
  }

  func run() async throws {
    let list = try questions()
    var options = SearchOptions()
    options.words = words
    options.isExact = exact
    options.limit = limit
    options.offset = offset
    options.after = after
    options.hits = hits
    options.hasAllHits = allHits
    options.total = total
    options.sort = sort
    options.context = context
    options.from = from
    options.to = to
    options.lang = lang
    options.group = group
    options.collapses = collapse
    options.givesReceipt = receipt
    options.explains = explain
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
      output: { bytes in try Terminal.write(bytes) }, errorOutput: { Terminal.writeError($0) })
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
