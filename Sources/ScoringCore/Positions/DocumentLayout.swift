public import Base

/// Where the field values of one document begin in its position space, and their sentences and paragraphs.
///
/// Value i+1 begins at start(i) + wordCount(i) + 1: the position between two values stays empty, so that adjacency
/// never crosses from one into the next. Read by ``LayoutTable/load(_:sentences:into:)``; reused from document to
/// document.
public struct DocumentLayout: Sendable, Equatable {
  public struct Value: Sendable, Equatable, BitwiseCopyable {
    public var field: FieldID
    /// First position, and how many words follow.
    public var start: UInt32
    public var wordCount: UInt32
    /// One past the last position.
    public var end: UInt32 { start + wordCount }
  }

  /// In document order, ascending.
  public internal(set) var values: [Value] = []
  /// First positions of the sentences and paragraphs of all values, ascending; empty if they were not asked for.
  public internal(set) var sentenceStarts: [UInt32] = []
  public internal(set) var paragraphStarts: [UInt32] = []

  public init() {}

  /// One value that holds every position and one sentence: for expressions that need no layout.
  public static let unbounded: DocumentLayout = {
    var layout = DocumentLayout()
    layout.values = [Value(field: FieldID(rawValue: 0), start: 0, wordCount: .max)]
    layout.sentenceStarts = [0]
    layout.paragraphStarts = [0]
    return layout
  }()

  /// Forgets everything and keeps the memory.
  public mutating func removeAll() {
    values.removeAll(keepingCapacity: true)
    sentenceStarts.removeAll(keepingCapacity: true)
    paragraphStarts.removeAll(keepingCapacity: true)
  }

  /// The value that holds `position` and the position relative to it, or nil for the gap between values and beyond.
  public func locate(_ position: UInt32) -> (value: Int, relative: UInt32)? {
    let next = partitionPoint(values.count) { values[$0].start > position }
    guard next > 0, position < values[next - 1].end else { return nil }
    return (next - 1, position - values[next - 1].start)
  }

  /// Keeps, of `positions[start...]` (ascending), those that stand in a value of `field`.
  public func keep(field: FieldID, in positions: inout [UInt32], from start: Int) {
    var kept = start
    var value = 0
    for index in start..<positions.count {
      let position = positions[index]
      while value < values.count, values[value].end <= position { value += 1 }
      guard value < values.count else { break }
      if values[value].field == field, values[value].start <= position {
        positions[kept] = position
        kept += 1
      }
    }
    positions.removeLast(positions.count - kept)
  }

  /// One past the last position of the sentence or paragraph that holds `position`, where no value's end comes first.
  func end(of scope: Scope, at position: UInt32) -> UInt32 {
    let starts = scope == .sentence ? sentenceStarts : paragraphStarts
    let next = partitionPoint(starts.count) { starts[$0] > position }
    return next < starts.count ? starts[next] : .max
  }

  /// First position of the sentence or paragraph that holds `position`.
  func start(of scope: Scope, at position: UInt32) -> UInt32 {
    let starts = scope == .sentence ? sentenceStarts : paragraphStarts
    let next = partitionPoint(starts.count) { starts[$0] > position }
    return next > 0 ? starts[next - 1] : 0
  }
}

/// The first index in `0..<count` for which `isBeyond` holds, `count` if there is none; false must precede true.
@inline(__always)
func partitionPoint(_ count: Int, _ isBeyond: (Int) -> Bool) -> Int {
  var low = 0
  var high = count
  while low < high {
    let middle = (low &+ high) &>> 1
    if isBeyond(middle) { high = middle } else { low = middle &+ 1 }
  }
  return low
}
