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
    var count = 0
    while !rest.isEmpty, count < hitsMax {
      try run.checkDeadline()
      let result = run.request.order.isByContext ? try nextLines(hitsMax) : try nextDocument()
      count += max(1, result.hits.count)
      results.append(result)
    }
    return results
  }

  private mutating func nextDocument() throws(SearchError) -> DocumentResult {
    let request = run.request
    let wordsMax = request.showsAllHits ? .max : request.hitsPerDocument
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
    var result = result(found, hitCount: hits.count, hits.prefix(wordsMax), try run.text(found))
    if let story = run.stories?[place] {
      result.copies = story.copies
      result.firstDate = story.firstDate.map { CalendarDate.text(epochSeconds: $0) }
    }
    if var planner {
      let explanation = try run.engine.explain(
        request, run.root, parsed: answer.parsed, document: found.document, ordinal: Int(found.segment), run.snapshot,
        &planner)
      self.planner = planner
      result.explanation = request.explaining == .text ? .text(explanation.details()) : .tree(explanation)
    }
    return result
  }

  private mutating func nextLines(_ hitsMax: Int) throws(SearchError) -> DocumentResult {
    var counters = run.freshCounters()
    let first = run.lines[rest.lowerBound]
    var places: [Int] = []
    while let next = rest.first, run.lines[next].document == first.document, places.count < hitsMax {
      places.append(run.lines[next].hit)
      rest.removeFirst()
    }
    let hits = try run.hits(first.document, &counters)
    return result(
      first.document, hitCount: first.hitCount, places.map { hits[$0] }[...], try run.text(first.document))
  }

  private mutating func result(
    _ found: RankedDocument, hitCount: Int, _ shown: ArraySlice<Hit>, _ text: DocumentText
  ) -> DocumentResult {
    var text = text
    swap(&room, &text.room)
    defer { swap(&room, &text.room) }
    return DocumentResult(
      id: text.stored.id, score: found.score, title: text.title, date: text.stored.date, hitCount: hitCount,
      hits: shown.compactMap { text.result($0, context: run.request.context) })
  }
}
