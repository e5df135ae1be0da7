internal import ArgumentParser
internal import Base
internal import Index

/// The benchmark proper: everything, in about two minutes.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Measure kernels, modules and the whole engine; every benchmark checks its answer first (the default).")

  @Option(help: "Write the measurements to this file as JSON, too.")
  var json: String?

  @Option(help: "Seed of the generated corpus and of the queries.")
  var seed: UInt64 = 1

  @Option(help: "Documents of the generated corpus.")
  var documents = 20_000

  @Option(help: "Seconds for each benchmark.")
  var seconds = 1.2

  @Option(help: "Run only groups that contain this: kernels, analysis, ranking, positions, generated, archive, socket.")
  var only: String?

  func validate() throws {
    guard documents >= 1_000, seconds > 0 else {
      throw ValidationError("--documents is at least 1000 and --seconds is positive")
    }
  }

  func run() throws {
    try OptimisedBuild.require()
    let root = Self.packageRoot
    var report = Report(machine: Machine(root: root))
    Console.progress("\(report.machine.summary)\nseed \(seed)")
    let meter = Meter(seconds: seconds)
    let corpus = GeneratedCorpus(documentCount: documents, seed: seed)

    try group("kernels") { report.measurements += try KernelBenchmarks(meter: meter, seed: seed).run() }
    try group("analysis") { report.measurements += try analysis(meter, corpus, root) }
    try group("ranking") { report.measurements += try RankingBenchmarks(meter: meter, seed: seed).run() }
    try group("positions") { report.measurements += try PositionBenchmarks(meter: meter, seed: seed).run() }

    let scratch = try ScratchDirectory()
    try group("generated") {
      let outcome = try CorpusBenchmarks(meter: meter, seed: seed, scratch: scratch, storesText: false).run(
        "generated", (0..<documents).map(corpus.document), expectations: expectations(corpus))
      report.measurements += outcome.measurements
      report.figures += outcome.figures
    }
    try group("archive") {
      let outcome = try CorpusBenchmarks(meter: meter, seed: seed, scratch: scratch, storesText: true).run(
        "archive", try Archive.documents(root: root))
      report.measurements += outcome.measurements
      report.figures += outcome.figures
    }
    try group("socket") {
      let few = GeneratedCorpus(documentCount: documents / 4, seed: seed)
      let outcome = try SocketBenchmarks(meter: meter, seed: seed, scratch: scratch).run(
        (0..<few.documentCount).map(few.document))
      report.measurements += outcome.measurements
      report.figures += outcome.figures
    }
    Console.result(report.table)
    if let json { try Console.writeFile(json, report.json) }
  }

  /// Three levels above bench/suite/Commands/RunCommand.swift: where the shipped archive is.
  static let packageRoot = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    .dropLast(4).joined(separator: "/")

  private static let analysedDocuments = 300

  private func group(_ name: String, _ body: () throws -> Void) throws {
    guard only.map(name.contains) ?? true else { return }
    let watch = Stopwatch()
    try body()
    Console.progress("\(name): \(Decimals.format(watch.seconds, places: 1)) s")
  }

  private func analysis(_ meter: Meter, _ corpus: GeneratedCorpus, _ root: String) throws -> [Measurement] {
    let numbers = 0..<Self.analysedDocuments
    let text = numbers.map { corpus.document($0).texts[1].text }.joined(separator: Array("\n\n".utf8))
    let words = numbers.reduce(0) { $0 + corpus.words(ofDocument: $1).body.count }
    let archive = try Archive.documents(root: root).flatMap { $0.texts.map(\.text) }
    return try AnalysisBenchmarks(meter: meter).run([
      ("generated text", Array(text), words),
      ("the archive", Array(archive.joined(separator: [UInt8(ascii: "\n")])), nil),
    ])
  }

  /// What was planted is found: phrases as phrases, distant pairs by distance and by no smaller one.
  private func expectations(_ corpus: GeneratedCorpus) -> [(query: BenchQuery, documents: Int)] {
    GeneratedCorpus.plants.flatMap { plant -> [(query: BenchQuery, documents: Int)] in
      let planted = corpus.documents(with: plant)
      func query(_ shape: BenchQuery.Shape) -> BenchQuery {
        BenchQuery(className: "planted", shape: shape, words: plant.words)
      }
      guard plant.gap > 0 else { return [(query(.phrase), planted)] }
      return [
        (query(.near(plant.gap + 1)), planted), (query(.orderedNear(plant.gap + 1)), planted),
        (query(.near(plant.gap)), 0),
      ]
    }
  }
}
