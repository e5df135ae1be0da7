public import Base
internal import CKernels

/// What execution reads of one segment. A borrowed value: whoever makes it keeps the bytes alive while it is used.
///
/// Thread-safe: nothing in it changes.
@safe
public struct SegmentView: @unchecked Sendable, BitwiseCopyable {
  // SAFETY: `norms` has `documentCount` bytes and `deleted`, where present, (documentCount + 63) / 64 words; the owner
  // of the view keeps both, and the extents, alive and unchanged.
  public let extents: ExtentMap
  public let documentCount: UInt32
  let norms: UnsafePointer<UInt8>
  let deleted: UnsafePointer<UInt64>?
  public let layouts: LayoutTable

  /// - Parameters:
  ///   - norms: The `Norm` of each document.
  ///   - deleted: A bit for each document, set where it is deleted; nil where none is.
  public init(
    extents: ExtentMap, documentCount: UInt32, norms: UnsafePointer<UInt8>, deleted: UnsafePointer<UInt64>?,
    layouts: LayoutTable
  ) {
    self.extents = extents
    self.documentCount = documentCount
    unsafe self.norms = norms  // SAFETY: see the type.
    unsafe self.deleted = deleted  // SAFETY: see the type.
    self.layouts = layouts
  }

  /// The norm of `document`, which is below `documentCount`: cursors check it once a block.
  @inline(__always)
  func norm(_ document: DocID) -> UInt8 {
    unsafe norms[Int(document)]  // SAFETY: document < documentCount.
  }

  /// The words of `document` as ranking sees them; see ``Norm``.
  public func length(of document: DocID) -> UInt32 {
    precondition(document < documentCount, "a document of the segment")
    return Norm.decode(norm(document))
  }

  @inline(__always)
  func isDeleted(_ document: DocID) -> Bool {
    // SAFETY: document < documentCount, so its word is there.
    guard let words = unsafe deleted else { return false }
    return unsafe words[Int(document &>> 6)] &>> UInt64(document & 63) & 1 == 1
  }

  var hasDeletions: Bool { unsafe deleted != nil }  // SAFETY: compares the pointer only.

  /// The same segment as if the documents of a set were deleted and no other. The set outlives the view.
  func deleting(_ set: DocumentSet) -> SegmentView {
    // SAFETY: a set has a bit for each document.
    unsafe SegmentView(extents: extents, documentCount: documentCount, norms: norms, deleted: set.words, layouts: layouts)
  }

  /// The same segment as if nothing were deleted.
  var withoutDeletions: SegmentView {
    // SAFETY: the same pointers.
    unsafe SegmentView(extents: extents, documentCount: documentCount, norms: norms, deleted: nil, layouts: layouts)
  }
}

extension SegmentView {
  /// The deletion bits of documents 64 * word and following. The first of them exists.
  @inline(__always)
  func deletedWord(_ word: DocID) -> UInt64 {
    // SAFETY: 64 * word < documentCount, so the word is there.
    guard let words = unsafe deleted else { return 0 }
    return unsafe words[Int(word)]
  }

  /// BM25 of the first `count` postings of two buffers.
  @inline(__always)
  func score(
    _ documents: Slots<UInt32>, _ frequencies: Slots<UInt32>, count: Int, inverse: Slots<Float>, scale: Float,
    into scores: Slots<Float>
  ) {
    assert(count <= documents.count && count <= frequencies.count && count <= scores.count)
    // SAFETY: the buffers hold `count` elements, documents are below documentCount, the table has 256 entries.
    unsafe kwic_score(
      documents.pointer(), frequencies.pointer(), count, norms, inverse.pointer(), scale, scores.pointer())
  }

  /// The places of the first `count` scores that are above `floor`; answers how many.
  @inline(__always)
  static func above(_ floor: Float, _ scores: Slots<Float>, count: Int, into indexes: Slots<UInt32>) -> Int {
    assert(count <= scores.count && count <= indexes.count)
    return unsafe Int(kwic_above(scores.pointer(), count, floor, indexes.pointer()))  // SAFETY: as asserted.
  }
}
