internal import Base

/// What a dictionary entry says about one posting list: its counts, and where it is or the list itself.
///
/// A plain value of no heap storage; it holds no pointer and outlives the segment's bytes.
public struct PostingListReference: Sendable, BitwiseCopyable, Equatable {
  enum Layout: UInt8, BitwiseCopyable {
    case inline, short, long
  }

  /// Documents in the list.
  public let documentFrequency: UInt32
  /// Occurrences in all of them.
  public let totalFrequency: UInt64
  /// False for the lists of stem classes.
  public let hasPositions: Bool
  let layout: Layout
  /// Length of an inline or short list.
  let byteCount: Int
  /// Where a short list or the header of a long list begins.
  let address: UInt64
  /// The bytes of an inline list, first byte lowest.
  let inlineWords: InlineArray<4, UInt64>

  /// Parses exactly one payload as `PostingListEncoder.finish` returned it.
  /// - Parameter withPositions: What the encoder of the list was told.
  /// - Throws: `PostingError.payload`.
  public init(payload: RawSpan, withPositions: Bool = true) throws(PostingError) {
    do throws(ByteError) {
      var reader = ByteReader(payload)
      let head = try reader.varint()
      let surplusLessOne = head & 2 == 0 ? try reader.varint() : 0
      guard head >> 2 <= UInt64(Limits.documentsPerSegmentMax), head >> 2 > 0,
        surplusLessOne < Limits.wordsPerSegmentMax
      else { throw ByteError.truncated(offset: 0) }
      documentFrequency = UInt32(head >> 2)
      totalFrequency = head >> 2 + (head & 2 == 0 ? surplusLessOne + 1 : 0)
      hasPositions = withPositions
      var words = InlineArray<4, UInt64>(repeating: 0)
      if head & 1 == 1 {
        layout = .inline
        address = 0
        byteCount = reader.remaining
        guard byteCount <= PostingListFormat.inlineBytesMax else { throw ByteError.truncated(offset: reader.offset) }
        for i in 0..<byteCount { words[i / 8] |= UInt64(try reader.byte()) << UInt64(8 * (i % 8)) }
      } else if documentFrequency < UInt32(PostingListFormat.blockCount) {
        layout = .short
        address = try reader.varint()
        byteCount = Int(truncatingIfNeeded: try reader.varint())
      } else {
        layout = .long
        address = try reader.varint()
        byteCount = 0
      }
      inlineWords = words
      guard reader.isAtEnd, byteCount >= 0 else { throw ByteError.truncated(offset: reader.offset) }
    } catch {
      throw .payload
    }
    if layout == .inline, documentFrequency > UInt32(PostingListFormat.inlineDocumentsMax) { throw .payload }
  }

  /// Whether no document has the word twice.
  var isOnceEach: Bool { totalFrequency == UInt64(documentFrequency) }

  /// Where a long list's header lies, by which a list is told from others of its segment; nil for inline and short ones.
  public var longListAddress: UInt64? { layout == .long ? address : nil }

  /// Byte `i` of an inline list; 0 beyond its end.
  func inlineByte(_ i: Int) -> UInt8 {
    i < byteCount ? UInt8(truncatingIfNeeded: inlineWords[i / 8] >> UInt64(8 * (i % 8))) : 0
  }

  public static func == (a: PostingListReference, b: PostingListReference) -> Bool {
    a.documentFrequency == b.documentFrequency && a.totalFrequency == b.totalFrequency
      && a.hasPositions == b.hasPositions && a.layout == b.layout && a.byteCount == b.byteCount && a.address == b.address
      && (0..<4).allSatisfy { a.inlineWords[$0] == b.inlineWords[$0] }
  }

  /// Whether the encoder gives a list of so many documents blocks, and so a long list's header.
  public static func isLong(documentFrequency: UInt32) -> Bool {
    documentFrequency >= UInt32(PostingListFormat.blockCount)
  }
}
