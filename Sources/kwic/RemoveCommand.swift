internal import ArgumentParser
internal import Server

/// `kwic remove`: deletes documents by their ids.
struct RemoveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Remove documents by id.",
    discussion: "Exit status: 0 all removed, 1 some were not there, 3 daemon not reachable.")

  @OptionGroup var socket: SocketOptions

  @Argument(help: ArgumentHelp("Ids of documents.", valueName: "id"))
  var ids: [String]

  func run() async throws {
    try await socket.withClient { client in
      var missing = 0
      for id in ids {
        let answer = try await client.request("DELETE", DocumentPath.of(id))
        if answer.status == 404 {
          missing += 1
          Terminal.writeError("kwic: no document has the id \(id)\n")
        } else if !answer.isSuccess {
          throw RefusedRequest(body: answer.body, status: answer.status)
        }
      }
      try Terminal.write("\(ids.count - missing) removed\n")
      if missing > 0 { throw ExitCode(CommandStatus.none.rawValue) }
    }
  }
}
