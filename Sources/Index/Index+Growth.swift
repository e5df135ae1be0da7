internal import Base
internal import Store

/// When the file of an index has outgrown what lives in it, and what is known of that.
///
/// LMDB's file never shrinks: it is as large as the most that was ever in it at once, and under heavy replacement, where
/// merges write beside what they free, that is several times what is left.
struct GrowthWatch {
  /// The last commit that was seen, and since when.
  var generation: UInt64 = 0
  var quietSinceNanoseconds: UInt64 = 0
  /// Not before this the index is compacted (again).
  var notBeforeNanoseconds: UInt64 = 0

  /// Below this nobody minds.
  var fileBytesMin = 64 << 20
  /// Above this a second copy takes too long to be made unasked.
  static let liveBytesMax = 4 << 30
  /// A file so many tenths of what lives is compacted when changes rest, or at once.
  static let restingTenths = 14
  static let urgentTenths = 30
}

extension Index {
  /// Compacts an index whose file has outgrown it: when no commit came for three seconds, or at once where it is three times
  /// as large; then not again for nine times as long as it took, so that it takes a tenth of the time at most. Answers
  /// after how many seconds to look again; nil where there is no need.
  func compactIfGrown(_ watch: inout GrowthWatch) -> Int? {
    let (file, live, generation, isClosed) = state.withLock { state in
      (
        state.isClosed ? 0 : state.environment.fileBytes,
        state.records.reduce(0) { $0 + Int($1.byteCount) }, state.manifest.generation, state.isClosed
      )
    }
    guard !isClosed, file >= watch.fileBytesMin, live <= GrowthWatch.liveBytesMax,
      file * 10 > live * GrowthWatch.restingTenths
    else { return nil }
    let now = SystemTime().monotonicNanoseconds()
    if generation != watch.generation { (watch.generation, watch.quietSinceNanoseconds) = (generation, now) }
    guard now >= watch.notBeforeNanoseconds else { return 3 }
    let isResting = now - watch.quietSinceNanoseconds >= 3_000_000_000
    guard isResting || file * 10 > live * GrowthWatch.urgentTenths else { return 3 }
    // Where it fails, for want of room mostly, the index is as it was.
    let succeeded = (try? compact()) != nil
    let end = SystemTime().monotonicNanoseconds()
    watch.notBeforeNanoseconds = end + (succeeded ? 9 * (end - now) : 600 * 1_000_000_000)
    return succeeded ? nil : 600
  }
}
