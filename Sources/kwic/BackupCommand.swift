internal import ArgumentParser
internal import Foundation
internal import Server

/// `kwic backup`: a copy of the index while it is in use.
struct BackupCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup", abstract: "Copy the index as it is at one commit into a folder, while the daemon goes on.",
    discussion: """
      The daemon writes the folder, so its user must be allowed to. The copy is an index: kwicd --index DIR serves it, \
      kwic verify --index DIR checks it.

      Exit status: 0 done, 2 there is an index in the folder, 3 daemon not reachable, or it could not be done.
      """)

  @OptionGroup var socket: SocketOptions

  @Argument(help: ArgumentHelp("Folder without an index; made where it is not there.", valueName: "dir"))
  var directory: String

  func run() async throws {
    try await socket.withClient { client in
      let path = URL(fileURLWithPath: directory).standardizedFileURL.path
      try Terminal.print(try await client.request("POST", "/v1/backup", json: BackupRequest.json(directory: path)))
    }
  }
}
