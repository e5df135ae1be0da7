internal import ArgumentParser
internal import Server

/// `kwic get`: prints a document as it was added.
struct GetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Print a document as one line of JSON, as it was added.",
    discussion: "Exit status: 0 found, 1 no such document, 3 daemon not reachable.")

  @OptionGroup var socket: SocketOptions

  @Argument(help: "Id of the document.")
  var id: String

  func run() async throws {
    try await socket.withClient { client in
      let answer = try await client.request("GET", DocumentPath.of(id))
      if answer.status == 404 {
        Terminal.writeError("kwic: no document has the id \(id)\n")
        throw ExitCode(CommandStatus.none.rawValue)
      }
      try Terminal.print(answer)
    }
  }
}
