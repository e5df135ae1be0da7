internal import Base
internal import Index
internal import ScoringCore

/// Every hit of a query, in the order of the index, pulled piece by piece: nothing is ranked and nothing kept, so a
/// million hits need the memory of one piece.
///
/// Holds its snapshot, which keeps what it reads from being overwritten and so makes the file grow under a busy writer:
/// give it a deadline. A value: use it from one thread at a time.
public struct HitStream: Sendable {
  /// How the query was read, in one sentence.
  public let parsed: String
  public let warnings: [QueryWarning]
  /// Generation of the snapshot.
  public let snapshot: UInt64

  private let run: SearchRun
  /// Where the search goes on.
  private var segment = 0
  private var document: DocID = 0
  /// Found and not yet given out, last first; and the text of the document that is being given out.
  private var found: [Found] = []
  private var current: (text: DocumentText, title: String)?

  private struct Found: Sendable {
    let document: RankedDocument
    var hits: ArraySlice<Hit>
  }

  /// Documents looked at before the deadline is.
  private static let windowDocuments: DocID = 1 << 16

  init(_ run: SearchRun, parsed: String, warnings: [QueryWarning]) {
    self.run = run
    self.parsed = parsed
    self.warnings = warnings
    snapshot = run.snapshot.generation
  }

  /// The next hits, at most `hitsMax`; empty at the end.
  ///
  /// - Throws: `.deadline`, `.index`, and `.query` where the positions of one window exceed the budget.
  public mutating func next(hitsMax: Int) throws(SearchError) -> [DocumentHit] {
    var given: [DocumentHit] = []
    while given.count < hitsMax {
      if found.isEmpty, try !search(hitsMax) { break }
      try run.checkDeadline()
      try give(hitsMax, &given)
    }
    return given
  }

  /// Gives out hits of the last document found.
  private mutating func give(_ hitsMax: Int, _ given: inout [DocumentHit]) throws(SearchError) {
    let last = found.count - 1
    if current == nil {
      let text = try run.text(found[last].document)
      current = (text, text.title)
    }
    guard let (text, title) = current else { return }
    current = nil
    var reading = text
    while given.count < hitsMax, let hit = found[last].hits.popFirst() {
      guard let result = reading.result(hit, context: run.request.context) else { continue }
      given.append(DocumentHit(id: text.stored.id, title: title, date: text.stored.date, hit: result))
    }
    if found[last].hits.isEmpty { found.removeLast() } else { current = (reading, title) }
  }

  /// Looks for the next documents that match; false at the end.
  private mutating func search(_ hitsMax: Int) throws(SearchError) -> Bool {
    while found.isEmpty, segment < run.snapshot.segments.count {
      try run.checkDeadline()
      let searched = run.snapshot.segments[segment]
      let end = DocID(min(searched.documentCount, Int(document) + Int(Self.windowDocuments)))
      var counters = run.freshCounters()
      var count = 0
      do throws(ExecutionError) {
        document = try Execution.forEachMatch(
          run.plans[segment], in: searched.view, window: document..<end, counters: &counters
        ) { [segment] document, hits in
          guard !hits.isEmpty else { return true }
          let place = RankedDocument(score: 0, segment: UInt32(segment), document: document)
          found.append(Found(document: place, hits: hits[...]))
          count += hits.count
          return count < hitsMax
        }
      } catch {
        throw run.failure(error, in: searched)
      }
      found.reverse()
      if Int(document) >= searched.documentCount {
        segment += 1
        document = 0
      }
    }
    return !found.isEmpty
  }
}

/// A hit with the document it stands in: a line of an export.
public struct DocumentHit: Sendable, Equatable {
  public var id: String
  public var title: String
  public var date: String?
  public var hit: HitResult

  /// `{"id", "title", "date", "field", "lo", "hi", "bytes", "words", "left", "match", "right"}`.
  public func write(to json: inout JSONWriter) {
    json.object {
      $0.member("id", id)
      $0.member("title", title)
      if let date { $0.member("date", date) }
      hit.writeMembers(to: &$0)
    }
  }
}
