internal import Base

/// Where disjunctions and conjunctions of words begin.
///
/// Documents of a segment mostly come the shorter ones first (`DocumentOrdering`), but the best for words alone are long
/// ones, which hold more of them and oftener: of the ten best on wikipedia-10k more than half are in the last third.
/// From front to back the floor would rise until the end, and little be left out. So a window near the end is scored
/// first.
extension Executor {
  private static let seedCount: DocID = 256
  /// Where the window begins, in sixteenths of the documents.
  private static let seedPlace: DocID = 14
  /// Norms at the window and at the first documents that are compared.
  private static let sampleCount: DocID = 16

  /// The first document of the window; nil where it would not pay.
  var seedStart: DocID? {
    let range = view.range
    guard range.count >= 16 * Int(Self.seedCount), optimisations.isSuperset(of: [.blockBounds, .longFirst]),
      floor == -.infinity
    else { return nil }
    let start = range.lowerBound + DocID(range.count) / 16 * Self.seedPlace
    return 2 * normSum(from: start) >= 3 * normSum(from: range.lowerBound) ? start : nil
  }

  private func normSum(from start: DocID) -> Int {
    var sum = 0
    for document in start..<start + Self.sampleCount { sum += Int(view.norm(document)) }
    return sum
  }

  /// Scores the window of a disjunction and puts the words back to where they were. Answers its documents, which are done
  /// with.
  mutating func seed(_ state: inout DisjunctionState) -> Range<DocID> {
    guard let start = seedStart else { return view.range.lowerBound..<view.range.lowerBound }
    let window = start..<start + Self.seedCount
    let saved = (lists: arena.slots(copying: lists), leaves: arena.slots(copying: leaves))
    for i in 0..<leaves.count { leaves[i].start(lists) }
    if advance(state, to: window.lowerBound) != nil {
      isSeeded = true
      if partition(&state, from: window.lowerBound, through: window.upperBound - 1) {
        scoreWindow(state, window.lowerBound, window.upperBound)
      }
    }
    for i in 0..<lists.count { lists[i].restore(saved.lists[i]) }
    for i in 0..<leaves.count { leaves[i] = saved.leaves[i] }
    return window
  }
}
