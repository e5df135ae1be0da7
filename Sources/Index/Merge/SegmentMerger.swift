internal import Analysis
internal import Base
internal import ScoringCore
internal import Store

/// Writes one segment out of several, without their deleted documents. Knows nothing of tables: who calls it
/// publishes what comes out.
struct SegmentMerger {
  /// What a merge made.
  struct Output {
    let sink: SegmentSink
    let record: SegmentRecord
    /// For each source the new number of each of its documents, `DocID.terminated` for those left out.
    let documentMaps: [[DocID]]
  }

  let sources: [Segment]
  let manifest: Manifest
  let environment: Environment
  /// Asked now and then; a merge that is told to stop throws `.closed`.
  let isStopped: @Sendable () -> Bool

  /// Nil where every document is deleted.
  func merge(into id: SegmentID) throws(IndexError) -> Output? {
    let maps = Self.documentMaps(sources)
    let documents = sources.reduce(0) { $0 + $1.liveCount }
    guard documents > 0 else { return nil }
    let liveBytes = sources.reduce(UInt64(0)) {
      $0 + $1.body.extents.byteCount * UInt64($1.liveCount) / UInt64(max($1.documentCount, 1))
    }
    let size: ExtentSize = liveBytes < 1 << 20 ? .small : .large
    let sink = SegmentSink(segment: id, size: size, environment: environment)
    var source = try MergeSource(
      sources: sources, schema: manifest.schema, documentMaps: maps, documentCount: documents, isStopped: isStopped)
    let writer = SegmentWriter<MergeSource>(size: size, analysisVersion: manifest.analysisVersion, sink: sink)
    let extents = try writer.write(&source)
    let record = SegmentRecord(
      id: id, extentSize: size, extentCount: UInt32(extents), documentCount: UInt32(documents), deletedCount: 0,
      wordCount: source.wordCount)
    return Output(sink: sink, record: record, documentMaps: maps)
  }

  private static func documentMaps(_ sources: [Segment]) -> [[DocID]] {
    var next: DocID = 0
    return sources.map { segment in
      (0..<DocID(segment.documentCount)).map { document in
        if segment.isDeleted(document) { return .terminated }
        defer { next += 1 }
        return next
      }
    }
  }
}
