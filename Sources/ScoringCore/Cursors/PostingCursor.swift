public import Base

/// Reads one posting list from front to back, for merges, checks and tools.
///
/// Owns its buffers; borrows the segment's bytes, which must outlive it. Starts before the first document and ends at
/// `DocID.terminated`. Targets ascend. Single thread.
public struct PostingCursor: ~Copyable {
  private var arena: ScratchArena
  private var list: ListCursor
  private var isStarted = false

  /// - Parameter documentCount: Documents of the segment; a list that names others is corrupt.
  /// - Throws: `PostingError` where the list's header or its bytes are not what the reference says.
  public init(_ reference: PostingListReference, extents: ExtentMap, documentCount: UInt32) throws(PostingError) {
    var arena = ScratchArena()
    list = try ListCursor(reference, extents: extents, documentCount: documentCount, arena: &arena)
    self.arena = arena
  }

  /// The document the cursor stands on; `terminated` before the first and after the last.
  public var document: DocID { isStarted ? list.document : .terminated }

  /// Moves to the next document and answers it.
  /// - Throws: `PostingError` where the list's bytes are wrong.
  @discardableResult
  public mutating func next() throws(PostingError) -> DocID {
    guard isStarted else { return try advance(to: 0) }
    if list.document != .terminated { list.next() }
    return try checked()
  }

  /// Moves to the first document that is `target` or later, and answers it; stays where it is if that is such a one.
  /// - Complexity: O(log n) over level-2 entries, then at most 31 level-1 entries and one block.
  @discardableResult
  public mutating func advance(to target: DocID) throws(PostingError) -> DocID {
    if !isStarted || list.document < target {
      isStarted = true
      list.advance(to: target)
    }
    return try checked()
  }

  /// Occurrences in the current document; 0 where there is none.
  public mutating func frequency() throws(PostingError) -> UInt32 {
    guard document != .terminated else { return 0 }
    let frequency = list.frequency()
    _ = try checked()
    return frequency
  }

  /// Replaces `positions` by those of the current document, ascending; none for a list without positions.
  public mutating func positions(into positions: inout [UInt32]) throws(PostingError) {
    positions.removeAll(keepingCapacity: true)
    let count = Int(try frequency())
    guard count > 0, list.reference.hasPositions else { return }
    guard UInt64(count) <= list.reference.totalFrequency else { throw .positions }
    var buffer = PositionBuffer()
    buffer.reserve(count)
    guard list.readPositions(into: buffer.values, at: 0) else { throw list.failure ?? .positions }
    buffer.append(count, to: &positions)
  }

  private func checked() throws(PostingError) -> DocID {
    if let failure = list.failure { throw failure }
    return list.document
  }
}
