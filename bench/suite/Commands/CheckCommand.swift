internal import Analysis
internal import ArgumentParser
internal import Index

/// Compares the engine with a brute-force scan of the text over sampled queries.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check counts, scores and the ten best of sampled queries against a brute-force scan of a corpus.",
    discussion: """
      Indexes the corpus through the real index, draws queries of every kind from it and answers each twice. Exit \
      status 1 if any differs.
      """)

  @Argument(help: "A JSON Lines file (.gz too), or with --normalised a file of id<TAB>text lines.")
  var corpus: String

  @Flag(help: "The corpus is normalised text: the scan cuts words at blanks and needs no analyser.")
  var normalised = false

  @Option(help: "Queries of each kind.")
  var count = 1_000

  @Option(help: "Seed of the sample.")
  var seed: UInt64 = 1

  @Option(help: "Kinds to check, by their names; all by default.")
  var kinds: [String] = []

  @Option(help: "Use this index of the same corpus instead of making one.")
  var index: String?

  @Option(help: "Check the first documents of the corpus only.")
  var limit = Int.max

  func run() throws {
    let analyzer = Analyzer()
    let scratch = try ScratchDirectory()
    let watch = Stopwatch()
    let tokens = try read(analyzer, into: index == nil ? scratch.path("index") : nil)
    let seconds = Decimals.format(watch.seconds, places: 1)
    Console.progress("\(tokens.documentCount) documents, \(tokens.wordCount) words in \(seconds) s")
    let scan = ScanIndex(tokens, analyzer: analyzer)
    let session = try EngineSession(directory: index ?? scratch.path("index"))
    let checker = AnswerChecker(scan: ScanEngine(corpus: tokens, index: scan), session: session, analyzer: analyzer)
    let sampler = QuerySampler(corpus: tokens, index: scan)
    var differences = 0
    for kind in QuerySampler.kinds where kinds.isEmpty || kinds.contains(kind.name) {
      let watch = Stopwatch()
      let queries = sampler.sample(kind, count: count, seed: seed)
      let outcome = checker.check(queries)
      differences += outcome.differences.count
      Console.result(
        "\(kind.name): \(outcome.checked) queries, \(outcome.matches) matches, \(outcome.skipped) skipped, "
          + "\(outcome.differences.count) differences, \(Decimals.format(watch.seconds, places: 1)) s")
      for difference in outcome.differences.prefix(5) { Console.result("  \(difference)") }
    }
    Console.result("\(differences) differences, seed \(seed)")
    if differences > 0 { throw ExitCode.failure }
  }

  /// Reads the corpus once for the scan and, where there is a directory, into an index.
  private func read(_ analyzer: Analyzer, into directory: String?) throws -> TokenCorpus {
    let bulk = try directory.map { try BulkIndex(directory: $0, storesText: true) }
    var tokens = TokenCorpus()
    func add(_ document: Document) throws {
      if normalised { tokens.addNormalised(document) } else { tokens.add(document, analyzer: analyzer) }
      try bulk?.add(document)
    }
    if normalised {
      var file = try NormFile(path: corpus)
      while tokens.documentCount < limit, let document = try file.next() { try add(document) }
    } else {
      var file = try JSONLinesFile(path: corpus)
      while tokens.documentCount < limit, let document = try file.next() { try add(document) }
    }
    try bulk?.finish()
    return tokens
  }
}
