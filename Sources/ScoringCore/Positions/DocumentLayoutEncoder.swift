public import Base

/// Writes the layout records of a segment, and where each begins.
///
///     record    = varint valueCount, value × valueCount, (sentences of a value) × valueCount
///     value     = u8 fieldID, varint wordCount
///     sentences = varint(length << 1 | startsParagraph) until the lengths add up to wordCount
///
/// A document of a title of 3 words and a body of 12 words, whose body has sentences of 5 and 3 words and a second
/// paragraph of one sentence of 4: positions 0–2, a gap at 3, and 4–15.
///
///     02  00 03  01 0C  07  0B 06 09
///     two values; field 0, 3 words; field 1, 12 words; (3,¶); (5,¶) (3) (4,¶)
///
/// In the segment's byte string: u32 offsets, 4-aligned, one for each document and one for the end, each relative to
/// the first record; then the records, one after the other, cut anywhere by extents.
public struct DocumentLayoutEncoder: Sendable {
  private var records: [UInt8] = []
  private var offsets: [UInt32] = [0]
  private var values: [(field: FieldID, wordCount: UInt32)] = []
  private var sentences: [UInt8] = []
  private var nextStart: UInt32 = 0

  public init() {}

  public var documentCount: Int { offsets.count - 1 }
  /// Bytes held until ``finish(into:)``.
  public var byteCount: Int { records.count + offsets.count * 4 }

  /// Adds the next value of the document under way and returns its first position in the document's space.
  ///
  /// - Parameters:
  ///   - sentenceStarts: Word positions relative to the value, ascending; the first is 0 unless there are no words.
  ///   - paragraphStarts: Those of them that begin a paragraph.
  @discardableResult
  public mutating func addValue(
    field: FieldID, wordCount: UInt32, sentenceStarts: Span<UInt32>, paragraphStarts: Span<UInt32>
  ) -> UInt32 {
    precondition(wordCount == 0 || (!sentenceStarts.isEmpty && sentenceStarts[0] == 0), "a value begins a sentence")
    var paragraph = 0
    for index in sentenceStarts.indices where sentenceStarts[index] < wordCount {
      let start = sentenceStarts[index]
      let end = index + 1 < sentenceStarts.count ? min(sentenceStarts[index + 1], wordCount) : wordCount
      precondition(end > start, "sentences ascend")
      while paragraph < paragraphStarts.count, paragraphStarts[paragraph] < start { paragraph += 1 }
      let begins = start == 0 || (paragraph < paragraphStarts.count && paragraphStarts[paragraph] == start)
      Varint.append(UInt64(end - start) << 1 | (begins ? 1 : 0), to: &sentences)
    }
    values.append((field, wordCount))
    let start = nextStart
    nextStart += wordCount + 1
    return start
  }

  /// Ends the document: the values added since the last call are its record.
  public mutating func endDocument() {
    Varint.append(UInt64(values.count), to: &records)
    for value in values {
      records.append(value.field.rawValue)
      Varint.append(value.wordCount, to: &records)
    }
    records.append(contentsOf: sentences)
    values.removeAll(keepingCapacity: true)
    sentences.removeAll(keepingCapacity: true)
    nextStart = 0
    noteEnd()
  }

  /// Writes what ``finish(into:)`` writes, out of the records that other segments have; each is asked for twice, so that
  /// four bytes a document are all that is held. Answers the address.
  public static func write<Failure: Error>(
    documentCount: Int, into writer: inout ExtentWriter<Failure>, record: (Int) throws(Failure) -> [UInt8]
  ) throws(Failure) -> UInt64 {
    var table: [UInt8] = []
    table.reserveCapacity((documentCount + 1) * 4)
    var end = 0
    table.appendInteger(UInt32(0))
    for document in 0..<documentCount {
      let bytes = try record(document)
      end += bytes.count
      precondition(end <= Int(UInt32.max), "layout records of a segment exceed 4 GiB")
      table.appendInteger(UInt32(end))
    }
    let first = [UInt8](table[..<4])
    let address = try writer.appendTogether(first.span, alignment: 4)
    let others = [UInt8](table[4...])
    try writer.append(others.span)
    for document in 0..<documentCount {
      let bytes = try record(document)
      try writer.append(bytes.span)
    }
    return address
  }

  /// Adds all finished documents of another encoder behind one's own.
  public mutating func append(_ other: DocumentLayoutEncoder) {
    precondition(values.isEmpty && other.values.isEmpty, "a document is under way")
    precondition(records.count + other.records.count <= Int(UInt32.max), "layout records of a segment exceed 4 GiB")
    let base = UInt32(records.count)
    records.append(contentsOf: other.records)
    for offset in other.offsets.dropFirst() { offsets.append(base + offset) }
  }

  private mutating func noteEnd() {
    precondition(records.count <= Int(UInt32.max), "layout records of a segment exceed 4 GiB")
    offsets.append(UInt32(records.count))
  }

  /// Writes offsets and records; ``LayoutTable`` reads them by the address returned. Empties the encoder.
  public mutating func finish<Failure: Error>(into writer: inout ExtentWriter<Failure>) throws(Failure) -> UInt64 {
    var table: [UInt8] = []
    table.reserveCapacity(offsets.count * 4)
    for offset in offsets { table.appendInteger(offset) }
    let address = try writer.appendTogether([UInt8](table[..<4]).span, alignment: 4)
    try writer.append([UInt8](table[4...]).span)
    try writer.append(records.span)
    self = DocumentLayoutEncoder()
    return address
  }
}
