internal import ArgumentParser

/// The daemon's command line.
@main
struct KwicdCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kwicd",
    abstract: "Full-text search daemon: owns an index, serves it on a Unix socket.",
    discussion: """
      Settings come from options, from KWIC_* in the environment, from the configuration file, and from what is built \
      in, in this order. config/README.md explains them one by one. SIGTERM and Ctrl-C finish the requests under way, \
      commit, and exit 0.
      """,
    subcommands: [ServeCommand.self, DemoCommand.self],
    defaultSubcommand: ServeCommand.self)
}
