internal import ArgumentParser
internal import Server

/// `kwic status`: what the daemon holds and does.
struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show documents, segments, queues and searches of the daemon, as JSON.")

  @OptionGroup var socket: SocketOptions

  func run() async throws {
    try await socket.withClient { try Terminal.print(try await $0.request("GET", "/v1/status")) }
  }
}
