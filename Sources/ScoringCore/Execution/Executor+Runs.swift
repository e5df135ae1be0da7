internal import Base

/// Leaves as the block loops see them: runs of postings for the one that leads, single documents for the others. Loops
/// begin at lists that were not started: nothing is unpacked before its bound was asked.
///
/// A leaf is `isRunnable` where it is one list (of a form or of a class) or a union of a few.
extension Executor {
  func isRunnable(_ leaf: Int) -> Bool {
    let leaf = leaves[leaf]
    return !leaf.isFiltered && (leaf.mode == .single || leaf.mode == .few)
  }

  /// The leaf's postings from `target` on, up to where the first of its blocks there ends; nil where none follow.
  ///
  /// Targets ascend. The cursors of a union are left on their first document from `target` on.
  @inline(__always)
  mutating func nextRun(_ leaf: Int, from target: DocID) -> PostingRun? {
    guard leaves[leaf].mode == .single else { return nextUnionRun(leaf, from: target) }
    let list = leaves[leaf].first
    lists[list].advance(to: target)
    guard !lists[list].isExhausted else { return nil }
    if !lists[list].hasFrequencies { lists[list].decodeFrequencies() }
    guard !lists[list].isExhausted else { return nil }
    let first = lists[list].index
    let count = lists[list].documentsOf(block: lists[list].decodedBlock) - first
    return PostingRun(
      documents: lists[list].documents.part(from: first, count: count),
      frequencies: lists[list].frequencies.part(from: first, count: count), count: count,
      last: lists[list].blockLast, first: first)
  }

  /// Of ascending candidates from place `first` on, those that the list of a leaf holds: see `ListCursor.intersect`.
  @inline(__always)
  mutating func intersect(
    _ leaf: Int, _ candidates: Slots<UInt32>, from first: Int, count: Int, into matches: Matches
  ) -> (found: Int, next: Int) {
    lists[leaves[leaf].first].intersect(
      candidates, from: first, count: count, places: matches.candidates, blockPlaces: matches.documents)
  }

  /// Places of what two lists of documents have in common; of a union which of its forms hold it.
  struct Matches: BitwiseCopyable {
    let candidates: Slots<UInt32>
    let documents: Slots<UInt32>
    let forms: Slots<UInt32>

    init(room: Int, isUnion: Bool = false, _ arena: inout ScratchArena) {
      candidates = arena.unwritten(room, of: UInt32.self)
      documents = arena.unwritten(room, of: UInt32.self)
      forms = arena.unwritten(isUnion ? room : 0, of: UInt32.self)
    }
  }

  /// Whether the leaf is in `document`; its cursors move there. Documents ascend.
  @inline(__always)
  mutating func moves(_ leaf: Int, to document: DocID) -> Bool {
    guard leaves[leaf].mode == .single else { return movesUnion(leaf, to: document) }
    return lists[leaves[leaf].first].moves(to: document)
  }

  /// The frequency in `document`, where `moves` or a run left the leaf.
  @inline(__always)
  mutating func frequency(of leaf: Int, in document: DocID) -> UInt32 {
    guard leaves[leaf].mode == .single else { return unionFrequency(leaf, document) }
    return lists[leaves[leaf].first].frequency()
  }

  /// A bound of f / K over the documents from `target` to `end`; 0 and the end of all where none follow.
  @inline(__always)
  mutating func runBound(_ leaf: Int, from target: DocID) -> (ratio: Float, end: DocID) {
    guard leaves[leaf].mode == .single else { return leaves[leaf].bound(from: target, lists, inverse, view) }
    let list = leaves[leaf].first
    lists[list].seekBlock(target)
    return (lists[list].blockRatio(inverse, norms: view), lists[list].blockLast)
  }
}
