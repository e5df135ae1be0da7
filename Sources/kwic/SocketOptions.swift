internal import ArgumentParser
internal import Foundation
internal import Server

/// Where the daemon is, for every subcommand.
struct SocketOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Socket of the daemon.", valueName: "path"))
  var socket: String?

  var path: String { socket ?? ProcessInfo.processInfo.environment["KWIC_SOCKET"] ?? DefaultPaths.socket }

  /// Runs `body` with a connection, and turns what can go wrong into a message and an exit status.
  func withClient(_ body: (Client) async throws -> Void) async throws {
    try await Terminal.reporting { try await Client.withConnection(to: path, body) }
  }
}
