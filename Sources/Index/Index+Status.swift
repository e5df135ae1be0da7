internal import Base
internal import Store

/// What an index is made of, at one commit.
public struct IndexStatus: Sendable, Equatable {
  public var generation: UInt64
  public var documents: Int
  /// Deleted documents that no merge has removed yet.
  public var deletedDocuments: Int
  public var words: UInt64
  public var segments: Int
  /// Bytes that the segments take.
  public var segmentBytes: UInt64
  /// Memory of what queries have asked of stems, and of merged lists (`IndexOptions.stemCacheBytes`).
  public var stemCacheBytes: Int
  /// What they hold, by kind.
  public var sections: SectionSizes
  public var fields: [String]
}

/// What `verify` found.
public struct VerifyReport: Sendable, Equatable {
  public var segments = 0
  public var extents = 0
  /// Segment and extent of every piece whose checksum does not hold, and of whatever else is wrong, in words.
  public var damage: [String] = []
  public var isSound: Bool { damage.isEmpty }
}

extension Index {
  public func status() -> IndexStatus {
    let snapshot = snapshot()
    var sections = SectionSizes()
    for segment in snapshot.segments { sections += segment.body.header.sectionSizes }
    return IndexStatus(
      generation: snapshot.generation, documents: snapshot.documentCount,
      deletedDocuments: snapshot.segments.reduce(0) { $0 + $1.deletedCount }, words: snapshot.statistics.words,
      segments: snapshot.segments.count,
      segmentBytes: snapshot.segments.reduce(0) { $0 + $1.body.extents.byteCount }, stemCacheBytes: stems.bytes,
      sections: sections, fields: snapshot.fields.names)
  }

  /// Reads every byte of every segment: checksums of all pieces, then every key of the dictionaries and every stored
  /// document. Takes as long as the disk takes.
  public func verify() -> VerifyReport {
    let snapshot = snapshot()
    var report = VerifyReport()
    for segment in snapshot.segments {
      report.segments += 1
      verifyExtents(segment, &report)
      verifyStructures(segment, &report)
    }
    return report
  }

  private func verifyExtents(_ segment: Segment, _ report: inout VerifyReport) {
    let size = segment.body.extents.size
    for number in 0..<segment.body.extents.extentCount {
      report.extents += 1
      let damaged = segment.body.withExtent(number) { value in
        Seal.extents.damagedPieces(of: value, segment: segment.id, extent: number, size: size)
      }
      for piece in damaged {
        report.damage.append("segment \(segment.id.rawValue), extent \(number), piece \(piece): checksum does not hold")
      }
    }
  }

  private func verifyStructures(_ segment: Segment, _ report: inout VerifyReport) {
    do throws(IndexError) {
      var terms = 0
      try segment.forEachForm(withPrefix: []) { _, _ in
        terms += 1
        return true
      }
      if terms != segment.termCount { throw segment.corrupt(.dictionary) }
      for column in segment.body.columns { _ = try segment.body.columnValues(Int(column.field)) }
      for document in 0..<segment.documentCount { _ = try segment.storedDocument(DocID(document)) }
    } catch {
      report.damage.append("segment \(segment.id.rawValue): \(error)")
    }
  }
}
