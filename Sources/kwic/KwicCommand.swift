internal import ArgumentParser

/// The client's command line.
@main
struct KwicCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kwic",
    abstract: "Search, add, remove and look at documents of a kwicd daemon.",
    discussion: """
      The daemon is found by --socket, else KWIC_SOCKET, else kwic.sock in the runtime directory.

      Exit status: 0 matches, 1 none, 2 a query error, 3 daemon not reachable, 4 timeout.
      """,
    subcommands: [
      SearchCommand.self, ExportCommand.self, AddCommand.self, RemoveCommand.self, GetCommand.self, LintCommand.self,
      ExplainCommand.self, StatusCommand.self, VerifyCommand.self, VerifyReceiptCommand.self,
      BackupCommand.self, CompactCommand.self,
    ])
}
