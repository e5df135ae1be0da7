internal import ArgumentParser
internal import Server

/// `kwic verify`: reads every byte of the index and says what is damaged.
struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Check every byte of the index against its checksums, as JSON.",
    discussion: """
      Queries and changes go on meanwhile. With --index the index is read without a daemon.

      Exit status: 0 sound, 1 damaged (the places stand under "damage"), 3 daemon not reachable.
      """)

  @OptionGroup var socket: SocketOptions

  @Option(help: ArgumentHelp("Check this index without a daemon.", valueName: "dir"))
  var index: String?

  func run() async throws {
    if let index {
      try await Terminal.reporting {
        let report = try OfflineIndex(directory: index).verify()
        try Terminal.write(report.json)
        if !report.isSound { throw ExitCode(CommandStatus.none.rawValue) }
      }
      return
    }
    try await socket.withClient { client in
      let answer = try await client.request("POST", "/v1/verify", json: [])
      try Terminal.print(answer)
      if !VerifyAnswer.isSound(answer.body) { throw ExitCode(CommandStatus.none.rawValue) }
    }
  }
}
