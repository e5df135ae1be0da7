internal import Base

/// Counts the different documents of several lists. Kept and emptied: emptying costs nothing.
struct DocumentUnion {
  /// For each document the round in which it was last seen.
  private var rounds: [UInt32]
  private var round: UInt32 = 0
  private(set) var count: UInt32 = 0

  init(documentCount: Int) { rounds = Array(repeating: 0, count: documentCount) }

  mutating func removeAll() {
    round += 1
    count = 0
  }

  /// Call `removeAll` before the first.
  mutating func insert(_ document: DocID) {
    if rounds[Int(document)] == round { return }
    rounds[Int(document)] = round
    count += 1
  }
}
