internal import ArgumentParser

/// The query side of the public search-benchmark-game: commands on standard input, one number a line on output.
struct GameCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "game",
    abstract: "Answer the search-benchmark-game: COMMAND<TAB>query lines on standard input.",
    discussion: """
      COUNT, TOP_10, TOP_100, TOP_10_COUNT … over queries of a, +a, -a and "a b". Prints the number of matching \
      documents, 1 for TOP_N without COUNT, UNSUPPORTED for what is not in the protocol.
      """)

  @Argument(help: "Directory of the index.")
  var directory: String

  func run() throws {
    try OptimisedBuild.require()
    let session = try EngineSession(directory: directory)
    while let line = readLine() { Console.result(try answer(line, session)) }
  }

  private func answer(_ line: String, _ session: EngineSession) throws -> String {
    guard let request = GameRequest(line: line) else { return "UNSUPPORTED" }
    let query = request.query.coreQuery(analyzer: session.analyzer)
    guard let limit = request.limit else { return String(try session.count(query)) }
    guard request.counts else {
      keep(try session.top(limit, query))
      return "1"
    }
    return String(try session.topAndCount(limit, query).count)
  }
}
