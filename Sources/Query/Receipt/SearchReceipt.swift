internal import Base
internal import Index

/// What an answer is an answer about: which documents were searched, what was not, what the words stood for, and that
/// nothing ended the search early. With its digest, "no document says this" can be signed.
public struct SearchReceipt: Sendable, Equatable {
  /// Names the object, and the version of its members.
  public static let kind = "kwic-receipt-1"

  public var query: String
  /// How it was read, with the filters beside it.
  public var parsed: String
  /// Seconds since 1970 when the search ended.
  public var epochSeconds: Int64
  /// Generation of the snapshot.
  public var snapshot: UInt64
  /// Documents searched: all that can be found in the snapshot.
  public var documents: Int
  /// Word occurrences of the index, those of `deletedDocuments` included, which are not searched.
  public var words: UInt64
  public var deletedDocuments: Int
  public var ledger: LedgerAccount
  public var expansions: [TermExpansion]
  /// Positions the search visited, and how many it might.
  public var positionsVisited: Int
  public var positionsMax: Int
  /// The count of hits was ended by the budget. Documents are never counted in part: there a budget is an error.
  public var isBudgetReached: Bool
  public var totalDocuments: Int
  public var totalHits: Int?
  public var totalStories: Int?
  /// What the sender of documents is still owed: changes that were received and not committed when the search ended;
  /// and files of watched folders that wait. Whoever knows fills it in.
  public var waitingOperations: Int?
  public var waitingFiles: Int?
  /// `sha256:` and 64 hexadecimal digits over the canonical form of everything else; whoever answers fills it in.
  public var digest: String?
}

extension SearchRun {
  /// The receipt of the search that was executed.
  func receipt(parsed: String, hits: Int?) throws(SearchError) -> SearchReceipt {
    let ledger = try LedgerAccount(snapshot) { () throws(SearchError) in try checkDeadline() }
    return SearchReceipt(
      query: request.query, parsed: parsed, epochSeconds: engine.clock.epochSeconds(), snapshot: snapshot.generation,
      documents: snapshot.documentCount, words: snapshot.statistics.words,
      deletedDocuments: snapshot.segments.reduce(0) { $0 + $1.deletedCount }, ledger: ledger,
      expansions: plan.expansions, positionsVisited: positionsVisited, positionsMax: engine.positionsMax,
      isBudgetReached: isPartial, totalDocuments: documentCount, totalHits: hits, totalStories: stories?.count)
  }
}
