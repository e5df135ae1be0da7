internal import ArgumentParser
internal import Foundation
internal import Server

/// `kwic explain`: why a document matches a query or does not.
struct ExplainCommand: AsyncParsableCommand {
  enum Format: String, CaseIterable, ExpressibleByArgument { case text, json }

  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Say why a document matches a query or does not: each operator, what came closest, the score's parts.",
    discussion: "Exit status: 0 it matches, 1 it does not or is not there, 2 a query error, 3 daemon not reachable.")

  @OptionGroup var socket: SocketOptions

  @Option(help: ArgumentHelp("Read this index without a daemon.", valueName: "dir"))
  var index: String?

  @Option(help: ArgumentHelp("all: the query language; any: plain text, any of its words.", valueName: "all|any"))
  var words: String?

  @Flag(help: "Unquoted words mean their exact form too.")
  var exact = false

  @Option(help: "How the explanation is printed.")
  var format = Format.text

  @Argument(help: "The query.")
  var query: String

  @Argument(help: "Id of the document.")
  var id: String

  func run() async throws {
    let request = ExplainRequest(query: query, id: id, words: words, isExact: exact)
    if let index {
      try await Terminal.reporting { try show(try OfflineIndex(directory: index).explain(request)) }
    } else {
      try await socket.withClient { client in try show(try await client.explain(request)) }
    }
  }

  private func show(_ answer: ExplainAnswer?) throws {
    guard let answer else {
      Terminal.writeError("kwic: no document has the id \(id)\n")
      throw ExitCode(CommandStatus.none.rawValue)
    }
    try Terminal.write(format == .text ? answer.text : answer.json)
    if !answer.isMatch { throw ExitCode(CommandStatus.none.rawValue) }
  }
}
