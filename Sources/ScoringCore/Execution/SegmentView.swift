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
  /// The documents that are looked at; all others pass for deleted. Execution begins and ends with them.
  var range: Range<DocID> { first..<end }
  private let first: DocID
  private let end: DocID

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
    first = 0
    end = documentCount
  }

  private init(_ view: SegmentView, deleted: UnsafePointer<UInt64>?, range: Range<DocID>) {
    extents = view.extents
    documentCount = view.documentCount
    unsafe norms = view.norms  // SAFETY: of the same segment.
    unsafe self.deleted = deleted  // SAFETY: the caller vouches for it.
    layouts = view.layouts
    first = range.lowerBound
    end = range.upperBound
  }

  /// A part of the segment, for one of several executions side by side. Their answers together are the segment's.
  /// - Parameter range: Begins at a multiple of `partMultiple`.
  public func part(_ range: Range<DocID>) -> SegmentView {
    precondition(range.lowerBound % Self.partMultiple == 0 && range.upperBound <= documentCount)
    // SAFETY: the same pointers.
    return unsafe SegmentView(self, deleted: deleted, range: range)
  }

  /// What parts of a segment begin at multiples of.
  public static let partMultiple: DocID = 16_384

  private var isPart: Bool { first > 0 || end < documentCount }

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
    guard document >= first, document < end else { return true }
    // SAFETY: document < documentCount, so its word is there.
    guard let words = unsafe deleted else { return false }
    return unsafe words[Int(document &>> 6)] &>> UInt64(document & 63) & 1 == 1
  }

  var hasDeletions: Bool { unsafe deleted != nil || isPart }  // SAFETY: compares the pointer only.

  /// The same segment as if the documents of a set were deleted and no other. The set outlives the view.
  func deleting(_ set: DocumentSet) -> SegmentView {
    // SAFETY: a set has a bit for each document.
    unsafe SegmentView(self, deleted: set.words, range: range)
  }

  /// The same segment as if nothing were deleted.
  var withoutDeletions: SegmentView {
    // SAFETY: the same pointers.
    unsafe SegmentView(self, deleted: nil, range: 0..<documentCount)
  }
}

extension SegmentView {
  /// The deletion bits of documents 64 * word and following. The first of them exists.
  @inline(__always)
  func deletedWord(_ word: DocID) -> UInt64 {
    let outside = isPart ? ~mask(of: word) : 0
    // SAFETY: 64 * word < documentCount, so the word is there.
    guard let words = unsafe deleted else { return outside }
    return unsafe words[Int(word)] | outside
  }

  /// Which of documents 64 * word and following are in the range.
  private func mask(of word: DocID) -> UInt64 {
    func below(_ bound: DocID) -> UInt64 {
      bound <= 64 * word ? 0 : bound - 64 * word >= 64 ? .max : (1 << UInt64(bound - 64 * word)) - 1
    }
    return below(range.upperBound) & ~below(range.lowerBound)
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
