internal import ArgumentParser
internal import Foundation
internal import Server

/// `kwic lint`: how a query is read, without asking it.
struct LintCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lint", abstract: "Say how a query is read, without running it.",
    discussion: "Exit status: 0 it is accepted, 2 it is refused, 3 daemon not reachable.")

  @OptionGroup var socket: SocketOptions

  @Argument(help: "The query.")
  var query: [String]

  func run() async throws {
    try await socket.withClient { client in
      let json = SearchOptions().json(query: query.joined(separator: " "))
      try Terminal.print(try await client.request("POST", "/v1/lint", json: json))
    }
  }
}
