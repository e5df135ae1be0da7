internal import Base

/// Which segments to merge next: tiers by size, as in log-structured merge trees (O'Neil et al. 1996) and Lucene's
/// tiered policy.
///
/// Segments of one tier are within a factor of eight in live bytes; when a tier has eight, they become one. No output
/// is above an eighth of the index (or 64 MB, whichever is more), so that what a merge writes beside what it replaces
/// stays small against the file. A segment a third of which is deleted is rewritten even alone.
/// A document is written once for each tier it passes: log8(index / first commit) times.
struct MergePolicy {
  static let segmentsPerTier = 8
  static let smallestOutputLimitBytes: UInt64 = 64 << 20
  private static let deletedShareMax = 1.0 / 3

  /// Bytes of a segment that belong to live documents.
  static func liveBytes(_ record: SegmentRecord) -> UInt64 {
    record.documentCount == 0 ? 0 : record.byteCount * UInt64(record.liveCount) / UInt64(record.documentCount)
  }

  static func tier(_ liveBytes: UInt64) -> Int {
    var tier = 0
    var bound: UInt64 = 64 << 10
    while liveBytes > bound {
      bound *= 8
      tier += 1
    }
    return tier
  }

  /// Segments to merge into one, in the order of the snapshot; empty where nothing is worth it.
  static func choose(_ records: [SegmentRecord], excluding busy: Set<SegmentID>) -> [SegmentRecord] {
    let free = records.filter { !busy.contains($0.id) }
    let total = records.reduce(0) { $0 + liveBytes($1) }
    let outputMax = max(total / 8, smallestOutputLimitBytes)
    var tiers: [Int: [SegmentRecord]] = [:]
    for record in free where liveBytes(record) <= outputMax { tiers[tier(liveBytes(record)), default: []].append(record) }
    for tier in tiers.keys.sorted() {
      let members = tiers[tier]!.sorted { liveBytes($0) < liveBytes($1) }
      guard members.count >= segmentsPerTier else { continue }
      let chosen = fitting(members, outputMax)
      if chosen.count >= segmentsPerTier / 2 { return inOrder(chosen, of: records) }
    }
    let worn = free.filter { Double($0.deletedCount) > deletedShareMax * Double($0.documentCount) }
    if let first = worn.min(by: { liveBytes($0) < liveBytes($1) }) { return [first] }
    return []
  }

  /// The smallest of a tier, as many as stay below the limit together.
  private static func fitting(_ members: [SegmentRecord], _ outputMax: UInt64) -> [SegmentRecord] {
    var chosen: [SegmentRecord] = []
    var sum: UInt64 = 0
    for record in members {
      if sum + liveBytes(record) > outputMax { break }
      sum += liveBytes(record)
      chosen.append(record)
    }
    return chosen
  }

  private static func inOrder(_ chosen: [SegmentRecord], of records: [SegmentRecord]) -> [SegmentRecord] {
    let ids = Set(chosen.map(\.id))
    return records.filter { ids.contains($0.id) }
  }
}
