internal import ArgumentParser
internal import Server

/// `kwic status`: what the daemon holds and does.
struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show documents, segments, queues and searches of the daemon.",
    discussion: """
      Words on a terminal, a line a subject; JSON elsewhere, and with --json.

      --files and --failed print the ledger of watched files, a line each: state, documents, path, reason.
      """)

  @OptionGroup var socket: SocketOptions

  @Flag(help: "Print the daemon's object.")
  var json = false

  @Flag(help: "List every file under the watched folders and what became of it.")
  var files = false

  @Flag(help: "List only files that could not be read, or of which documents were refused.")
  var failed = false

  func run() async throws {
    try await socket.withClient { client in
      if files || failed { return try await list(client) }
      let answer = try await client.request("GET", "/v1/status")
      guard answer.isSuccess, !json, Screen.ofStandardOutput().columns != nil else { return try Terminal.print(answer) }
      try Terminal.write(StatusFormat.text(answer.body))
    }
  }

  private func list(_ client: Client) async throws {
    let isText = !json && Screen.ofStandardOutput().columns != nil
    var format = FileListFormat(isText: isText) { try Terminal.write($0) }
    let answer = try await client.stream("/v1/files" + (failed ? "?state=failed" : "")) { try format.take($0) }
    guard answer.isSuccess else { throw RefusedRequest(body: answer.body, status: answer.status) }
    try format.finish()
  }
}
