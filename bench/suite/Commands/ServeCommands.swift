internal import ArgumentParser
internal import Logging
internal import Server

/// The daemon in a process of its own, as `bench socket` measures it: until standard input ends, which it does with the
/// suite that started it.
struct DaemonCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve-index", abstract: "Serve an index until standard input ends.", shouldDisplay: false)

  @Option var index: String
  @Option var socket: String

  func run() async throws {
    var configuration = Configuration()
    configuration.index = index
    configuration.socket = socket
    let daemon = try await Daemon.start(configuration, logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() })
    while readLine() != nil {}
    await daemon.stop()
  }
}

/// The empty server that the daemon is measured against, likewise.
struct EchoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve-echo", abstract: "Answer every request with 200 until standard input ends.", shouldDisplay: false)

  @Option var socket: String

  func run() async throws {
    try await EchoServer.start(socket: socket)
    while readLine() != nil {}
  }
}
