public import Base
internal import Store

/// One state of the index: what every query reads from, unchanged while it lives.
///
/// Holds one read transaction of the store, so keep it for a query and not for a day: what commits free meanwhile
/// cannot be used again. Thread-safe; ends its transaction when the last reference goes.
public final class Snapshot: Sendable {
  /// Number of the commit that made this state.
  public let generation: UInt64
  /// In the order in which documents are numbered for ties.
  public let segments: [Segment]
  public let fields: FieldTable
  /// The fields with columns.
  public let schema: IndexSchema
  /// What readers keep beside it.
  public let notes = SnapshotNotes()
  let pin: PinnedRead

  init(generation: UInt64, segments: [Segment], fields: FieldTable, schema: IndexSchema, pin: PinnedRead) {
    self.generation = generation
    self.segments = segments
    self.fields = fields
    self.schema = schema
    self.pin = pin
  }

  /// Documents that can be found.
  public var documentCount: Int { segments.reduce(0) { $0 + $1.liveCount } }
  /// What ranking counts with: documents and word occurrences, deleted ones included until they are merged away.
  public var statistics: (documents: UInt64, words: UInt64) {
    segments.reduce((0, 0)) { ($0.0 + UInt64($1.documentCount), $0.1 + $1.wordCount) }
  }

  /// The live document with this identity. Complexity: a search of some 20 probes in each segment.
  public func locate(id: String) throws(IndexError) -> (segment: Segment, document: DocID)? {
    let bytes = [UInt8](id.utf8)
    let hash = IdentifierMap.hash(bytes)
    for segment in segments.reversed() {
      if let document = try segment.locate(bytes, hash: hash) { return (segment, document) }
    }
    return nil
  }
}
