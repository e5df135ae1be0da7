internal import Foundation

/// A server in a process of its own: this program with another subcommand. Ends with this object, or with this process.
final class ChildServer {
  let socket: String
  private let process = Process()
  private let input = Pipe()

  /// Starts the server and waits until it answers.
  init(_ arguments: [String], socket: String) throws {
    self.socket = socket
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = arguments + ["--socket", socket]
    process.standardInput = input
    try process.run()
    let watch = Stopwatch()
    while (try? SocketClient(path: socket)) == nil {
      guard process.isRunning, watch.seconds < 30 else {
        throw CorpusProblem("\(arguments[0]) did not come up on \(socket)")
      }
      usleep(10_000)
    }
  }

  /// Lets it finish and waits for its end.
  func stop() {
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  deinit { if process.isRunning { stop() } }
}
