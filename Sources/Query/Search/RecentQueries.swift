internal import Index
internal import ScoringCore
internal import Synchronization

/// The last queries that were planned as quick ones for one snapshot: who asks a query a third time, or its next page,
/// has it read and looked up already. Plans only, no answers; it lives and ends with its snapshot (`SnapshotNotes`).
///
/// A plan is kept with the second question: then its stems have merged lists, where they are to have some (`StemCache`).
/// Small: a query has at most `Quick.queryBytesMax` bytes and `Quick.listsMax` posting lists, of 80 bytes each, and merged
/// lists of at most `Quick.mergedBytesMax`. Thread-safe.
final class RecentQueries: Sendable {
  static let most = 64

  struct Key: Hashable {
    let query: String
    let exactForms: Bool
  }

  /// What is known of a query.
  struct Entry: Sendable {
    let parsed: ParsedQuery
    /// How it was read.
    let sentence: String
    let prepared: PreparedQuery
  }

  private struct State {
    /// Nil for a query that was asked once.
    var entries: [Key: Entry?] = [:]
    /// The keys, a ring: the next one to go is at `oldest` once it is full.
    var keys: [Key] = []
    var oldest = 0
    var ranking: BM25?
  }

  private let state = Mutex(State())

  subscript(key: Key) -> Entry? { state.withLock { $0.entries[key] ?? nil } }

  /// Notes the query the first time, and keeps the entry afterwards.
  func note(_ entry: Entry, for key: Key) {
    state.withLock { state in
      guard state.entries[key] == nil else {
        state.entries[key] = .some(entry)
        return
      }
      state.entries[key] = .some(nil)
      guard state.keys.count == Self.most else { return state.keys.append(key) }
      state.entries[state.keys[state.oldest]] = nil
      state.keys[state.oldest] = key
      state.oldest = (state.oldest + 1) % Self.most
    }
  }

  /// The ranking of the snapshot with these parameters; made where it is not the last one.
  func ranking(k1: Float, b: Float, make: () -> BM25) -> BM25 {
    state.withLock { state in
      if let known = state.ranking, known.k1 == k1, known.b == b { return known }
      let made = make()
      state.ranking = made
      return made
    }
  }
}
