internal import Analysis
internal import Index
internal import Query

/// Indexing a corpus and answering queries of every class from it, the answers checked by brute force first.
struct CorpusBenchmarks {
  let meter: Meter
  let seed: UInt64
  let scratch: ScratchDirectory
  /// Whether the index holds the text, so that whole answers can be measured.
  let storesText: Bool

  private static let queriesPerClass = 40

  struct Outcome {
    var measurements: [Measurement] = []
    var figures: [(group: String, name: String, value: Double, unit: String)] = []
  }

  /// - Parameters:
  ///   - name: of the corpus, for the table.
  ///   - documents: all of them.
  ///   - expectations: queries with the number of documents that must match.
  func run(
    _ name: String, _ documents: [Document], expectations: [(query: BenchQuery, documents: Int)] = []
  ) throws -> Outcome {
    var outcome = Outcome()
    try index(name, documents, &outcome)
    let session = try EngineSession(directory: scratch.path(name))
    for (query, expected) in expectations {
      let count = try session.count(session.prepare(query))
      guard count == expected else { throw WrongAnswer("\(query.text): \(count) documents, \(expected) were planted") }
    }
    var tokens = TokenCorpus()
    let analyzer = Analyzer()
    for document in documents { tokens.add(document, analyzer: analyzer) }
    let index = ScanIndex(tokens, analyzer: analyzer)
    let checker = AnswerChecker(scan: ScanEngine(corpus: tokens, index: index), session: session, analyzer: analyzer)
    let sampler = QuerySampler(corpus: tokens, index: index)
    for (className, queries) in QueryClass.sample(from: sampler, count: Self.queriesPerClass, seed: seed) {
      outcome.measurements.append(try measure(name, className, queries, checker, session))
    }
    if storesText { outcome.measurements.append(try answers(name, sampler, session)) }
    return outcome
  }

  private func index(_ name: String, _ documents: [Document], _ outcome: inout Outcome) throws {
    let textBytes = Double(documents.reduce(0) { $0 + $1.texts.reduce(0) { $0 + $1.text.count } })
    let bulk = try BulkIndex(directory: scratch.path(name), storesText: storesText)
    let watch = Stopwatch()
    for document in documents { try bulk.add(document) }
    try bulk.flush()
    let seconds = watch.seconds
    let merging = Stopwatch()
    try bulk.finish()
    let indexBytes = Double(scratch.byteCount(name))
    outcome.figures += [
      (name, "documents", Double(documents.count), "documents"),
      (name, "index", textBytes / 1e6 / seconds, "MB/s"),
      (name, "compact", merging.seconds, "s"),
      (name, "index size", indexBytes / textBytes, "of the text"),
    ]
  }

  /// The ten best documents of each query, by the scoring core.
  private func measure(
    _ group: String, _ name: String, _ queries: [BenchQuery], _ checker: AnswerChecker, _ session: EngineSession
  ) throws -> Measurement {
    let checked = checker.check(queries)
    if let difference = checked.differences.first { throw WrongAnswer(difference) }
    let prepared = queries.map { session.prepare($0) }
    return try meter.measureEach(
      prepared, group: group, name: name, unit: "query", verified: "\(checked.matches) matches by scan"
    ) { keep(try session.top(10, $0)) }
  }

  /// Queries of all kinds as a user types them, to the JSON that goes out: totals, ten documents, three hits of each.
  private func answers(_ group: String, _ sampler: QuerySampler, _ session: EngineSession) throws -> Measurement {
    let queries = QuerySampler.kinds.flatMap { sampler.sample($0, count: Self.answersPerKind, seed: seed) }
    return try meter.measureEach(
      queries.map { SearchRequest(query: $0.text) }, group: group, name: "answer of any kind, as JSON", unit: "query",
      verified: "in the classes above"
    ) { keep(try session.answer($0).json()) }
  }

  private static let answersPerKind = 10
}
