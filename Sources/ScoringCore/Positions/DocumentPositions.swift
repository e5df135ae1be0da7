/// The positions of every leaf of a unit in one document, one list after the other in one array.
///
///     positions: | leaf 0, ascending | leaf 1, ascending | …
///     starts:    0                   ^                   ^
///
/// Reused from document to document. To fill: ``removeAll()``, then for each leaf in order append to ``positions``
/// and call ``endLeaf()``, or ``endMergedLeaf()`` where the positions of several forms were appended one after the
/// other.
public struct DocumentPositions: Sendable {
  public var positions: [UInt32] = []
  public private(set) var starts: [Int] = [0]

  public init() {}

  public var leafCount: Int { starts.count - 1 }

  public mutating func removeAll() {
    positions.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
    starts.append(0)
  }

  /// The positions appended since the last call are one leaf's: ascending, none twice.
  public mutating func endLeaf() { starts.append(positions.count) }

  /// The positions appended since the last call are one leaf's, in any order: sorts them and drops repetitions.
  ///
  /// - Complexity: O(n log n) in the leaf's positions.
  public mutating func endMergedLeaf() {
    let start = starts[starts.count - 1]
    positions[start...].sort()
    var kept = start
    for index in start..<positions.count where index == start || positions[index] != positions[kept - 1] {
      positions[kept] = positions[index]
      kept += 1
    }
    positions.removeLast(positions.count - kept)
    starts.append(kept)
  }

  @inlinable
  public func range(of leaf: Int) -> Range<Int> { starts[leaf]..<starts[leaf + 1] }
}
