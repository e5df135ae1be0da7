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
  let phraseLayer: PhraseLayer
  /// Of `SegmentSink`.
  let extentBatchBytes: Int
  /// Asked now and then; a merge that is told to stop throws `.closed`.
  let isStopped: @Sendable () -> Bool

  /// Nil where every document is deleted.
  func merge(into id: SegmentID) throws(IndexError) -> Output? {
    let maps = Self.documentMaps(sources)
    let documents = sources.reduce(0) { $0 + $1.liveCount }
    guard documents > 0 else { return nil }
    if sources.count == 1, sources[0].deletedCount == 0 { return try copy(sources[0], into: id, maps) }
    let liveBytes = sources.reduce(UInt64(0)) {
      $0 + $1.body.extents.byteCount * UInt64($1.liveCount) / UInt64(max($1.documentCount, 1))
    }
    let size: ExtentSize = liveBytes < 1 << 20 ? .small : .large
    let sink = SegmentSink(segment: id, size: size, environment: environment, batchBytes: extentBatchBytes)
    var source = try MergeSource(
      sources: sources, schema: manifest.schema, documentMaps: maps, documentCount: documents, isStopped: isStopped)
    let writer = SegmentWriter<MergeSource>(
      size: size, analysisVersion: manifest.analysisVersion, phraseLayer: phraseLayer, sink: sink)
    let extents = try writer.write(&source)
    let record = SegmentRecord(
      id: id, extentSize: size, extentCount: UInt32(extents), documentCount: UInt32(documents), deletedCount: 0,
      wordCount: source.wordCount)
    return Output(sink: sink, record: record, documentMaps: maps)
  }

  /// The same segment under another id: a segment without deleted documents is what a merge of it alone would write.
  private func copy(_ segment: Segment, into id: SegmentID, _ maps: [[DocID]]) throws(IndexError) -> Output {
    let sink = try Self.copy(segment, into: id, environment, batchBytes: extentBatchBytes, isStopped)
    let record = SegmentRecord(
      id: id, extentSize: segment.body.extents.size, extentCount: UInt32(segment.body.extents.extentCount),
      documentCount: UInt32(segment.documentCount), deletedCount: 0, wordCount: segment.wordCount)
    return Output(sink: sink, record: record, documentMaps: maps)
  }

  /// Writes a segment's bytes into an environment, all of its documents with it.
  static func copy(
    _ segment: Segment, into id: SegmentID, _ environment: Environment, batchBytes: Int, _ isStopped: () -> Bool
  ) throws(IndexError) -> SegmentSink {
    let body = segment.body
    let sink = SegmentSink(
      segment: id, size: body.extents.size, environment: environment, batchBytes: batchBytes)
    for extent in 0..<body.extents.extentCount {
      if isStopped() { throw .closed }
      let start = UInt64(extent * body.extents.size.usableBytes)
      let bytes = try body.reading(.checksum) { () throws(DictionaryReader.Damage) in
        try body.memory.copyBytes(at: start, count: body.extents.usableBytes(ofExtent: extent))
      }
      try sink.take(extent: extent, bytes: bytes.span)
    }
    return sink
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
