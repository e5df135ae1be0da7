internal import Base
public import Index
internal import ScoringCore

extension SearchEngine {
  /// What a search may be and read at most to be a quick one. All of it together is some tens of microseconds.
  enum Quick {
    static let queryBytesMax = 256
    static let segmentsMax = 8
    static let wordsMax = 8
    /// Posting lists of all words and segments: a look into the dictionary each.
    static let listsMax = 48
    /// What `MatchPlan.work` adds up to.
    static let workMax = 24_000
    /// Positions that ranking visits, and those that showing hits does.
    static let positionsMax = 12_000
    static let documentsMax = 10
    static let hitsPerDocumentMax = 3
    static let contextWordsMax = 16
    /// Stored bytes of all documents shown, and of each the longest stretch of a text that holds 128 words, together:
    /// such stretches are analysed for each line, and a title is shown whole.
    static let shownBytesMax = 1 << 20
    static let stretchBytesMax = 24 << 10
    /// Occurrences of the words in the documents shown, which are all looked at. No text has more words than half its
    /// bytes.
    static let shownOccurrencesMax = 64 << 10
  }

  /// What `show` makes of the results of a search, where searching and showing together are sure to take little; else
  /// the search as far as it is known, of which nothing has happened.
  ///
  /// Little is known beforehand: the query is short and of plain words that the index has, its lists are short, few
  /// documents are shown and few bytes of each. What is met by visiting is bounded by a budget of positions. No byte of
  /// the index is read that was not read before (`UnreadPieces`), so nothing waits for a disk, but for pages that the
  /// kernel has taken back since.
  /// - Parameter show: shows all of the results; what it does is undone by nobody where it throws.
  public func quick<Shown>(
    _ request: SearchRequest, in snapshot: Snapshot, _ show: (_ results: inout SearchResults) throws(SearchError) -> Shown
  ) -> QuickSearch<Shown> {
    guard request.mayBeQuick, snapshot.segments.count <= Quick.segmentsMax else { return .unknown }
    return UnreadPieces.refusing {
      do throws(SearchError) {
        guard let planned = try plannedQuickly(request, snapshot) else { return .unknown }
        guard planned.run.mayBeQuick else { return .planned(planned) }
        do throws(SearchError) {
          guard var results = try executed(planned) else { return .planned(planned) }
          return .shown(try show(&results))
        } catch {
          return .planned(planned)
        }
      } catch {
        return .unknown
      }
    }
  }

  /// Nil where planning may take long, or the query has problems.
  private func plannedQuickly(
    _ request: SearchRequest, _ snapshot: Snapshot
  ) throws(SearchError) -> PlannedSearch? {
    let start = clock.monotonicNanoseconds()
    guard let parsed = reader.parseSound(request.query), let root = parsed.root else { return nil }
    var planner = QueryPlanner(
      query: request.query, snapshot: snapshot, analyzer: reader.analyzer, exactForms: request.exactForms)
    guard try Self.hasFewLists(root, &planner) else { return nil }
    let prepared = try PreparedQuery(root, in: snapshot, planner: &planner)
    var engine = self
    engine.positionsMax = min(positionsMax, Quick.positionsMax)
    engine.positionsShownMax = engine.positionsMax
    let run = try SearchRun(request, prepared, snapshot: snapshot, engine: engine)
    return PlannedSearch(run: run, parsed: parsed, sentence: request.sentence(root), start: start)
  }

  /// Nil where showing may take long.
  private func executed(_ planned: PlannedSearch) throws(SearchError) -> SearchResults? {
    var run = planned.run
    try run.execute()
    let (bytes, stretches) = try run.readShown()
    guard !run.needsCountsForWarnings, bytes <= Quick.shownBytesMax, stretches <= Quick.stretchBytesMax,
      min(bytes / 2, run.occurrences) <= Quick.shownOccurrencesMax
    else { return nil }
    return try results(run, planned.parsed, sentence: planned.sentence, start: planned.start)
  }

  /// Whether the tree is of plain words that the index has, with few lists. What is looked up here is kept for planning.
  private static func hasFewLists(_ root: QueryNode, _ planner: inout QueryPlanner) throws(SearchError) -> Bool {
    var terms: [QueryTerm] = []
    guard root.collect(&terms, max: Quick.wordsMax) else { return false }
    var listCount = 0
    for term in terms {
      guard case .word(let word) = term, word.sense != .verbatim else { return false }
      let resolved: PlannedWord
      do { resolved = try planner.resolver.resolve([term]) } catch { throw SearchError(error) }
      // Of a word that is nowhere the planner looks for similar ones, which takes longer than most queries.
      guard !resolved.forms.isEmpty else { return false }
      listCount += resolved.segments.reduce(0) { $0 + $1.lists.count }
      guard listCount <= Quick.listsMax else { return false }
    }
    return true
  }
}

/// What came of trying a search as a quick one.
public enum QuickSearch<Shown> {
  case shown(Shown)
  /// It takes longer, or something went wrong: `SearchEngine.results(of:)` does it.
  case planned(PlannedSearch)
  /// Nothing is known of it.
  case unknown
}

/// A search that is read and planned. Holds its snapshot.
public struct PlannedSearch: Sendable {
  let run: SearchRun
  let parsed: ParsedQuery
  let sentence: String
  /// When it began.
  let start: UInt64
}

extension SearchRequest {
  /// Whether it asks for nothing that takes long whatever the query.
  fileprivate var mayBeQuick: Bool {
    guard case .words(let contextWords) = context else { return false }
    return query.utf8.count <= SearchEngine.Quick.queryBytesMax && words == .all && total != .hits && order == .score
      && contextWords <= SearchEngine.Quick.contextWordsMax && (1...SearchEngine.Quick.documentsMax).contains(limit)
      && offset == 0 && hitsPerDocument <= SearchEngine.Quick.hitsPerDocumentMax && !showsAllHits && dates == nil
      && lang == nil && group == nil && !collapses && !givesReceipt && explaining == .none
  }
}

extension QueryNode {
  /// Adds the different terms of the tree; false where it has more than `max`, or filters.
  fileprivate func collect(_ terms: inout [QueryTerm], max: Int) -> Bool {
    switch kind {
    case .filter: return false
    case .term(let term): if !terms.contains(term) { terms.append(term) }
    case .phrase(let phrase):
      for case .oneOf(let choice) in phrase.items {
        for term in choice where !terms.contains(term) { terms.append(term) }
      }
    default: for child in children { guard child.collect(&terms, max: max) else { return false } }
    }
    return terms.count <= max
  }
}

extension SearchRun {
  /// What running the plans may take, in postings: a bound, unlike `estimatedPostings`.
  fileprivate var work: Int { plans.reduce(0) { $0 + $1.work } }

  /// Whether running may take as little as it must. Whether showing does is known for sure when it is known what is
  /// shown; here it is supposed that this is as long as documents are.
  fileprivate var mayBeQuick: Bool {
    let bytes = snapshot.segments.reduce(0) { max($0, $1.storedBytesPerDocument) } * request.limit
    return work <= SearchEngine.Quick.workMax && min(bytes, occurrences) <= SearchEngine.Quick.shownOccurrencesMax
  }

  /// Occurrences of words that are hits by themselves; those of phrases and proximities are visited positions.
  fileprivate var occurrences: Int { plans.reduce(0) { $0 + $1.occurrences } }

  /// Reads the records of the documents shown, but for their texts: stored bytes, and those of their longest stretches.
  fileprivate mutating func readShown() throws(SearchError) -> (all: Int, stretches: Int) {
    var sum = (all: 0, stretches: 0)
    var records: [StoredRecord] = []
    for found in listed[shownDocuments] {
      do throws(IndexError) {
        let segment = snapshot.segments[Int(found.segment)]
        sum.all += try segment.storedByteCount(found.document)
        // Reading where its values lie is short for what is short.
        guard sum.all <= SearchEngine.Quick.shownBytesMax else { break }
        let record = try segment.storedRecord(found.document)
        sum.stretches += record.values.reduce(0) { max($0, $1.longestStretchBytes) }
        records.append(record)
      } catch {
        throw .index(error)
      }
    }
    if records.count == shownDocuments.count { shownRecords = records }
    return sum
  }
}

extension MatchPlan {
  /// A posting that is unpacked counts one, a document that is looked at in several lists eight for each list, one whose
  /// positions are compared sixteen.
  fileprivate var work: Int {
    switch self {
    case .nothing: 0
    case .all: .max / 64
    case .documents(let set): set.count / 8
    case .words(let leaf): leaf.work
    case .positional(let unit): unit.work
    case .and(let plans): Self.conjunction(plans)
    case .or(let plans): plans.reduce(0) { $0 + $1.work }
    case .andNot(let first, let second), .andMaybe(let first, let second): Self.conjunction([first, second])
    }
  }

  fileprivate var occurrences: Int {
    switch self {
    case .nothing, .all, .documents, .positional: 0
    case .words(let leaf): leaf.occurrences
    case .and(let plans), .or(let plans): plans.reduce(0) { $0 + $1.occurrences }
    case .andNot(let plan, _): plan.occurrences
    case .andMaybe(let first, let second): first.occurrences + second.occurrences
    }
  }

  /// Every list is unpacked at most once, and at most at the documents of the shortest.
  private static func conjunction(_ plans: [MatchPlan]) -> Int {
    let all = plans.map(\.work)
    let least = all.min() ?? 0
    return all.reduce(0) { $0 + min($1, 8 * least) } + 8 * least
  }
}

extension PositionalUnit {
  fileprivate var work: Int {
    let pair = pairs.adjacent.compactMap { $0.list.map { Int($0.documentFrequency) } }.min() ?? .max
    let candidates = min(leaves.map(\.work).min() ?? 0, pair)
    return 16 * candidates + leaves.reduce(0) { $0 + min($1.work, 8 * candidates) }
  }
}

extension WordLeaf {
  fileprivate var work: Int {
    let postings = lists.reduce(0) { $0 + Int($1.documentFrequency) }
    return needsPositions ? 16 * postings : postings
  }

  fileprivate var occurrences: Int { lists.reduce(0) { $0 + Int(clamping: $1.totalFrequency) } }
}
