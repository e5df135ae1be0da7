internal import Base
internal import Index
internal import Ingest
internal import NIOCore
internal import Query

/// Searches, exports and highlighting: whatever reads a snapshot for a query.
extension Service {
  /// `GET|POST /v1/search`: an answer with many hits is sent piece by piece.
  func search(_ parameters: consuming RequestParameters) throws(APIError) -> PooledWork {
    var parameters = parameters
    let isTimeoutGiven = parameters.has("timeout")
    let timeout = try SearchParameters.takeTimeout(
      &parameters, standard: timeoutMilliseconds.standard, most: timeoutMilliseconds.most)
    let after = parameters.take("after")
    if after != nil, parameters.has("offset") {
      throw .badParameter("offset", "stands beside after", remedy: "a cursor knows its place; leave offset out")
    }
    var request = try SearchParameters.request(parameters)
    // The wait for a thread counts.
    let start = time.monotonicNanoseconds()
    let snapshot = try self.snapshot(after: after, &request)
    request.deadlineNanoseconds = start + UInt64(timeout) * 1_000_000
    let searching = Searching(request: request, snapshot: snapshot, start: start, timeout: (timeout, isTimeoutGiven))
    var work = PooledWork(timeoutMilliseconds: timeout) { [self] () throws(APIError) in
      try answer(searching) { () throws(SearchError) in try engine.results(of: searching.request, in: searching.snapshot) }
    }
    work.known = keptAnswer(searching)
    if work.known == nil { work.quick = { [self] in quickAnswer(searching) } }
    return work
  }

  /// A search on its way.
  private struct Searching: Sendable {
    let request: SearchRequest
    let snapshot: Snapshot
    /// When it was asked for.
    let start: UInt64
    let timeout: (milliseconds: Int, isGiven: Bool)
  }

  /// On a thread of the pool.
  private func answer(
    _ searching: Searching, _ search: () throws(SearchError) -> SearchResults
  ) throws(APIError) -> Answer {
    let timeout = searching.timeout
    var first: SearchPieces.First
    do throws(SearchError) {
      var results = try search()
      complete(&results.answer, searching)
      first = try SearchPieces.first(results)
    } catch {
      throw APIError(error, timeoutMilliseconds: timeout.milliseconds)
    }
    record(first.results.answer.queryClass, searching)
    guard !first.results.isAtEnd else {
      let answer = first.results.answer
      let whole = first.whole()
      note(answer, whole, searching)
      return .whole(Response(json: whole.json))
    }
    guard let place = streams.take() else { throw .overCapacity }
    // Reading takes as long as the client takes; a time that was asked for holds for all of it.
    if !timeout.isGiven { first.results.setDeadline(nanoseconds: deadline(in: streamTimeoutMilliseconds)) }
    let pieces = SearchPieces(
      first, service: self, place: place,
      timeoutMilliseconds: timeout.isGiven ? timeout.milliseconds : streamTimeoutMilliseconds)
    return .stream(ResponseStream(type: .json, pieces: pieces))
  }

  /// On the event loop. Only bytes come out of the search: what it held is not copied for them.
  private func quickAnswer(_ searching: Searching) -> QuickAnswer {
    let tried = engine.quick(searching.request, in: searching.snapshot) { (results) throws(SearchError) in
      complete(&results.answer, searching)
      let whole = try SearchPieces.whole(&results)
      record(results.answer.queryClass, searching)
      note(results.answer, whole, searching)
      return whole.json
    }
    switch tried {
    case .shown(let json): return .answer(Response(json: json))
    case .planned(let planned):
      return .rest { [self] () throws(APIError) in
        try answer(searching) { () throws(SearchError) in try engine.results(of: planned) }
      }
    case .unknown: return .unknown
    }
  }

  /// The answer that the same question had before, where it is kept. On the event loop.
  private func keptAnswer(_ searching: Searching) -> Response? {
    guard var kept = engine.keptAnswer(to: searching.request, in: searching.snapshot) else { return nil }
    complete(&kept.answer, searching)
    let nanoseconds = time.monotonicNanoseconds() - searching.start
    kept.answer.tookMicroseconds = Int(nanoseconds / 1_000)
    metrics.queries(of: kept.answer.queryClass).record(nanoseconds: nanoseconds)
    searches.noteKept()
    return Response(json: kept.json())
  }

  /// Has a whole answer kept, where it is asked for again.
  private func note(_ answer: SearchAnswer, _ whole: SearchPieces.Whole, _ searching: Searching) {
    engine.note(searching.request, in: searching.snapshot) {
      KeptAnswer(answer, results: whole.json[whole.results])
    }
  }

  private func record(_ queryClass: QueryClass, _ searching: Searching) {
    metrics.queries(of: queryClass).record(nanoseconds: time.monotonicNanoseconds() - searching.start)
  }

  /// What an answer has of the daemon: the seal of its receipt, the cursor of its next page.
  private func complete(_ answer: inout SearchAnswer, _ searching: Searching) {
    let (request, snapshot) = (searching.request, searching.snapshot)
    if request.givesReceipt { seal(&answer) }
    guard let next = answer.nextOffset, recent.isKeeping else { return }
    recent.keep(snapshot)
    // A kept answer has its cursor.
    guard answer.cursor == nil else { return }
    answer.cursor = Cursor(
      generation: snapshot.generation, fingerprint: Cursor.fingerprint(of: request), offset: next
    ).text
  }

  /// Completes a receipt with what was received and is not searchable yet, and its digest.
  private func seal(_ answer: inout SearchAnswer) {
    answer.receipt?.waitingOperations = writer.load.waitingOperations
    answer.receipt?.waitingFiles = watchReport.waiting
    answer.receipt?.seal()
  }

  /// `POST /v1/export`: every hit, in the order of the index.
  func export(_ parameters: consuming RequestParameters) throws(APIError) -> PooledWork {
    var parameters = parameters
    let timeout = try SearchParameters.takeTimeout(
      &parameters, standard: streamTimeoutMilliseconds, most: streamTimeoutMilliseconds)
    var format = ExportPieces.Format.jsonLines
    if let text = parameters.take("format") {
      format = try SearchParameters.choice("format", text, ["ndjson": .jsonLines, "csv": .csv])
    }
    var request = try SearchParameters.query(&parameters)
    try SearchParameters.refuseLeftOver(
      parameters, of: "an export", ["query", "words", "exact", "context", "from", "to", "lang", "format", "timeout"])
    request.deadlineNanoseconds = deadline(in: timeout)
    return PooledWork(timeoutMilliseconds: timeout) { [self, format, request] () throws(APIError) in
      guard let place = streams.take() else { throw .overCapacity }
      do throws(SearchError) {
        let first = try ExportPieces.first { () throws(SearchError) in
          try engine.hits(of: request, in: index.snapshot())
        }
        let pieces = ExportPieces(first, format: format, service: self, place: place, timeoutMilliseconds: timeout)
        return .stream(ResponseStream(type: format == .csv ? .csv : .jsonLines, pieces: pieces))
      } catch {
        throw APIError(error, timeoutMilliseconds: timeout)
      }
    }
  }

  /// `GET /v1/documents/{id}?highlight=QUERY`: the stored texts and where in them the words of the hits stand.
  func highlights(_ id: String, queryString: String) throws(APIError) -> PooledWork {
    var parameters = try RequestParameters(queryString: queryString)
    guard let query = parameters.take("highlight") else {
      try SearchParameters.refuseLeftOver(parameters, of: "a document", ["highlight"])
      throw .badParameter("highlight", "is missing", remedy: "write ?highlight=QUERY or nothing")
    }
    try SearchParameters.refuseLeftOver(parameters, of: "a document", ["highlight"])
    let timeout = timeoutMilliseconds.standard
    return PooledWork(timeoutMilliseconds: timeout) { [engine, index] () throws(APIError) in
      let highlights: [UInt8]?
      do throws(SearchError) {
        highlights = try engine.highlight(SearchRequest(query: query), documentID: id, in: index.snapshot())?.json()
      } catch {
        throw APIError(error, timeoutMilliseconds: timeout)
      }
      guard let highlights else { throw .unknownDocument(id) }
      return .whole(Response(json: highlights))
    }
  }

  /// The snapshot to search: the last one, or the one that a cursor names, whose place goes into the request.
  private func snapshot(after: String?, _ request: inout SearchRequest) throws(APIError) -> Snapshot {
    guard let after else { return index.snapshot() }
    guard let cursor = Cursor(after) else {
      throw .badParameter("after", "is no cursor", remedy: "pass on what stands in \"cursor\" of the last answer")
    }
    guard cursor.fingerprint == Cursor.fingerprint(of: request) else { throw .cursorOfAnotherSearch }
    request.offset = Int(cursor.offset)
    let last = index.snapshot()
    if last.generation == cursor.generation { return last }
    guard let kept = recent.find(generation: cursor.generation) else { throw .cursorExpired }
    return kept
  }

  private func deadline(in milliseconds: Int) -> UInt64 {
    time.monotonicNanoseconds() + UInt64(milliseconds) * 1_000_000
  }
}
