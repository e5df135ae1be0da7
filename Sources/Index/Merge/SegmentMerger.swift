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
  let ordering: DocumentOrdering
  /// Of `SegmentSink`.
  let extentBatchBytes: Int
  /// Asked now and then; a merge that is told to stop throws `.closed`.
  let isStopped: @Sendable () -> Bool

  /// Nil where every document is deleted.
  func merge(into id: SegmentID) throws(IndexError) -> Output? {
    var renumbering = DocumentRenumbering(sources)
    guard renumbering.documentCount > 0 else { return nil }
    // What is in order already stays so without some of its documents.
    let wasOrdered = sources.count == 1 && sources[0].isOrdered
    let isCopy = sources.count == 1 && sources[0].deletedCount == 0
    let order = wasOrdered || isCopy && !ordering.takesLoneSegments ? nil : try findOrder(renumbering)
    if isCopy, order == nil { return try copy(sources[0], into: id, renumbering.maps) }
    if let order { renumbering.reorder(order) }
    let liveBytes = sources.reduce(UInt64(0)) {
      $0 + $1.body.extents.byteCount * UInt64($1.liveCount) / UInt64(max($1.documentCount, 1))
    }
    let size: ExtentSize = liveBytes < 1 << 20 ? .small : .large
    let sink = SegmentSink(segment: id, size: size, environment: environment, batchBytes: extentBatchBytes)
    var source = try MergeSource(
      sources: sources, schema: manifest.schema, renumbering: renumbering, isOrdered: wasOrdered || order != nil,
      sortedOccurrencesMax: ordering.sortedOccurrencesMax, isStopped: isStopped)
    let writer = SegmentWriter<MergeSource>(
      size: size, analysisVersion: manifest.analysisVersion, phraseLayer: phraseLayer, sink: sink)
    let extents = try writer.write(&source)
    let record = SegmentRecord(
      id: id, extentSize: size, extentCount: UInt32(extents), documentCount: UInt32(renumbering.documentCount), deletedCount: 0,
      wordCount: source.wordCount)
    return Output(sink: sink, record: record, documentMaps: renumbering.maps)
  }

  /// The documents so that those which share words are close together; nil where they keep the order they have.
  private func findOrder(_ renumbering: DocumentRenumbering) throws(IndexError) -> [DocID]? {
    guard ordering.isOn, renumbering.documentCount >= ordering.documentsMin else { return nil }
    var builder = ForwardIndexBuilder(
      sources: sources, renumbering: renumbering, ordering: ordering, isStopped: isStopped)
    guard let forward = try builder.build() else { return nil }
    return try GraphBisection.order(consume forward, rangeMin: ordering.rangeMin, isStopped: isStopped)
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
}
