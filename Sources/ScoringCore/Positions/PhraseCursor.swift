/// The occurrences of a phrase in one value: a cursor for each place, all moved to where the furthest wants to be.
///
/// - Complexity: O(positions of the leaves).
struct PhraseCursor: Sendable {
  private struct PlaceCursor: Sendable, BitwiseCopyable {
    var place: PositionalPlan.Place
    var index = 0
    var end = 0
  }

  private var cursors: [PlaceCursor]
  private let span: UInt32
  private let length: UInt32
  /// The least and the greatest position of the first place.
  private var startMin: UInt32 = 0
  private var startMax: UInt32 = 0
  private var hasRoom = false

  init(_ places: [PositionalPlan.Place], span: UInt32) {
    cursors = places.map { PlaceCursor(place: $0) }
    self.span = span
    length = places[places.count - 1].offset - places[0].offset
  }

  mutating func restart(_ ranges: [Range<Int>], value: DocumentLayout.Value) {
    for number in cursors.indices {
      cursors[number].index = ranges[cursors[number].place.leaf].lowerBound
      cursors[number].end = ranges[cursors[number].place.leaf].upperBound
    }
    hasRoom = value.wordCount >= span
    startMin = value.start
    startMax = hasRoom ? value.end - span : 0
  }

  /// The next occurrence, from its first leaf to its last, or `none`.
  mutating func next(_ positions: Span<UInt32>) -> Hull {
    guard hasRoom else { return .none }
    var start = startMin
    var agreed = 0
    var number = 0
    while agreed < cursors.count {
      let offset = cursors[number].place.offset
      let end = cursors[number].end
      var index = cursors[number].index
      while index < end, positions[index] < start &+ offset { index &+= 1 }
      cursors[number].index = index
      guard index < end else {
        hasRoom = false
        return .none
      }
      let wanted = positions[index] &- offset
      agreed = wanted == start ? agreed &+ 1 : 1
      start = wanted
      number = number &+ 1 == cursors.count ? 0 : number &+ 1
    }
    guard start <= startMax else {
      hasRoom = false
      return .none
    }
    startMin = start &+ 1
    let lo = start &+ cursors[0].place.offset
    return Hull(lo, lo &+ length)
  }
}
