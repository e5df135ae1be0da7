internal import ArgumentParser
internal import Foundation
internal import Logging
internal import Server

/// `kwicd demo`: a first look with nothing to set up.
struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Index the shipped archive, ask it one question through the socket, and go on serving.",
    discussion: "Everything lies in a temporary directory, which is removed at the end.")

  @Flag(name: .customLong("exit"), help: "Leave after printing instead of serving on.")
  var exits = false

  func run() async throws {
    do {
      let demo = try await Demo.start(logger: .kwicd(level: .warning))
      do {
        try await demo.show { text in try FileHandle.standardOutput.write(contentsOf: Data(text.utf8)) }
      } catch {
        await demo.stop()
        throw error
      }
      if !exits {
        print("Serving until Ctrl-C.")
        await TerminationSignal.wait()
      }
      await demo.stop()
    } catch let error as DaemonError {
      try? FileHandle.standardError.write(contentsOf: Data("kwicd: \(error.message)\n".utf8))
      throw ExitCode(error.exitStatus)
    }
  }
}
