internal import ArgumentParser
internal import Dispatch

/// The benchmark suite: `swift run bench …` builds it optimised and starts it.
struct BenchSuite: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measures Kwic, and answers the benchmarks that run other engines beside it.",
    subcommands: [
      RunCommand.self, IndexCommand.self, QueryCommand.self, CoresCommand.self, CheckCommand.self, CompareCommand.self,
      InstructionsCommand.self, GameCommand.self, GameIndexCommand.self, SocketCommand.self, ColdCommand.self,
      DaemonCommand.self, EchoCommand.self,
    ],
    defaultSubcommand: RunCommand.self)
}

/// Starts a command on the main thread; those that are asynchronous get a task. An asynchronous entry for all would park
/// the main thread, which callgrind, under which `instructions` runs, does not survive.
@main
enum Start {
  static func main() {
    do {
      var command = try BenchSuite.parseAsRoot()
      guard command is any AsyncParsableCommand else { return try command.run() }
      Task {
        do {
          var command = try BenchSuite.parseAsRoot() as? any AsyncParsableCommand
          try await command?.run()
          BenchSuite.exit()
        } catch {
          BenchSuite.exit(withError: error)
        }
      }
      dispatchMain()
    } catch {
      BenchSuite.exit(withError: error)
    }
  }
}
