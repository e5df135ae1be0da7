public import Base

/// A stored document read where it lies: what is shown of a document is a few hundred bytes of it, and nothing else is
/// copied. `StoredDocument` is its twin with all of it copied out.
///
/// Borrows its snapshot as `Segment` does. Thread-safe: nothing in it changes. An object, since it is handed from one to the
/// next for each line that is shown.
@safe
public final class StoredRecord: @unchecked Sendable {
  /// One value of a text field: where its text lies in the record.
  public struct Value: Sendable {
    public let field: FieldID
    public let text: Range<Int>
    /// The bytes of its checkpoints, which are whole varints, and how many these are.
    let checkpoints: Range<Int>
    public let checkpointCount: Int
    /// Bytes between two checkpoints, or before the first or behind the last, at most.
    public let longestStretchBytes: Int
  }

  // SAFETY (whole type): `start` has `byteCount` readable bytes of an extent that the snapshot keeps alive; nil where the
  // record is cut by the end of an extent, and then `copy` is the record.
  private let start: UnsafeRawPointer?
  private let copy: [UInt8]
  /// Length of the whole record.
  public let byteCount: Int
  private let idRange: Range<Int>
  private let dateRange: Range<Int>
  /// In the document's order; none in a segment that stores no text.
  public let values: [Value]
  private let fields: FieldTable

  /// - Parameter start: Nil where `copy` is the record.
  init(start: UnsafeRawPointer?, byteCount: Int, copy: [UInt8], fields: FieldTable) throws(ByteError) {
    unsafe self.start = start
    self.copy = copy
    self.byteCount = byteCount
    self.fields = fields
    let layout: StoredDocumentFormat.Layout
    if let start = unsafe start {
      layout = try StoredDocumentFormat.layout(unsafe RawSpan(_unsafeStart: start, byteCount: byteCount))
    } else {
      layout = try StoredDocumentFormat.layout(unsafe copy.span.bytes)
    }
    (idRange, dateRange) = (layout.id, layout.date)
    values = layout.values
  }

  /// Lends the record's bytes, which all ranges are about.
  @inline(__always)
  public func withBytes<R>(_ body: (Span<UInt8>) -> R) -> R {
    guard let start = unsafe start else {
      let copy = copy
      return body(copy.span)
    }
    return unsafe body(Span(_unsafeStart: start.assumingMemoryBound(to: UInt8.self), count: byteCount))
  }

  public var id: String { string(idRange) }
  /// As the document gave it.
  public var date: String? { dateRange.isEmpty ? nil : string(dateRange) }
  public var idBytes: Range<Int> { idRange }
  /// Empty where there is none.
  public var dateBytes: Range<Int> { dateRange }

  public func name(of value: Value) -> String { fields.name(of: value.field) ?? "" }

  /// The first value of a field.
  public func value(of field: String) -> Value? {
    guard let id = fields.id(of: field) else { return nil }
    return values.first { $0.field == id }
  }

  /// A copy of a range of the record as text; bytes that are not UTF-8 become U+FFFD.
  public func string(_ range: Range<Int>) -> String {
    withBytes { unsafe $0.extracting(range).withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) } }
  }

  /// The byte of a value's text at which its word 128·`number` begins; `number` is at most the count of its checkpoints.
  /// Complexity: O(number).
  public func checkpoint(_ number: Int, of value: Value) -> Int {
    withBytes { bytes in
      var place = value.checkpoints.lowerBound
      var byte = 0
      for _ in 0..<number {
        // `init` has read them all: they are whole.
        var shift = 0
        while true {
          let next = bytes[place]
          place += 1
          byte &+= Int(next & 0x7F) &<< shift
          shift += 7
          if next < 0x80 { break }
        }
      }
      return Int(UInt32(truncatingIfNeeded: byte))
    }
  }
}
