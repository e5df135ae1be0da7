internal import ArgumentParser
internal import Index

/// The daemon over its socket, beside an empty server.
struct SocketCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "socket",
    abstract: "Measure the daemon over its socket: one search at a time, and searches and uploads as they come.",
    discussion: """
      Indexes the corpus, starts the daemon and an empty NIOHTTP1 server in processes of their own, asks both in turn, \
      then sends at a rate whether or not answers come; latency counts from when a request was due.
      """)

  @Argument(help: "A JSON Lines file (.gz too); by default a generated corpus.")
  var corpus: String?

  @Option(help: "Documents, of the generated corpus or from the beginning of the file.")
  var documents = 5_000

  @Option(help: "Seconds for each benchmark.")
  var seconds = 2.0

  @Option(help: "Searches a second where they come as they come.")
  var rate = 400.0

  @Option(help: "Uploads of one document a second beside them.")
  var uploads = 20.0

  @Option(help: "Connections that searches are sent on.")
  var connections = 8

  @Option(help: "Seed of the corpus, the queries and the times.")
  var seed: UInt64 = 1

  @Option(help: "Write the measurements to this file as JSON, too.")
  var json: String?

  func validate() throws {
    guard documents >= 100, seconds > 0, rate > 0, uploads > 0, connections > 0 else {
      throw ValidationError("--documents is at least 100, the other numbers are positive")
    }
  }

  func run() throws {
    try OptimisedBuild.require()
    let scratch = try ScratchDirectory()
    let benchmarks = SocketBenchmarks(
      meter: Meter(seconds: seconds), seed: seed, scratch: scratch, searchesPerSecond: rate,
      uploadsPerSecond: uploads, connections: connections)
    let outcome = try benchmarks.run(try read())
    var report = Report(machine: Machine(root: RunCommand.packageRoot))
    Console.progress("\(report.machine.summary)\nseed \(seed)")
    report.measurements = outcome.measurements
    report.figures = outcome.figures
    Console.result(report.table)
    if let json { try Console.writeFile(json, report.json) }
  }

  private func read() throws -> [Document] {
    guard let corpus else {
      let generated = GeneratedCorpus(documentCount: documents, seed: seed)
      return (0..<documents).map(generated.document)
    }
    var file = try JSONLinesFile(path: corpus)
    var read: [Document] = []
    while read.count < documents, let document = try file.next() { read.append(document) }
    return read
  }
}
