/// Which leaves of an expression may stand at one position: those that share an accepted form, or accept forms that
/// the analysis puts at one position (`Iraq's` and `Iraq`).
///
/// Where operands cannot share a position their hulls say everything, and evaluation is cheaper; to declare an
/// overlap that does not exist costs time, to leave one out gives false matches. A leaf always overlaps itself.
public struct LeafOverlap: Sendable, Equatable {
  public let leafCount: Int
  private var rows: [Bool]

  private init(leafCount: Int, value: Bool) {
    self.leafCount = leafCount
    rows = [Bool](repeating: value, count: leafCount * leafCount)
  }

  /// Nothing is known about the leaves.
  public static func all(leafCount: Int) -> Self { Self(leafCount: leafCount, value: true) }
  /// No two leaves meet.
  public static func none(leafCount: Int) -> Self { Self(leafCount: leafCount, value: false) }

  public mutating func insert(_ first: Int, _ second: Int) {
    rows[first * leafCount + second] = true
    rows[second * leafCount + first] = true
  }

  public func contains(_ first: Int, _ second: Int) -> Bool {
    first == second || rows[first * leafCount + second]
  }

  /// Whether a leaf of `first` may share a position with a leaf of `second`.
  func overlap(_ first: [Int], _ second: [Int]) -> Bool {
    first.contains { one in second.contains { contains(one, $0) } }
  }
}
