internal import ArgumentParser
internal import Server

/// `kwic export`: every hit as a line.
struct ExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Print every hit of a query, a line each, in the order of the index.",
    discussion: """
      Nothing is ranked and nothing held: the first lines come at once, and a million hits take no more memory than ten. \
      All of it is of one snapshot. With ndjson a line is an object (id, title, date, field, lo, hi, bytes, words, left, \
      match, right), with csv the same cells below a header.

      Exit status: 0 hits, 1 none, 2 a query error, 3 daemon not reachable, 4 timeout. Whatever is not 0 or 1 means that \
      hits are missing.
      """)

  @OptionGroup var socket: SocketOptions

  @Option(help: ArgumentHelp("What a line is.", valueName: "ndjson|csv"))
  var format: String?

  @Option(help: ArgumentHelp("Words of context on either side, or whole sentences.", valueName: "n|sentence"))
  var context: String?

  @Option(help: ArgumentHelp("all: the query language; any: plain text, any of its words.", valueName: "all|any"))
  var words: String?

  @Flag(help: "Unquoted words mean their exact form too.")
  var exact = false

  @Option(help: ArgumentHelp("Only documents of this date or later.", valueName: "date"))
  var from: String?

  @Option(help: ArgumentHelp("Only documents of this date or earlier.", valueName: "date"))
  var to: String?

  @Option(help: "Only documents in this language.")
  var lang: String?

  @Option(help: ArgumentHelp("Longest time for all of it: 30s, 10m.", valueName: "time"))
  var timeout: String?

  @Argument(help: "The query.")
  var query: [String]

  func run() async throws {
    try await socket.withClient { client in
      var options = ExportSession.Options()
      options.format = format
      options.context = context
      options.words = words
      options.isExact = exact
      options.from = from
      options.to = to
      options.lang = lang
      options.timeout = timeout
      var session = ExportSession(client: client) { try Terminal.write($0) }
      let status = try await session.run(query.joined(separator: " "), options)
      if status != .matches { throw ExitCode(status.rawValue) }
    }
  }
}
