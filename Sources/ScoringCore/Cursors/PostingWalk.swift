public import Base

/// Reads one posting list from front to back: for merges, checks and whoever wants all of it. Not the query's way.
///
/// Owns its buffers and borrows the segment's bytes: use it only while they are valid. Targets ascend. Single thread.
public struct PostingWalk: ~Copyable {
  private var arena: ScratchArena
  private var list: ListCursor
  private var buffer: PositionBuffer
  private var isStarted = false

  /// Stands before the first document.
  /// - Throws: `PostingError` where the list's header or its bytes are not what the reference says.
  public init(_ reference: PostingListReference, in view: SegmentView) throws(PostingError) {
    try self.init(reference, extents: view.extents, documentCount: view.documentCount)
  }

  /// - Parameter documentCount: Documents of the segment; a list that names others is corrupt.
  public init(_ reference: PostingListReference, extents: ExtentMap, documentCount: UInt32) throws(PostingError) {
    var arena = ScratchArena()
    list = try ListCursor(reference, extents: extents, documentCount: documentCount, arena: &arena)
    buffer = PositionBuffer(first: arena.unwritten(PositionBuffer.firstCount, of: UInt32.self))
    self.arena = arena
  }

  /// The document it stands on; `terminated` before the first and after the last.
  public var document: DocID { isStarted ? list.document : .terminated }

  /// Goes to the next document, deleted ones included, and answers it; `DocID.terminated` after the last.
  @discardableResult
  public mutating func next() throws(PostingError) -> DocID {
    guard isStarted else { return try advance(to: 0) }
    if list.document != .terminated { list.next() }
    return try checked(list.document)
  }

  /// Goes to the first document that is `target` or later, and answers it; stays if it stands on such a one.
  /// - Complexity: O(log n) over level-2 entries, then at most 31 level-1 entries and one block.
  @discardableResult
  public mutating func advance(to target: DocID) throws(PostingError) -> DocID {
    if !isStarted || list.document < target {
      isStarted = true
      list.advance(to: target)
    }
    return try checked(list.document)
  }

  /// Occurrences in the document it stands on; 0 where there is none.
  public mutating func frequency() throws(PostingError) -> UInt32 {
    guard document != .terminated else { return 0 }
    return try checked(list.frequency())
  }

  /// Replaces `positions` by those of the document it stands on, ascending; none for a list without positions.
  public mutating func positions(into positions: inout [UInt32]) throws(PostingError) {
    positions.removeAll(keepingCapacity: true)
    try appendPositions(to: &positions)
  }

  /// The same, behind what is there.
  public mutating func appendPositions(to positions: inout [UInt32]) throws(PostingError) {
    let count = Int(try frequency())
    guard count > 0, list.reference.hasPositions else { return }
    guard UInt64(count) <= list.reference.totalFrequency else { throw .positions }
    buffer.reserve(count)
    guard list.readPositions(into: buffer.values, at: 0) else { throw list.failure ?? .positions }
    buffer.append(count, to: &positions)
  }

  private func checked<T>(_ value: T) throws(PostingError) -> T {
    if let failure = list.failure { throw failure }
    return value
  }
}
