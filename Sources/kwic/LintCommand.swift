internal import ArgumentParser
internal import Server

/// `kwic lint`: how a query is read, without asking it.
struct LintCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lint", abstract: "Say how a query is read, without running it.",
    discussion: """
      Works without a daemon: then the fields are those of --fields. A daemon that is there knows its own.

      Exit status: 0 it is accepted, 2 it is refused.
      """)

  @OptionGroup var socket: SocketOptions

  @Option(help: ArgumentHelp("Text fields to read it for; no daemon is asked.", valueName: "names"))
  var fields: String?

  @Argument(help: "The query.")
  var query: [String]

  func run() async throws {
    try await Terminal.reporting {
      try Terminal.print(try await LintSession(socketPath: socket.path).run(query.joined(separator: " "), fields: fields))
    }
  }
}
