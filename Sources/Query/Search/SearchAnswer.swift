/// What a search found, in the shape of interfaces.md.
public struct SearchAnswer: Sendable, Equatable {
  public var query: String
  /// How the query was read, in one sentence.
  public var parsed: String
  /// Documents that match; nil where no total was asked for.
  public var totalDocuments: Int?
  /// Hits of all documents that match; nil where not asked for.
  public var totalHits: Int?
  /// Stories among the documents that match; nil where near-duplicates are not collapsed.
  public var totalStories: Int?
  /// A budget ended the count: the totals are lower bounds.
  public var isPartial: Bool
  public var tookMicroseconds: Int
  /// Generation of the snapshot that was searched.
  public var snapshot: UInt64
  public var warnings: [QueryWarning]
  public var results: [DocumentResult]
  /// All documents that match by the field that was asked for; nil where none was.
  public var groups: GroupCounts?
  /// What has to be skipped (`SearchRequest.offset`) to go on behind the last result; nil where nothing follows.
  public var nextOffset: Int?
  /// Whoever answers keeps the snapshot under this name for the next page; nil where no page follows.
  public var cursor: String?
  /// What was searched and what was not; nil where not asked for.
  public var receipt: SearchReceipt?
  /// For the measurement of latencies.
  public var queryClass = QueryClass.word
}
