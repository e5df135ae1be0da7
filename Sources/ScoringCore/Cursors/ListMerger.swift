internal import Base

/// Makes one list of several: the forms of a stem as they would lie in the index had the stem a list of its own.
///
/// Complexity: O(postings × lists + positions), some tens of nanoseconds a posting. Memory: the positions of all lists
/// while it runs. Single thread.
public struct ListMerger {
  /// Most lists that are merged; more are a wildcard's, which are read window by window.
  public static let listsMax = 64

  private var lists: [Gathered] = []
  /// The document that each list stands on.
  private var heads: [DocID] = []
  /// The positions of a document, of all lists that hold it.
  private var merged: [UInt32] = []

  /// A list from front to back.
  private struct Gathered {
    var documents: [DocID] = []
    /// Where the positions of each document end.
    var ends: [Int] = []
    var positions: [UInt32] = []
    var place = 0

    /// Positions of the document that it stands on.
    var range: Range<Int> { (place == 0 ? 0 : ends[place - 1])..<ends[place] }
  }

  private init() {}

  /// The union of `references`, which have positions and share none of them.
  ///
  /// - Returns: Nil for fewer than two lists or more than `listsMax`, and where two of them hold one position.
  /// - Throws: `PostingError` where the bytes of a list are not what its reference says.
  public static func merge(
    _ references: [PostingListReference], in view: SegmentView
  ) throws(PostingError) -> MergedList? {
    guard references.count > 1, references.count <= listsMax else { return nil }
    var merger = ListMerger()
    for reference in references { try merger.gather(reference, view) }
    var encoder = PostingListEncoder(withPositions: true)
    guard merger.encode(view, into: &encoder) else { return nil }
    return try finish(&encoder)
  }

  private mutating func gather(_ reference: PostingListReference, _ view: SegmentView) throws(PostingError) {
    var list = Gathered()
    list.documents.reserveCapacity(Int(reference.documentFrequency))
    list.ends.reserveCapacity(Int(reference.documentFrequency))
    list.positions.reserveCapacity(Int(clamping: min(reference.totalFrequency, 1 << 24)))
    var walk = try PostingWalk(reference, in: view)
    while true {
      let document = try walk.next()
      if document == .terminated { break }
      // The encoder takes what ascends: damaged bytes are found here.
      guard document < view.documentCount, list.documents.last.map({ $0 < document }) ?? true else { throw .block }
      list.documents.append(document)
      let start = list.positions.count
      try walk.appendPositions(to: &list.positions)
      guard Self.ascend(list.positions.span.extracting(start...)) else { throw .positions }
      list.ends.append(list.positions.count)
    }
    heads.append(list.documents.first ?? .terminated)
    lists.append(list)
  }

  /// Whether there are positions and all of them can be encoded.
  private static func ascend(_ positions: Span<UInt32>) -> Bool {
    guard positions.count > 0, positions[positions.count - 1] < .max else { return false }
    for i in 1..<positions.count where positions[i - 1] >= positions[i] { return false }
    return true
  }

  /// Hands the documents to the encoder, ascending; false where a position is in two lists.
  private mutating func encode(_ view: SegmentView, into encoder: inout PostingListEncoder) -> Bool {
    while true {
      var document = DocID.terminated
      var holder = 0
      var isShared = false
      for number in heads.indices {
        let head = heads[number]
        if head < document {
          (document, holder, isShared) = (head, number, false)
        } else if head == document {
          isShared = true
        }
      }
      if document == .terminated { return true }
      if isShared {
        guard uniteShared(document) else { return false }
      } else {
        takePositions(of: holder)
      }
      encoder.add(
        document, frequency: UInt32(merged.count), norm: view.norm(document), positions: merged.span)
    }
  }

  private mutating func takePositions(of list: Int) {
    merged.removeAll(keepingCapacity: true)
    for i in lists[list].range { merged.append(lists[list].positions[i]) }
    step(list)
  }

  private mutating func step(_ list: Int) {
    lists[list].place += 1
    let place = lists[list].place
    heads[list] = place < lists[list].documents.count ? lists[list].documents[place] : .terminated
  }

  /// The positions of a document that several lists hold; false where two hold the same.
  private mutating func uniteShared(_ document: DocID) -> Bool {
    merged.removeAll(keepingCapacity: true)
    for number in heads.indices where heads[number] == document {
      merged.append(contentsOf: lists[number].positions[lists[number].range])
      step(number)
    }
    merged.sort()
    return zip(merged, merged.dropFirst()).allSatisfy { $0 < $1 }
  }

  private static func finish(_ encoder: inout PostingListEncoder) throws(PostingError) -> MergedList {
    let size = ExtentSize.small
    let pages = Pages()
    // Small ones are many: they are made in memory of their size, so that no large blocks come and go between them.
    var writer = ExtentWriter<Never>(size: size, reserved: 0, capacity: 1_024) { number, bytes in
      pages.store(number, bytes)
    }
    var payload: [UInt8] = []
    encoder.finish(into: &writer, payload: &payload)
    let end = Int(writer.address)
    // SAFETY: bytes are initialised and have no padding.
    let reference = try unsafe PostingListReference(payload: payload.span.bytes)
    if writer.extentCount == 1 {
      guard var page = writer.soleExtent(), end > 0 else { return MergedList(reference, pages: [], size: size) }
      page.append(contentsOf: repeatElement(0, count: (16 - end % 16) % 16))
      return MergedList(reference, pages: [page], size: size)
    }
    _ = writer.finish(header: [])
    return MergedList(reference, pages: pages.taken(upTo: end, size), size: size)
  }

  /// What the writer emits, the first page last.
  private final class Pages {
    private var pages: [Int: [UInt8]] = [:]

    func store(_ number: Int, _ bytes: Span<UInt8>) {
      // SAFETY: copied before the span's pointer ends.
      pages[number] = unsafe bytes.withUnsafeBytes { unsafe [UInt8]($0) }
    }

    /// The pages in order, the last one without what pads it.
    func taken(upTo end: Int, _ size: ExtentSize) -> [[UInt8]] {
      let count = (end + size.usableBytes - 1) / size.usableBytes
      return (0..<count).map { number in
        let page = pages[number] ?? []
        let used = min(end - number * size.usableBytes, size.usableBytes)
        return Array(page[0..<min(page.count, (used + 15) / 16 * 16)])
      }
    }
  }
}
