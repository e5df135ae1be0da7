internal import ArgumentParser
internal import ScoringCore

/// Answers and times the queries of the comparison of engines: in process, one thread, exact forms, default ranking.
struct QueryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Time queries CLASS<TAB>OPERATION WORD… and write one line for each.",
    discussion: """
      Lines of the output: number, top10, count or top10count, matches (-1 for top10), median and least microseconds, repeats, and \
      for top10 the ten documents as id:score; then what the query took: blocks of postings unpacked, postings in them, \
      documents scored and verified, positions and bytes unpacked. A query that the language cannot say has no line. What is timed begins \
      with the parsed query and ends with the ranked documents.
      """)

  @Option(help: "Directory of the index.")
  var index: String

  @Option(help: "The queries, one a line.")
  var queries: String

  @Option(help: "File of the timings.")
  var out: String

  @Option(help: "Seconds of warming up before each of top10 and count.")
  var warm = 10.0

  @Option(help: "How often each query is timed.")
  var rounds = 7

  @Option(name: .customLong("budget-ms"), help: "A query is timed no more once its times add up to this.")
  var budgetMilliseconds = 300.0

  @Flag(help: "Also time top10count: the ten best together with the exact number.")
  var totals = false

  @Flag(help: "Words stand for all forms of their stems.")
  var stems = false

  @Flag(name: .customLong("fresh-stems"), help: "Keep nothing of stems: each is looked up as if for the first time.")
  var freshStems = false

  func run() throws {
    try OptimisedBuild.require()
    let session = try EngineSession(directory: index, remembersStems: !freshStems)
    let lines = try TextFile.lines(queries)
    let prepared = lines.enumerated().compactMap { number, line in
      BenchQuery(line: line, usesStems: stems).map { (number: number, query: session.prepare($0)) }
    }
    let measurement = PeerMeasurement(
      warmSeconds: warm, rounds: rounds, budgetMilliseconds: budgetMilliseconds)
    var output = ""
    for operation in PeerMeasurement.Operation.allCases where totals || operation != .top10count {
      let timings = try measurement.measure(count: prepared.count) { number in
        switch operation {
        case .top10: keep(try session.top(10, prepared[number].query))
        case .count: keep(try session.count(prepared[number].query))
        case .top10count: keep(try session.topAndCount(10, prepared[number].query).documents)
        }
      }
      for (entry, timing) in zip(prepared, timings) {
        output += try line(entry.number, operation, timing, entry.query, session) + "\n"
      }
    }
    try Console.writeFile(out, output)
    Console.result(
      JSONLine.object([
        ("overhead_us", .number(PeerMeasurement.overheadMicroseconds())),
        ("segments", .number(Double(session.segmentCount))), ("docs", .number(Double(session.documentCount))),
        ("stem_cache_bytes", .number(Double(session.stemCacheBytes))),
      ]))
  }

  /// The eighth column: what a query took, so that a regression shows its cause.
  private static func work(_ counters: ExecutionCounters) -> String {
    "blocks:\(counters.blocksDecoded) postings:\(counters.postingsDecoded) scored:\(counters.documentsScored) "
      + "verified:\(counters.documentsVerified) positions:\(counters.positionsDecoded) "
      + "bytes:\(counters.bytesTouched)"
  }

  private func line(
    _ number: Int, _ operation: PeerMeasurement.Operation, _ timing: PeerMeasurement.Timing,
    _ query: CoreQuery, _ session: EngineSession
  ) throws -> String {
    let matches = operation == .top10 ? -1 : try session.count(query)
    var columns = [
      String(number), operation.rawValue, String(matches), Decimals.plain(timing.medianMicroseconds, places: 2),
      Decimals.plain(timing.leastMicroseconds, places: 2), String(timing.repeats),
    ]
    if operation == .top10 {
      let documents = try session.top(10, query)
      columns.append(try documents.map { "\(try session.identifier($0)):\($0.score)" }.joined(separator: " "))
    } else {
      columns.append("")
    }
    columns.append(Self.work(try session.counters(query, limit: operation == .top10 ? 10 : 0)))
    return columns.joined(separator: "\t")
  }
}
