internal import Base
internal import Index
internal import ScoringCore

/// The results of a search, given out piece by piece, so that an answer of any length needs little memory.
///
/// The search itself is done; each call of `next` enumerates hits and reads texts. Holds its snapshot. A value: use it
/// from one thread at a time.
public struct SearchResults: Sendable {
  /// The answer without its results.
  public var answer: SearchAnswer
  private var run: SearchRun
  /// The documents, or of each story one.
  private let listed: [RankedDocument]
  /// Documents, or lines of an order by context, still to be given out.
  private var rest: Range<Int>
  /// The hits of the documents from `readFrom` on, read together; those given out are gone.
  private var read: [[Hit]] = []
  private var readFrom = 0
  private var room = DocumentText.Room()
  /// For explanations, which look the same words up for each document.
  private var planner: QueryPlanner?

  /// Documents whose hits are read together: enough to read lists in their order, few enough to keep.
  private static let readMax = 32

  init(_ answer: SearchAnswer, _ run: SearchRun) {
    self.answer = answer
    self.run = run
    listed = run.listed
    rest = run.request.order.isByContext ? run.shownLines : run.shownDocuments
    if run.request.explaining != .none, !run.request.order.isByContext {
      planner = run.engine.planner(of: run.request, in: run.snapshot)
    }
  }

  public var isAtEnd: Bool { rest.isEmpty }

  /// Gives what is left another time to end by (`TimeSource`, monotonic).
  public mutating func setDeadline(nanoseconds: UInt64) { run.deadlineNanoseconds = nanoseconds }

  /// The next results: at least one, and no further one once they have `hitsMax` hits (a document without hits that
  /// are shown counts as one); empty at the end.
  ///
  /// Of an order by context a result is a run of lines of one document, so a document may come several times.
  /// - Throws: `.deadline`, `.index`, and `.query` where the positions of one document exceed the budget.
  public mutating func next(hitsMax: Int) throws(SearchError) -> [DocumentResult] {
    var results: [DocumentResult] = []
    let context = run.request.context
    try forEachShown(hitsMax: hitsMax) { shown, text in
      let result = Self.result(shown, &text, context)
      results.append(result)
      return result.hits.count
    }
    return results
  }

  /// As `next`, with the results appended as JSON objects: as `DocumentResult.write` does, without making them.
  public mutating func writeNext(hitsMax: Int, to json: inout JSONWriter) throws(SearchError) {
    let context = run.request.context
    try forEachShown(hitsMax: hitsMax) { shown, text in Self.write(shown, &text, context, to: &json) }
  }

  // MARK: What is next

  /// A document to be given out, or a run of lines of one.
  private struct Shown {
    let found: RankedDocument
    let hitCount: Int
    let hits: ArraySlice<Hit>
    var story: Story?
    var explanation: ResultExplanation?

    var firstDate: String? { story?.firstDate.map { CalendarDate.text(epochSeconds: $0) } }

    /// All but texts and hits.
    var result: DocumentResult {
      DocumentResult(
        id: "", score: found.score, title: "", date: nil, hitCount: hitCount, hits: [], copies: story?.copies,
        firstDate: firstDate, explanation: explanation)
    }
  }

  /// Gives the next documents to `give`, which answers how many hits it has given out.
  private mutating func forEachShown(
    hitsMax: Int, _ give: (_ shown: Shown, _ text: inout DocumentText) -> Int
  ) throws(SearchError) {
    var count = 0
    while !rest.isEmpty, count < hitsMax {
      try run.checkDeadline()
      let record = run.shownRecords.isEmpty ? nil : run.shownRecords[rest.lowerBound - run.shownDocuments.lowerBound]
      let shown = run.request.order.isByContext ? try nextLines(hitsMax) : try nextDocument()
      // Moved and not copied, so that it is filled where it lies.
      var used = DocumentText.Room()
      swap(&room, &used)
      var text = try run.text(shown.found, record: record, room: consume used)
      count += max(1, give(shown, &text))
      swap(&room, &text.room)
    }
  }

  private mutating func nextDocument() throws(SearchError) -> Shown {
    let wordsMax = run.request.showsAllHits ? .max : run.request.hitsPerDocument
    let place = rest.removeFirst()
    if !(readFrom..<readFrom + read.count).contains(place) {
      let together = listed[place..<min(place + Self.readMax, rest.upperBound)]
      var counters = run.freshCounters(documents: together.count)
      read = Array(repeating: [], count: together.count)
      readFrom = place
      try run.forEachHits(of: together, wordsMax: wordsMax, &counters) { place, hits in read[place] = hits }
    }
    let found = listed[place]
    let hits = read[place - readFrom]
    read[place - readFrom] = []
    var shown = Shown(found: found, hitCount: hits.count, hits: hits.prefix(wordsMax), story: run.stories?[place])
    if var planner {
      let explanation = try run.engine.explain(
        run.request, run.root, parsed: answer.parsed, document: found.document, ordinal: Int(found.segment), run.snapshot,
        &planner)
      self.planner = planner
      shown.explanation = run.request.explaining == .text ? .text(explanation.details()) : .tree(explanation)
    }
    return shown
  }

  private mutating func nextLines(_ hitsMax: Int) throws(SearchError) -> Shown {
    var counters = run.freshCounters()
    let first = run.lines[rest.lowerBound]
    var places: [Int] = []
    while let next = rest.first, run.lines[next].document == first.document, places.count < hitsMax {
      places.append(run.lines[next].hit)
      rest.removeFirst()
    }
    let hits = try run.hits(first.document, &counters)
    return Shown(found: first.document, hitCount: first.hitCount, hits: places.map { hits[$0] }[...])
  }

  private static func result(
    _ shown: Shown, _ text: inout DocumentText, _ context: SearchRequest.Context
  ) -> DocumentResult {
    var result = shown.result
    result.id = text.stored.id
    result.title = text.title
    result.date = text.stored.date
    for hit in shown.hits {
      if let line = text.result(hit, context: context) { result.hits.append(line) }
    }
    return result
  }

  private static func write(
    _ shown: Shown, _ text: inout DocumentText, _ context: SearchRequest.Context, to json: inout JSONWriter
  ) -> Int {
    var count = 0
    let stored = text.stored
    json.object { object in
      object.key("id")
      stored.write(stored.idBytes, to: &object)
      DocumentResult.writeScore(shown.found.score, to: &object)
      object.key("title")
      stored.write(DocumentText.titleBytes(stored), to: &object)
      if !stored.dateBytes.isEmpty {
        object.key("date")
        stored.write(stored.dateBytes, to: &object)
      }
      DocumentResult.writeCounts(
        hitCount: shown.hitCount, copies: shown.story?.copies, firstDate: shown.firstDate, to: &object)
      object.key("hits")
      object.array { list in
        for hit in shown.hits where text.write(hit, context: context, to: &list) { count += 1 }
      }
      shown.explanation?.write(to: &object)
    }
    return count
  }
}

extension StoredRecord {
  /// A range of the record as a JSON string.
  fileprivate func write(_ range: Range<Int>, to json: inout JSONWriter) {
    withBytes { json.string(utf8: $0.extracting(range)) }
  }
}
