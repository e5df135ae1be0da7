internal import ArgumentParser
internal import Server

/// `kwic status`: what the daemon holds and does.
struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show documents, segments, queues and searches of the daemon.",
    discussion: "A line a number on a terminal; JSON elsewhere, and with --json.")

  @OptionGroup var socket: SocketOptions

  @Flag(help: "Print the daemon's object.")
  var json = false

  func run() async throws {
    try await socket.withClient { client in
      let answer = try await client.request("GET", "/v1/status")
      guard answer.isSuccess, !json, Screen.ofStandardOutput().columns != nil else { return try Terminal.print(answer) }
      try Terminal.write(StatusFormat.text(answer.body))
    }
  }
}
