internal import Base
internal import ScoringCore
internal import Synchronization

/// The stem classes of one segment that queries have asked for, and of those asked for again their merged lists.
///
/// Words of queries come again; looking a class up takes as long as many searches, and reading its forms side by side
/// twice as long as reading one list. Two generations stand in for an order of use: what is asked for moves to the young
/// one; when that has half of the room, the old one goes. Of memory, `StemCacheBudget` gives what all segments take
/// together. Thread-safe; the lock is held for a look
/// into a table, and who finds it taken looks into the dictionary instead.
final class StemCache: Sendable {
  /// What is known of a stem.
  private struct Entry {
    var stemClass: StemClass
    /// Asked for again; its list is made by whoever asked then.
    var isWanted = false
    var byteCount: Int
  }

  private struct Generations {
    var young: [[UInt8]: Entry] = [:]
    var old: [[UInt8]: Entry] = [:]
    var youngBytes = 0
    var oldBytes = 0
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

  private let generations = Mutex(Generations())
  private let budget: StemCacheBudget

  init(_ budget: StemCacheBudget) { self.budget = budget }

  deinit { generations.withLock { budget.giveBack($0.youngBytes + $0.oldBytes) } }

  func find(_ stem: [UInt8]) -> Found {
    guard budget.bytesMax > 0 else { return .unknown }
    return generations.withLockIfAvailable { generations in
      makeRoomForOthers(&generations)
      guard var entry = generations.young[stem] ?? moved(stem, &generations) else { return .unknown }
      guard !entry.isWanted, entry.stemClass.merged == nil, entry.stemClass.isWorthMerging(budget) else {
        return .known(entry.stemClass)
      }
      if entry.stemClass.occurrences > Self.quickOccurrencesMax, UnreadPieces.areRefused { return .refused }
      entry.isWanted = true
      generations.young[stem] = entry
      return .wanted(entry.stemClass)
    } ?? .unknown
  }

  /// Keeps what was found of a stem, if there is room.
  func keep(_ stem: [UInt8], _ stemClass: StemClass) {
    let byteCount = stemClass.byteCount + stem.count
    generations.withLock { generations in
      let known = generations.young[stem]
      if generations.youngBytes + byteCount > budget.bytesMax / 2 { age(&generations) }
      guard budget.take(byteCount) else { return }
      if let known = generations.young[stem] { drop(known, &generations.youngBytes) }
      generations.youngBytes += byteCount
      generations.young[stem] = Entry(
        stemClass: stemClass, isWanted: known?.isWanted ?? false, byteCount: byteCount)
    }
  }

  /// An entry of the old generation, which moves to the young one.
  private func moved(_ stem: [UInt8], _ generations: inout Generations) -> Entry? {
    guard let entry = generations.old.removeValue(forKey: stem) else { return nil }
    generations.oldBytes -= entry.byteCount
    generations.youngBytes += entry.byteCount
    generations.young[stem] = entry
    if generations.youngBytes > budget.bytesMax / 2 { age(&generations) }
    return entry
  }

  /// The young generation becomes the old one, which goes.
  private func age(_ generations: inout Generations) {
    budget.giveBack(generations.oldBytes)
    generations.old = generations.young
    generations.oldBytes = generations.youngBytes
    generations.young = [:]
    generations.youngBytes = 0
  }

  /// Where another segment found no room since, what was not asked for lately goes.
  private func makeRoomForOthers(_ generations: inout Generations) {
    let shortages = budget.shortages
    guard generations.shortages != shortages else { return }
    generations.shortages = shortages
    age(&generations)
  }

  private func drop(_ entry: Entry, _ bytes: inout Int) {
    bytes -= entry.byteCount
    budget.giveBack(entry.byteCount)
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

  /// Memory that it takes in a cache.
  fileprivate var byteCount: Int {
    160 + names.byteCount + lists.count * MemoryLayout<PostingListReference>.stride + (merged?.byteCount ?? 0)
  }
}
