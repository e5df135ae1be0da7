internal import ArgumentParser
internal import Server

/// `kwic compact`: writes the index anew, as small as it gets.
struct CompactCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compact", abstract: "Write the index anew as one segment, without what was deleted or replaced.",
    discussion: """
      Needs room on the disk for a second copy. Queries and changes go on meanwhile.

      Exit status: 0 done, 3 daemon not reachable, or it could not be done.
      """)

  @OptionGroup var socket: SocketOptions

  func run() async throws {
    try await socket.withClient { try Terminal.print(try await $0.request("POST", "/v1/compact", json: [])) }
  }
}
