internal import Base

/// Walks the documents of one word: the union of its lists, frequencies added up.
///
/// One list is walked as it is; a few are compared document by document; many (a wildcard's) are merged window by
/// window through an array of frequencies and a bit set. A plain value; its lists lie in the pool handed to each call.
struct LeafCursor: BitwiseCopyable {
  enum Mode: UInt8, BitwiseCopyable {
    case empty, single, few, many
  }

  /// Up to this many lists are compared document by document.
  static let fewMax = 16
  /// Documents of one window of a merged union.
  static let windowCount = 4_096

  let mode: Mode
  /// The lists that give documents and frequencies, and those that give positions, in the pool.
  var first: Int
  let count: Int
  let firstForm: Int
  let formCount: Int
  /// Postings at most.
  let cost: UInt64
  /// Occurrences in all documents at most: no frequency is above it.
  let positionsMax: UInt64
  /// Whether only occurrences in `field` count. Positions are filtered, documents and frequencies are not.
  let isFiltered: Bool
  let field: FieldID
  /// The most postings that one run of it can have.
  let runRoom: Int
  /// Of a union of forms: a bit for each that may hold the document; none that does is missing. Loops that know better
  /// than "any" say so.
  var present: UInt32
  /// The document whose occurrences are known already, and how many.
  var knownDocument = DocID.terminated
  var occurrences: UInt32 = 0
  /// Where the leaf stands; undefined before `start`.
  var document: DocID = 0
  var isStarted = false

  // Mode `many`: the documents from `windowStart` on, present ones by bit, with their frequencies.
  var windowStart: DocID = 0
  var bits: Slots<UInt64>
  var frequencies: Slots<UInt32>

  /// Moves to the first document; a second call does nothing, as several nodes may share a leaf.
  mutating func start(_ lists: Slots<ListCursor>) {
    guard !isStarted else { return }
    isStarted = true
    switch mode {
    case .empty: document = .terminated
    case .single:
      lists[first].advance(to: 0)
      document = lists[first].document
    case .few, .many:
      for i in first..<first + count { lists[i].advance(to: 0) }
      if mode == .few { return advanceFew(0, lists) }
      windowStart = .terminated
      advanceMany(0, lists)
    }
  }

  /// Moves to the first document that is `target`, which is above `document`, or later.
  @inline(__always)
  mutating func advance(to target: DocID, _ lists: Slots<ListCursor>) {
    if mode == .single {
      lists[first].advance(to: target)
      document = lists[first].document
    } else {
      advanceUnion(target, lists)
    }
  }

  private mutating func advanceUnion(_ target: DocID, _ lists: Slots<ListCursor>) {
    switch mode {
    case .few: advanceFew(target, lists)
    case .many: advanceMany(target, lists)
    default: document = .terminated
    }
  }

  /// Occurrences in the current document, at most 2^31 - 1.
  @inline(__always)
  func frequency(_ lists: Slots<ListCursor>) -> UInt32 {
    switch mode {
    case .single: return lists[first].frequency()
    case .many: return frequencies[Int(document &- windowStart)]
    case .few, .empty:
      var sum: UInt32 = 0
      for i in first..<first + count where lists[i].document == document { sum &+= lists[i].frequency() }
      return sum & 0x7FFF_FFFF
    }
  }

  private mutating func advanceFew(_ target: DocID, _ lists: Slots<ListCursor>) {
    var least = DocID.terminated
    for i in first..<first + count {
      if lists[i].document < target { lists[i].advance(to: target) }
      least = min(least, lists[i].document)
    }
    document = least
  }

  // MARK: - Windows

  private mutating func advanceMany(_ target: DocID, _ lists: Slots<ListCursor>) {
    var target = target
    while true {
      if windowStart != .terminated, target >= windowStart, target - windowStart < DocID(Self.windowCount) {
        if let found = firstBit(from: Int(target - windowStart)) {
          document = windowStart + DocID(found)
          return
        }
        target = windowStart + DocID(Self.windowCount)
      }
      var least = DocID.terminated
      for i in first..<first + count {
        if lists[i].document < target { lists[i].advance(to: target) }
        least = min(least, lists[i].document)
      }
      guard least != .terminated else {
        document = .terminated
        return
      }
      fillWindow(at: least & ~DocID(Self.windowCount - 1), lists)
      target = least
    }
  }

  private mutating func fillWindow(at start: DocID, _ lists: Slots<ListCursor>) {
    bits.fill(0)
    windowStart = start
    let end = start + DocID(Self.windowCount)
    for i in first..<first + count {
      while lists[i].document < end {
        let slot = Int(lists[i].document - start)
        let bit = UInt64(1) &<< UInt64(slot & 63)
        let frequency = lists[i].frequency()
        frequencies[slot] = bits[slot >> 6] & bit == 0 ? frequency : (frequencies[slot] &+ frequency) & 0x7FFF_FFFF
        bits[slot >> 6] |= bit
        lists[i].next()
      }
    }
  }

  private func firstBit(from slot: Int) -> Int? {
    var word = slot >> 6
    var rest = bits[word] & (~UInt64(0) &<< UInt64(slot & 63))
    while rest == 0 {
      word += 1
      guard word < Self.windowCount / 64 else { return nil }
      rest = bits[word]
    }
    return word << 6 + rest.trailingZeroBitCount
  }

  // MARK: - Bounds

  /// A bound of f / K over the documents from `target` to `end`.
  @inline(__always)
  func bound(
    from target: DocID, _ lists: Slots<ListCursor>, _ inverse: Slots<Float>, _ view: SegmentView
  ) -> (ratio: Float, end: DocID) {
    if mode == .single {
      lists[first].seekBlock(target)
      return (lists[first].blockRatio(inverse, norms: view), lists[first].blockLast)
    }
    return unionBound(from: target, lists, inverse, view)
  }

  private func unionBound(
    from target: DocID, _ lists: Slots<ListCursor>, _ inverse: Slots<Float>, _ view: SegmentView
  ) -> (ratio: Float, end: DocID) {
    guard mode == .few else {
      // The lists of a merged union stand behind the window: their block positions say nothing about it.
      return (document == .terminated ? 0 : .infinity, .terminated)
    }
    var ratio: Float = 0
    var end = DocID.terminated
    for i in first..<first + count {
      lists[i].seekBlock(target)
      ratio += lists[i].blockRatio(inverse, norms: view)
      end = min(end, lists[i].blockLast)
    }
    return (ratio * LeafCursor.slack, end)
  }

  /// A bound of f / K over the documents from `target` to `last`.
  func bound(
    from target: DocID, through last: DocID, _ lists: Slots<ListCursor>, _ inverse: Slots<Float>, _ view: SegmentView
  ) -> Float {
    switch mode {
    case .empty: return 0
    case .single: return lists[first].ratio(inverse, view, from: target, through: last)
    case .few:
      var sum: Float = 0
      for i in first..<first + count { sum += lists[i].ratio(inverse, view, from: target, through: last) }
      return sum * Self.slack
    case .many: return document == .terminated ? 0 : .infinity
    }
  }

  /// Covers the rounding of a sum or a product of ratios.
  static let slack: Float = 1.0001

  // MARK: - Positions

  /// The bits of so many lists.
  static func allForms(_ count: Int) -> UInt32 { count >= UInt32.bitWidth ? .max : 1 &<< UInt32(count) &- 1 }

  /// Whether the form may hold the document; false is certain.
  @inline(__always)
  func mayHold(form: Int) -> Bool { form >= UInt32.bitWidth || present &>> UInt32(form) & 1 == 1 }

  /// The list of the only form that may hold the document; -1 where several may.
  @inline(__always)
  var soleForm: Int {
    if formCount == 1 { return firstForm }
    return present.nonzeroBitCount == 1 ? firstForm &+ present.trailingZeroBitCount : -1
  }

  /// Appends the positions of the current document, ascending; `buffer` grows in `arena` as needed.
  /// Answers whether they come from more than one list, and so are still to be merged; nil where bytes are wrong.
  func appendPositions(
    to positions: inout [UInt32], _ lists: Slots<ListCursor>, _ buffer: inout PositionBuffer
  ) -> Bool? {
    var found = 0
    for i in firstForm..<firstForm + formCount {
      if lists[i].document < document || lists[i].decodedBlock < 0 { lists[i].advance(to: document) }
      guard lists[i].document == document else { continue }
      let count = Int(lists[i].frequency())
      guard UInt64(count) <= lists[i].reference.totalFrequency else {
        lists[i].fail(.positions)
        return nil
      }
      buffer.reserve(count)
      guard lists[i].readPositions(into: buffer.values, at: 0) else { return nil }
      buffer.append(count, to: &positions)
      found += 1
    }
    return found > 1
  }
}
