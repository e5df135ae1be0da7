internal import ArgumentParser

/// The benchmark suite: `swift run bench …` builds it optimised and starts it.
@main
struct BenchSuite: AsyncParsableCommand {
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
