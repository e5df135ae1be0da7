internal import Base

/// A document as a segment keeps it.
///
///     record := id, [date, valueCount varint, value*, extraCount varint, extra*]
///     id     := counted bytes;  date := counted bytes, empty for none
///     value  := field u8, text counted bytes, checkpointCount varint, checkpoint*
///     extra  := name counted bytes, JSON counted bytes
///     checkpoint := varint, bytes from the checkpoint before (from 0 at first)
///
/// Checkpoint i is the byte at which word 128·(i+1) of the value begins: a hit's byte offsets come from analysing
/// the text again from the checkpoint before it, so they cost a few hundred bytes of text and nothing a word.
/// A document without date, values and extras is its id alone, as all are in a segment that stores no text.
enum StoredDocumentFormat {
  static let wordsPerCheckpoint = 128

  struct Value {
    var field: FieldID
    var text: [UInt8]
    /// Byte offsets of every 128th word.
    var checkpoints: [UInt32]
  }

  static func encode(
    id: String, date: String?, values: [Value], extras: [Document.Extra], into bytes: inout [UInt8]
  ) {
    bytes.appendCounted(id.utf8)
    if date == nil, values.isEmpty, extras.isEmpty { return }
    bytes.appendCounted((date ?? "").utf8)
    Varint.append(UInt64(values.count), to: &bytes)
    for value in values {
      bytes.append(value.field.rawValue)
      bytes.appendCounted(value.text)
      Varint.append(UInt64(value.checkpoints.count), to: &bytes)
      var before: UInt32 = 0
      for checkpoint in value.checkpoints {
        Varint.append(checkpoint &- before, to: &bytes)
        before = checkpoint
      }
    }
    Varint.append(UInt64(extras.count), to: &bytes)
    for extra in extras {
      bytes.appendCounted(extra.name.utf8)
      bytes.appendCounted(extra.json)
    }
  }

  static func decode(_ bytes: [UInt8]) throws(ByteError) -> (id: String, date: String?, values: [Value], extras: [Document.Extra]) {
    var reader = ByteReader(bytes)
    let id = String(decoding: try reader.countedBytes(), as: UTF8.self)
    if reader.isAtEnd { return (id, nil, [], []) }
    let date = String(decoding: try reader.countedBytes(), as: UTF8.self)
    var values: [Value] = []
    for _ in 0..<(try reader.varint()) {
      let field = FieldID(rawValue: try reader.byte())
      let text = try reader.countedBytes()
      var checkpoints: [UInt32] = []
      var before: UInt64 = 0
      for _ in 0..<(try reader.varint()) {
        before &+= try reader.varint()
        checkpoints.append(UInt32(truncatingIfNeeded: before))
      }
      values.append(Value(field: field, text: text, checkpoints: checkpoints))
    }
    var extras: [Document.Extra] = []
    for _ in 0..<(try reader.varint()) {
      let name = String(decoding: try reader.countedBytes(), as: UTF8.self)
      extras.append(Document.Extra(name: name, json: try reader.countedBytes()))
    }
    return (id, date.isEmpty ? nil : date, values, extras)
  }

  /// Where the parts of a record lie in it, without extras.
  struct Layout {
    var id: Range<Int>
    /// Empty for none.
    var date = 0..<0
    var values: [StoredRecord.Value] = []
  }

  /// Reads lengths and skips what they measure; every range lies in the record.
  static func layout(_ bytes: RawSpan) throws(ByteError) -> Layout {
    var reader = ByteReader(bytes)
    var layout = Layout(id: try reader.countedRange())
    if reader.isAtEnd { return layout }
    layout.date = try reader.countedRange()
    let valueCount = try reader.varint()
    if valueCount <= UInt64(Limits.fieldsMax) { layout.values.reserveCapacity(Int(valueCount)) }
    for _ in 0..<valueCount {
      let field = FieldID(rawValue: try reader.byte())
      let text = try reader.countedRange()
      let count = try reader.varint()
      let start = reader.offset
      var longest: UInt64 = 0
      var rest = UInt64(text.count)
      for _ in 0..<count {
        let stretch = try reader.varint()
        longest = max(longest, stretch)
        rest -= min(rest, stretch)
      }
      layout.values.append(
        StoredRecord.Value(
          field: field, text: text, checkpoints: start..<reader.offset, checkpointCount: Int(count),
          longestStretchBytes: Int(clamping: max(longest, rest))))
    }
    return layout
  }

  /// The id alone, without the rest.
  static func decodeID(_ bytes: [UInt8]) throws(ByteError) -> [UInt8] {
    var reader = ByteReader(bytes)
    return try reader.countedBytes()
  }
}
