internal import ArgumentParser
internal import Base
internal import Query

/// What a second core is worth: whole searches, as the daemon runs them, on one core and on several.
struct CoresCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cores",
    abstract: "Time whole searches on one core and on several.",
    discussion: """
      Queries CLASS<TAB>OPERATION WORD… as for `query`, typed as a user types them, ten results and the exact number. \
      Only those are timed that a second core is thought to be worth it for; both answers must be equal.
      """)

  @Option(help: "Directory of the index.")
  var index: String

  @Option(help: "The queries, one a line.")
  var queries: String

  @Option(help: "Cores of the second time.")
  var cores = 2

  @Option(help: "How often each query is timed; the median counts.")
  var rounds = 5

  func run() throws {
    try OptimisedBuild.require()
    let session = try EngineSession(directory: index)
    var classes: [String: (queries: Int, one: Double, several: Double)] = [:]
    for line in try TextFile.lines(queries) {
      guard let query = BenchQuery(line: line) else { continue }
      var request = SearchRequest(query: query.text)
      request.hitsPerDocument = 0
      guard try session.coresWanted(for: request) >= cores else { continue }
      let alone = try session.answer(request, cores: 1)
      let together = try session.answer(request, cores: cores)
      guard alone.results.map(\.id) == together.results.map(\.id), alone.totalDocuments == together.totalDocuments else {
        throw WrongAnswer("\(query.text): another answer on \(cores) cores")
      }
      let one = try median { keep(try session.answer(request, cores: 1)) }
      let several = try median { keep(try session.answer(request, cores: cores)) }
      var sum = classes[query.className] ?? (0, 0, 0)
      sum = (sum.queries + 1, sum.one + one, sum.several + several)
      classes[query.className] = sum
    }
    for (name, sum) in classes.sorted(by: { $0.key < $1.key }) {
      let (one, several) = (sum.one / Double(sum.queries), sum.several / Double(sum.queries))
      Console.result(
        "\(name): \(sum.queries) queries, one core \(Decimals.format(one, places: 1)) us, \(cores) cores "
          + "\(Decimals.format(several, places: 1)) us, ratio \(Decimals.format(several / one, places: 2))")
    }
  }

  private func median(_ work: () throws -> Void) rethrows -> Double {
    var times: [Double] = []
    for _ in 0..<max(1, rounds) {
      let watch = Stopwatch()
      try work()
      times.append(Double(watch.nanoseconds) / 1e3)
    }
    return times.sorted()[times.count / 2]
  }
}
