internal import ArgumentParser
internal import Server

/// `kwic get`: prints a document as it was added, or its text with the words of a query marked.
struct GetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Print a document as one line of JSON, as it was added; or its text, marked.",
    discussion: """
      With --highlight the texts of its fields are printed, and exactly the words that hits of the query stand on are \
      marked: by colour on a terminal, by [brackets] elsewhere.

      Exit status: 0 found, 1 no such document (with --highlight also: it does not match), 2 a query error, 3 daemon \
      not reachable.
      """)

  @OptionGroup var socket: SocketOptions

  @Option(help: ArgumentHelp("Mark the words of the hits of this query.", valueName: "query"))
  var highlight: String?

  @Argument(help: "Id of the document.")
  var id: String

  func run() async throws {
    try await socket.withClient { client in
      let answer = try await client.request("GET", DocumentPath.of(id, highlighting: highlight))
      if answer.status == 404 {
        Terminal.writeError("kwic: no document has the id \(id)\n")
        throw ExitCode(CommandStatus.none.rawValue)
      }
      guard highlight != nil, answer.isSuccess else { return try Terminal.print(answer) }
      let shown = try HighlightFormat(screen: .ofStandardOutput()).text(answer.body)
      try Terminal.write(shown.text)
      if !shown.hasHits { throw ExitCode(CommandStatus.none.rawValue) }
    }
  }
}
