public import Base

/// Reads one posting list from front to back: for merges, checks and whoever wants all of it. Not the query's way.
///
/// Borrows the segment's bytes: use it only while the view is valid. Single thread.
public struct PostingWalk: ~Copyable {
  private var arena = ScratchArena()
  private var cursor: ListCursor
  private var room: Slots<UInt32>
  private var isStarted = false

  /// Stands before the first document.
  public init(_ list: PostingListReference, in view: SegmentView) throws(PostingError) {
    cursor = try ListCursor(list, extents: view.extents, documentCount: view.documentCount, arena: &arena)
    room = arena.slots(256, repeating: 0)
  }

  /// Goes to the next document, deleted ones included; `DocID.terminated` after the last.
  public mutating func next() throws(PostingError) -> DocID {
    if isStarted {
      if cursor.document != .terminated { cursor.next() }
    } else {
      isStarted = true
      cursor.advance(to: 0)
    }
    if let failure = cursor.failure { throw failure }
    return cursor.document
  }

  /// Occurrences in the document it stands on.
  public mutating func frequency() throws(PostingError) -> UInt32 {
    let frequency = cursor.frequency()
    if let failure = cursor.failure { throw failure }
    return frequency
  }

  /// Positions in the document it stands on, ascending; replaces the contents of `positions`.
  public mutating func positions(into positions: inout [UInt32]) throws(PostingError) {
    let count = Int(try frequency())
    guard UInt64(count) <= cursor.reference.totalFrequency else { throw .positions }
    if count > room.count { room = arena.slots(max(count, room.count * 2), repeating: 0) }
    guard cursor.readPositions(into: room, at: 0) else { throw cursor.failure ?? .positions }
    positions.removeAll(keepingCapacity: true)
    positions.reserveCapacity(count)
    for i in 0..<count { positions.append(room[i]) }
  }
}
