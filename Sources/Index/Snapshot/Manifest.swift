internal import Base

/// What the index is, in one small record of the table `meta`, rewritten by every commit.
///
///     manifest := "KWICIDX1", formatVersion u32, analysisVersion u32, stemming u8, generation u64, nextSegment u64,
///                 fieldCount varint, (name counted bytes)*, columnCount varint, (kind u8, name counted bytes)*
///
/// Fields are those with text in the order of their ids, columns those of the schema in the order of their numbers.
struct Manifest: Equatable {
  static let key = Array("manifest".utf8)
  static let magic = Array("KWICIDX1".utf8)

  var analysisVersion: UInt32
  var stemming: UInt8
  /// Counts commits; a snapshot's name.
  var generation: UInt64 = 0
  var nextSegment: UInt64 = 1
  var fields: FieldTable = FieldTable()
  var schema = IndexSchema()

  func encoded() -> [UInt8] {
    var bytes = Self.magic
    bytes.appendInteger(SegmentHeader.formatVersion)
    bytes.appendInteger(analysisVersion)
    bytes.append(stemming)
    bytes.appendInteger(generation)
    bytes.appendInteger(nextSegment)
    Varint.append(UInt64(fields.names.count), to: &bytes)
    for name in fields.names { bytes.appendCounted(name.utf8) }
    Varint.append(UInt64(schema.fields.count), to: &bytes)
    for field in schema.fields {
      bytes.append(field.kind.rawValue)
      bytes.appendCounted(field.name.utf8)
    }
    return bytes
  }

  init(analysisVersion: UInt32, stemming: UInt8) {
    self.analysisVersion = analysisVersion
    self.stemming = stemming
  }

  init(_ bytes: [UInt8]) throws(IndexError) {
    let damage = IndexError.corrupt(segment: 0, structure: .manifest, address: 0)
    guard bytes.starts(with: Self.magic) else { throw damage }
    do {
      var reader = ByteReader(bytes, at: Self.magic.count)
      let version = try reader.integer(UInt32.self)
      guard version == SegmentHeader.formatVersion else {
        throw IndexError.formatVersion(found: version, known: SegmentHeader.formatVersion)
      }
      analysisVersion = try reader.integer(UInt32.self)
      stemming = try reader.byte()
      generation = try reader.integer(UInt64.self)
      nextSegment = try reader.integer(UInt64.self)
      var names: [String] = []
      for _ in 0..<(try reader.varint()) { names.append(String(decoding: try reader.countedBytes(), as: UTF8.self)) }
      fields = FieldTable(names: names)
      var columns: [IndexSchema.Field] = []
      for _ in 0..<(try reader.varint()) {
        guard let kind = IndexSchema.Kind(rawValue: try reader.byte()) else { throw damage }
        columns.append(IndexSchema.Field(name: String(decoding: try reader.countedBytes(), as: UTF8.self), kind: kind))
      }
      schema = IndexSchema(fields: columns)
    } catch let error as IndexError {
      throw error
    } catch {
      throw damage
    }
  }
}

/// What the table `segments` says of one segment, under its id (u64 BE).
///
///     record := extentSize u8, extentCount u32, documentCount u32, deletedCount u32, wordCount u64
struct SegmentRecord: Equatable {
  var id: SegmentID
  var extentSize: ExtentSize
  var extentCount: UInt32
  var documentCount: UInt32
  var deletedCount: UInt32
  var wordCount: UInt64

  var liveCount: UInt32 { documentCount - deletedCount }
  /// Bytes of the environment that the segment takes.
  var byteCount: UInt64 { UInt64(extentCount) * UInt64(extentSize.valueBytes + 16) }

  static func key(_ id: SegmentID) -> [UInt8] { withBigEndian(id.rawValue) }

  static func deletesKey(_ id: SegmentID, chunk: Int) -> [UInt8] {
    withBigEndian(id.rawValue) + withBigEndian(UInt32(chunk))
  }

  private static func withBigEndian<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.appendInteger(value.byteSwapped)
    return bytes
  }

  func encoded() -> [UInt8] {
    var bytes: [UInt8] = [extentSize.rawValue]
    bytes.appendInteger(extentCount)
    bytes.appendInteger(documentCount)
    bytes.appendInteger(deletedCount)
    bytes.appendInteger(wordCount)
    return bytes
  }

  init(
    id: SegmentID, extentSize: ExtentSize, extentCount: UInt32, documentCount: UInt32, deletedCount: UInt32,
    wordCount: UInt64
  ) {
    self.id = id
    self.extentSize = extentSize
    self.extentCount = extentCount
    self.documentCount = documentCount
    self.deletedCount = deletedCount
    self.wordCount = wordCount
  }

  init(key: [UInt8], value: [UInt8]) throws(IndexError) {
    let damage = IndexError.corrupt(segment: 0, structure: .manifest, address: 0)
    do {
      var keyReader = ByteReader(key)
      id = SegmentID(rawValue: UInt64(bigEndian: try keyReader.integer(UInt64.self).littleEndian))
      var reader = ByteReader(value)
      guard let size = ExtentSize(rawValue: try reader.byte()) else { throw damage }
      extentSize = size
      extentCount = try reader.integer(UInt32.self)
      documentCount = try reader.integer(UInt32.self)
      deletedCount = try reader.integer(UInt32.self)
      wordCount = try reader.integer(UInt64.self)
    } catch {
      throw damage
    }
    guard deletedCount <= documentCount, extentCount > 0 else { throw damage }
  }
}
