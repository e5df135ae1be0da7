internal import Analysis
internal import Base
internal import Histogram
internal import Index
internal import Query

/// The daemon over its socket, in a process of its own, beside an empty server: what an answer takes from the request's
/// first byte to the answer's last, one at a time and as they come, with documents coming in meanwhile. Every answer is
/// checked: its status, and the number of documents against the one that the engine counts in this process.
struct SocketBenchmarks {
  let meter: Meter
  let seed: UInt64
  let scratch: ScratchDirectory
  /// Searches and uploads a second where they come as they come.
  var searchesPerSecond = 400.0
  var uploadsPerSecond = 20.0
  var connections = 8

  private static let group = "socket"
  private static let queriesPerKind = 4
  /// Stands in no document but those that are written meanwhile: no answer changes with them.
  private static let writtenWord = "wewrotethis"

  struct Outcome {
    var measurements: [Measurement] = []
    var figures: [(group: String, name: String, value: Double, unit: String)] = []
  }

  private struct Servers {
    let echo: ChildServer
    let daemon: ChildServer
  }

  /// A query in as many spellings: the daemon keeps answers that are asked for again, and blanks tell questions apart.
  private struct Asked {
    let again: SocketRequest
    /// Each is asked so seldom that it is asked for the first time.
    let first: [SocketRequest]

    init(_ query: String, documents: Int) {
      again = .search(query, documents: documents)
      first = (1...SocketBenchmarks.spellings).map {
        .search(query + String(repeating: " ", count: $0), documents: documents)
      }
    }
  }

  private static let spellings = 150

  private struct Queries {
    var all: [Asked] = []
    /// Those with at least ten results.
    var full: [Asked] = []
    /// What the full ones take in this process, as JSON.
    var inProcess: Measurement
  }

  func run(_ documents: [Document]) throws -> Outcome {
    let directory = scratch.path("socket")
    let bulk = try BulkIndex(directory: directory, storesText: true)
    for document in documents { try bulk.add(document) }
    try bulk.finish()
    let queries = try queries(documents, directory)
    let servers = Servers(
      echo: try ChildServer(["serve-echo"], socket: scratch.path("echo.sock")),
      daemon: try ChildServer(["serve-index", "--index", directory], socket: scratch.path("kwic.sock")))
    defer {
      servers.daemon.stop()
      servers.echo.stop()
    }
    var outcome = Outcome()
    try alone(queries, servers, &outcome)
    try asTheyCome(queries, servers, &outcome)
    return outcome
  }

  /// Queries of every kind with what they count, by the engine in this process.
  private func queries(_ documents: [Document], _ directory: String) throws -> Queries {
    let analyzer = Analyzer()
    var tokens = TokenCorpus()
    for document in documents { tokens.add(document, analyzer: analyzer) }
    let sampler = QuerySampler(corpus: tokens, index: ScanIndex(tokens, analyzer: analyzer))
    let session = try EngineSession(directory: directory)
    var all: [Asked] = []
    var full: [(text: String, request: Asked)] = []
    for query in QuerySampler.kinds.flatMap({ sampler.sample($0, count: Self.queriesPerKind, seed: seed) }) {
      let answer = try session.answer(SearchRequest(query: query.text))
      let request = Asked(query.text, documents: answer.totalDocuments ?? 0)
      all.append(request)
      if answer.results.count >= 10 { full.append((query.text, request)) }
    }
    guard !full.isEmpty else { throw CorpusProblem("the corpus has no query with ten results") }
    let inProcess = try meter.measureEach(
      full.map { SearchRequest(query: $0.text) }, group: Self.group, name: "ten results, without the socket",
      unit: "search", verified: "as over the socket"
    ) { keep(try session.answerJSON($0)) }
    return Queries(all: all, full: full.map(\.request), inProcess: inProcess)
  }

  // MARK: One at a time

  /// All in turn, so that what disturbs one disturbs the others.
  private func alone(_ queries: Queries, _ servers: Servers, _ outcome: inout Outcome) throws {
    let echo = try SocketClient(path: servers.echo.socket)
    let daemon = try SocketClient(path: servers.daemon.socket)
    let health = SocketRequest.get("/healthz")
    func empty() -> (echo: Histogram<UInt64>, health: Histogram<UInt64>, first: Histogram<UInt64>, again: Histogram<UInt64>) {
      (Meter.histogram(), Meter.histogram(), Meter.histogram(), Meter.histogram())
    }
    var histograms = empty()
    func time(_ request: SocketRequest, _ client: SocketClient, _ histogram: inout Histogram<UInt64>) throws {
      let watch = Stopwatch()
      let reply = try client.exchange(request.bytes)
      histogram.record(max(1, watch.nanoseconds))
      try request.check(reply)
    }
    let total = Stopwatch()
    var isWarm = false
    var round = 0
    while total.seconds < 2 * meter.seconds {
      for search in queries.full {
        try time(health, echo, &histograms.echo)
        try time(health, daemon, &histograms.health)
        try time(search.again, daemon, &histograms.again)
        try time(search.first[round % Self.spellings], daemon, &histograms.first)
      }
      round += 1
      if !isWarm, total.seconds > meter.seconds / 5 {
        histograms = empty()
        isWarm = true
      }
    }
    let echoed = measurement("empty NIOHTTP1 server", "request", "status", histograms.echo)
    let first = measurement("search, ten results, asked first", "search", "status, documents", histograms.first)
    let again = measurement("search, ten results, asked again", "search", "status, documents", histograms.again)
    let healthy = measurement("healthz", "request", "status", histograms.health)
    outcome.measurements += [echoed, healthy, first, again, queries.inProcess]
    func above(_ measurement: Measurement) -> Double { (measurement.percentile50 - echoed.percentile50) / 1_000 }
    outcome.figures += [
      (Self.group, "healthz above empty, p50", above(healthy), "µs"),
      (Self.group, "search asked first above empty, p50", above(first), "µs"),
      (Self.group, "search asked again above empty, p50", above(again), "µs"),
      (
        Self.group, "search asked first above empty and the search itself, p50",
        above(first) - queries.inProcess.percentile50 / 1_000, "µs"
      ),
    ]
  }

  // MARK: As they come

  private func asTheyCome(_ queries: Queries, _ servers: Servers, _ outcome: inout Outcome) throws {
    let seconds = 2 * meter.seconds
    let searches = OpenLoop(rate: searchesPerSecond, seconds: seconds, connections: connections, seed: seed)
    let uploads = OpenLoop(rate: uploadsPerSecond, seconds: seconds, connections: 2, seed: seed + 1)
    let empty = try searches.run([.get("/")], socket: servers.echo.socket)
    // Each asked for the first time: what is kept would be no search.
    let requests = (0..<Self.spellings).flatMap { spelling in queries.all.map { $0.first[spelling] } }
    let read = try searches.run(requests, socket: servers.daemon.socket)
    let lines = (0..<Int(uploadsPerSecond * seconds * 2) + 100).map { number in
      SocketRequest.upload("{\"id\":\"written-\(number)\",\"body\":\"\(Self.writtenWord) \(number)\"}\n")
    }
    let socket = servers.daemon.socket
    let beside = ThreadResult { try searches.run(requests, socket: socket) }
    let uploading = Result { try uploads.run(lines, socket: socket) }
    let mixed = try beside.get()
    let written = try uploading.get()
    // What was acknowledged can be found.
    let found = SocketRequest.search(Self.writtenWord, documents: Int(written.histogram.totalCount))
    try found.check(try SocketClient(path: servers.daemon.socket).exchange(found.bytes))
    let rate = Decimals.format(searchesPerSecond, places: 0)
    outcome.measurements += [
      measurement("empty server, \(rate)/s as they come", "request", "status", empty.histogram),
      measurement("searches of all kinds, \(rate)/s as they come", "search", "status, documents", read.histogram),
      measurement("the same beside uploads", "search", "status, documents", mixed.histogram),
      measurement(
        "uploads of one document, \(Decimals.format(uploadsPerSecond, places: 0))/s", "document", "found afterwards",
        written.histogram),
    ]
  }

  private func measurement(
    _ name: String, _ unit: String, _ verified: String, _ histogram: Histogram<UInt64>
  ) -> Measurement {
    Measurement(
      group: Self.group, name: name, unit: unit, unitsPerCall: 1, verified: verified, histogram: histogram)
  }
}
