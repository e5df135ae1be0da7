public import Base

/// What is wrong with a layout record.
public enum LayoutError: Error, Sendable, Equatable {
  /// The table names bytes that are not there, or offsets that descend.
  case outOfBounds(document: DocID)
  /// A record that is cut short, too long, or whose sentences do not add up.
  case malformed(document: DocID)
}

/// The layout records of one segment. See ``DocumentLayoutEncoder`` for the bytes.
///
/// Reads through the segment's ``ExtentMap`` and lives no longer than it. Thread-safe: nothing in it changes.
public struct LayoutTable: Sendable, BitwiseCopyable {
  public let extents: ExtentMap
  public let documentCount: UInt32
  private let offsetsAddress: UInt64
  private var recordsAddress: UInt64 { offsetsAddress + (UInt64(documentCount) + 1) * 4 }

  /// Whether every document has one value: then there is no boundary between values that a match could cross.
  public let hasSingleValues: Bool

  /// - Parameter address: What ``DocumentLayoutEncoder/finish(into:)`` returned.
  public init(extents: ExtentMap, address: UInt64, documentCount: UInt32, hasSingleValues: Bool = false) {
    self.hasSingleValues = hasSingleValues
    self.extents = extents
    self.documentCount = documentCount
    offsetsAddress = address
  }

  /// Reads the layout of `document`.
  ///
  /// - Parameter sentences: Whether sentences and paragraphs are wanted too.
  /// - Complexity: O(values), with sentences O(values + sentences); no allocation once `layout` has grown.
  public func load(_ document: DocID, sentences: Bool, into layout: inout DocumentLayout) throws(LayoutError) {
    layout.removeAll()
    let (address, count) = try location(of: document)
    // SAFETY: the map gives `count` readable bytes or nil; they live as long as the extents, beyond this call.
    if let bytes = unsafe extents.pointer(at: address, byteCount: count) {
      let span = unsafe RawSpan(_unsafeStart: bytes, byteCount: count)
      try Self.parse(span, document, sentences, &layout)
    } else if let copy = extents.copyBytes(at: address, count: count) {
      // SAFETY: bytes of integers, all initialised.
      try unsafe Self.parse(copy.span.bytes, document, sentences, &layout)
    } else {
      throw .outOfBounds(document: document)
    }
  }

  /// A copy of the record of `document`, for a merge.
  public func record(_ document: DocID) throws(LayoutError) -> [UInt8] {
    let (address, count) = try location(of: document)
    guard let bytes = extents.copyBytes(at: address, count: count) else { throw .outOfBounds(document: document) }
    return bytes
  }

  private func location(of document: DocID) throws(LayoutError) -> (address: UInt64, count: Int) {
    guard document < documentCount, let start = offset(UInt64(document)), let end = offset(UInt64(document) + 1),
      start <= end
    else { throw .outOfBounds(document: document) }
    return (recordsAddress + UInt64(start), Int(end - start))
  }

  private func offset(_ index: UInt64) -> UInt32? {
    guard offsetsAddress.isMultiple(of: 4) else { return nil }
    // SAFETY: the map gives four readable bytes or nil.
    guard let bytes = unsafe extents.pointer(at: offsetsAddress + index * 4, byteCount: 4) else { return nil }
    return unsafe UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self))  // SAFETY: as above.
  }

  private static func parse(
    _ bytes: RawSpan, _ document: DocID, _ sentences: Bool, _ layout: inout DocumentLayout
  ) throws(LayoutError) {
    do {
      var reader = ByteReader(bytes)
      let valueCount = try reader.varint()
      guard valueCount <= UInt64(reader.remaining) else { throw LayoutError.malformed(document: document) }
      var start: UInt64 = 0
      for _ in 0..<valueCount {
        let field = FieldID(rawValue: try reader.byte())
        let wordCount = try reader.varint()
        guard wordCount < UInt64(UInt32.max), start + wordCount < UInt64(UInt32.max) else {
          throw LayoutError.malformed(document: document)
        }
        layout.values.append(.init(field: field, start: UInt32(start), wordCount: UInt32(wordCount)))
        start += wordCount + 1
      }
      guard sentences else { return }
      for value in layout.values {
        var position = value.start
        while position < value.end {
          let entry = try reader.varint()
          let length = entry >> 1
          guard length > 0, length <= UInt64(value.end - position) else {
            throw LayoutError.malformed(document: document)
          }
          layout.sentenceStarts.append(position)
          if entry & 1 == 1 || position == value.start { layout.paragraphStarts.append(position) }
          position += UInt32(length)
        }
      }
    } catch {
      throw .malformed(document: document)
    }
  }
}
