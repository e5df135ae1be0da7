internal import Base
internal import ScoringCore
internal import Synchronization

/// The stem classes of one segment that queries have asked for, and of those asked for again their merged lists.
///
/// Words of queries come again; looking a class up takes as long as many searches, and reading its forms side by side
/// twice as long as reading one list. Where there is no room, what was not asked for since there was none before goes, as
/// the hand of a clock goes round (Corbató 1968). `StemCacheBudget` gives the memory that all segments take together.
/// Thread-safe; the lock is held for a look into a table, and who finds it taken looks into the dictionary instead.
final class StemCache: Sendable {
  /// What is known of a stem.
  private struct Entry {
    var stemClass: StemClass
    /// Asked for again; its list is made by whoever asked then.
    var isWanted = false
    /// Asked for since room was last made.
    var isUsed = false
    var byteCount: Int
  }

  private struct Table {
    var entries: [[UInt8]: Entry] = [:]
    var byteCount = 0
    /// The budget's, when this cache last made room.
    var shortages = 0
  }

  /// What a query is told of a stem.
  enum Found {
    case unknown
    case known(StemClass)
    /// It has been asked for before, and has no merged list yet: make one, and `keep` it.
    case wanted(StemClass)
    /// To make it takes longer than whoever asks may take (`UnreadPieces`).
    case refused
  }

  /// Occurrences that are merged where nobody may wait for it: some tens of microseconds.
  private static let quickOccurrencesMax = 2_048

  private let table = Mutex(Table())
  private let budget: StemCacheBudget

  init(_ budget: StemCacheBudget) { self.budget = budget }

  deinit { table.withLock { budget.giveBack($0.byteCount) } }

  func find(_ stem: [UInt8]) -> Found {
    guard budget.bytesMax > 0 else { return .unknown }
    return table.withLockIfAvailable { table in
      // Where another segment found no room since, this one gives some.
      if table.shortages != budget.shortages { makeRoom(&table) }
      guard let entry = table.entries[stem] else { return .unknown }
      let stemClass = entry.stemClass
      let isWanted = !entry.isWanted && stemClass.merged == nil && stemClass.isWorthMerging(budget)
      if isWanted, stemClass.occurrences > Self.quickOccurrencesMax, UnreadPieces.areRefused { return .refused }
      if isWanted || !entry.isUsed {
        table.entries[stem]?.isUsed = true
        table.entries[stem]?.isWanted = entry.isWanted || isWanted
      }
      return isWanted ? .wanted(stemClass) : .known(stemClass)
    } ?? .unknown
  }

  /// Keeps what was found of a stem, if there is room.
  func keep(_ stem: [UInt8], _ stemClass: StemClass) {
    let byteCount = stemClass.byteCount + stem.count
    table.withLock { table in
      if !budget.take(byteCount) {
        makeRoom(&table)
        guard budget.take(byteCount) else { return }
      }
      let known = table.entries[stem]
      if let known {
        budget.giveBack(known.byteCount)
        table.byteCount -= known.byteCount
      }
      table.byteCount += byteCount
      table.entries[stem] = Entry(
        stemClass: stemClass, isWanted: known?.isWanted ?? false, isUsed: known != nil, byteCount: byteCount)
    }
  }

  /// What was not asked for since the last time goes.
  private func makeRoom(_ table: inout Table) {
    table.shortages = budget.shortages
    var kept: [[UInt8]: Entry] = [:]
    var byteCount = 0
    for (stem, entry) in table.entries where entry.isUsed {
      var entry = entry
      entry.isUsed = false
      kept[stem] = entry
      byteCount += entry.byteCount
    }
    budget.giveBack(table.byteCount - byteCount)
    table.byteCount = byteCount
    table.entries = kept
  }
}

/// The memory that the stem caches of all segments of an index may take together. Thread-safe.
final class StemCacheBudget: Sendable {
  let bytesMax: Int
  private let taken = Atomic<Int>(0)
  private let refused = Atomic<Int>(0)

  init(bytesMax: Int) { self.bytesMax = bytesMax }

  /// What is taken now.
  var bytes: Int { taken.load(ordering: .relaxed) }
  /// How often there was no room.
  var shortages: Int { refused.load(ordering: .relaxed) }

  /// Whether there was room for so many bytes, which are taken then.
  func take(_ byteCount: Int) -> Bool {
    if taken.add(byteCount, ordering: .relaxed).newValue <= bytesMax { return true }
    taken.subtract(byteCount, ordering: .relaxed)
    refused.add(1, ordering: .relaxed)
    return false
  }

  func giveBack(_ byteCount: Int) { taken.subtract(byteCount, ordering: .relaxed) }
}

extension StemClass {
  /// Whether reading its lists as one is worth the memory: it has several, and what they come to is at most a sixteenth
  /// of all there is.
  fileprivate func isWorthMerging(_ budget: StemCacheBudget) -> Bool {
    lists.count > 1 && lists.count <= ListMerger.listsMax
      && occurrences <= budget.bytesMax / 32
  }

  fileprivate var occurrences: Int { lists.reduce(0) { $0 + Int(clamping: $1.totalFrequency) } }

  /// Memory that it takes in a cache: of a daemon with 25,000 entries in 14 segments some 800 bytes each beside what is
  /// counted here were found, its objects, arrays and the tables.
  fileprivate var byteCount: Int {
    800 + names.byteCount + lists.count * MemoryLayout<PostingListReference>.stride + (merged?.byteCount ?? 0)
  }
}
