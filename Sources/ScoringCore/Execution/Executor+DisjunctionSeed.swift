internal import Base

/// Where a disjunction with a common word begins.
///
/// Documents of a segment mostly come the shorter ones first (`DocumentOrdering`), but the best for common words are long
/// ones, in which such a word comes near its greatest score: of the ten best on wikipedia-10k three in four are in the
/// last four tenths. From front to back the floor would rise until the end, and little be left out. So a window near
/// the end is scored first.
extension Executor {
  private static let seedCount: DocID = 256
  /// Where the window begins, in sixteenths of the documents.
  private static let seedPlace: DocID = 14
  /// Norms at the window and at the first documents that are compared.
  private static let sampleCount: DocID = 16

  /// Scores the window and puts the words back to where they were. Answers its documents, which are done with; none
  /// where it would not pay.
  mutating func seed(_ state: inout DisjunctionState) -> Range<DocID> {
    let range = view.range
    let none = range.lowerBound..<range.lowerBound
    let count = DocID(range.count)
    guard count >= 16 * Self.seedCount, optimisations.isSuperset(of: [.blockBounds, .longFirst]) else { return none }
    let start = range.lowerBound + count / 16 * Self.seedPlace
    guard 2 * normSum(from: start) >= 3 * normSum(from: range.lowerBound) else { return none }
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

  private func normSum(from start: DocID) -> Int {
    var sum = 0
    for document in start..<start + Self.sampleCount { sum += Int(view.norm(document)) }
    return sum
  }
}
