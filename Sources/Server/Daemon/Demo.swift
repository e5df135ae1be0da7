public import Logging
internal import Foundation

/// `kwicd demo`: the shipped archive in a fresh index, one question asked through the socket, and what to type next.
public struct Demo {
  static let query = "\"Raqqa\" near \"civilians\""

  private let daemon: Daemon
  /// Holds the index and the socket; removed at the end.
  private let folder: String

  /// Indexes the archive into a fresh directory and serves it on a socket in there.
  /// - Throws: `DaemonError` when the archive is not found or the daemon cannot start.
  public static func start(logger: Logger) async throws(DaemonError) -> Demo {
    guard let archive = Archive.find() else {
      throw .system("\(Archive.folder) is not found: start the demo from a folder of the source, or index texts of your own "
        + "with kwicd --watch FOLDER")
    }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("kwic-demo-\(UUID().uuidString.prefix(8))").path
    var configuration = Configuration()
    configuration.index = folder + "/index"
    configuration.socket = folder + "/kwic.sock"
    configuration.watch = [archive]
    let daemon = try await Daemon.start(configuration, logger: logger)
    await daemon.waitForImport()
    return Demo(daemon: daemon, folder: folder)
  }

  /// Asks the question as a client would, and prints the lines and what to try next.
  public func show(_ output: @escaping (String) throws -> Void) async throws {
    let socket = daemon.configuration.socket
    let kwic = Self.clientCommand()
    try output("The archive of \(daemon.configuration.watch[0]) is indexed: \(daemon.documentCount) documents.\n\n")
    try output("$ \(kwic) search --socket \(socket) '\(Self.query)'\n")
    try await Client.withConnection(to: socket) { client in
      let session = SearchSession(
        backend: client, options: SearchOptions(), format: .kwic, screen: .ofStandardOutput(), isList: false,
        output: { bytes in try output(String(decoding: bytes, as: UTF8.self)) },
        errorOutput: { text in try? output(text) })
      _ = try await session.run([SearchSession.Query(id: "demo", text: Self.query)])
    }
    try output(Self.nextSteps(kwic: kwic, socket: socket))
  }

  /// Stops the daemon and removes what the demo made.
  public func stop() async {
    await daemon.stop()
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// The client beside this program, or how to run it from the source.
  private static func clientCommand() -> String {
    let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    let client = program.deletingLastPathComponent().appendingPathComponent("kwic").path
    return FileManager.default.isExecutableFile(atPath: client) ? client : "swift run -c release kwic"
  }

  private static func nextSteps(kwic: String, socket: String) -> String {
    """

    Try next, in another terminal:
      export KWIC_SOCKET=\(socket)
      \(kwic) search 'earthquake AND "magnitude 7"'
      \(kwic) search --all-hits '(president|minister) NEAR/5 resigned'
      \(kwic) search --total hits --context 12 '"climate change" NEAR/10 protest'
      \(kwic) search --format json --limit 3 'title:election OR coronavirus'
      \(kwic) add FILE.jsonl
      curl --unix-socket \(socket) 'http://kwic/v1/status'


    """
  }
}
