internal import ArgumentParser

/// How much slower the first query is when the index is on the disk alone.
struct ColdCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cold",
    abstract: "Time first queries after the index has left memory, with Kwic's advice and with the kernel's read-ahead.",
    discussion: """
      Each query is the first one after its index was opened, with none of the file in the page cache; the two ways in \
      turn. Prints a line for each class: medians, and how often a page fault waited for the disk. No other process may \
      have the index open. Exit status 1 if a class takes more than --limit times what it takes with read-ahead.
      """)

  @Option(help: "Directory of the index.")
  var index: String

  @Option(help: "Queries in the neutral spelling (CLASS<TAB>OPERATION WORD…), as for `query`.")
  var queries: String

  @Option(help: "Queries of each class.")
  var count = 4

  @Option(help: "How often each is asked.")
  var rounds = 3

  @Option(help: "Classes whose names contain one of these; all by default.")
  var classes: [String] = []

  @Option(help: "How many times slower than with read-ahead a class may be.")
  var limit = 2.0

  func run() throws {
    try OptimisedBuild.require()
    var order: [String] = []
    var groups: [String: [BenchQuery]] = [:]
    for query in try TextFile.lines(queries).compactMap({ BenchQuery(line: $0) }) {
      guard classes.isEmpty || classes.contains(where: query.className.contains) else { continue }
      if groups[query.className] == nil { order.append(query.className) }
      groups[query.className, default: []].append(query)
    }
    guard !order.isEmpty else { throw CorpusProblem("\(queries) holds no query of these classes") }
    let benchmarks = ColdBenchmarks(directory: index, rounds: rounds)
    var isWithin = true
    Console.result("class\tadvised_us\treadahead_us\tratio\twarm_us\tadvised_faults\treadahead_faults")
    for className in order {
      // Spread over the class, whose queries may be sorted.
      let all = groups[className] ?? []
      let chosen = stride(from: 0, to: all.count, by: max(1, all.count / count)).prefix(count).map { all[$0] }
      let row = try benchmarks.run(className, Array(chosen))
      let ratio = row.advised / row.readAhead
      isWithin = isWithin && ratio <= limit
      let numbers = [row.advised, row.readAhead].map { Decimals.plain($0, places: 0) }
        + [Decimals.plain(ratio, places: 2)]
        + [row.warm, row.advisedFaults, row.readAheadFaults].map { Decimals.plain($0, places: 0) }
      Console.result(([className] + numbers).joined(separator: "\t"))
    }
    if !isWithin { throw ExitCode.failure }
  }
}
