internal import Base

/// A segment: an immutable byte string that answers queries for a run of documents. See the chapter of this module.
///
/// Its header stands at address 0 and says where each section lies:
///
///     magic            8 bytes  "KWICSEG1"
///     formatVersion    u32
///     analysisVersion  u32
///     documentCount    u32
///     flags            u32      bit 0: stored documents hold their text; bit 1: every document has one text value;
///                               bit 2: a merge has ordered the documents by their words
///     wordCount        u64      occurrences of words in all documents
///     sections         17 × (address u64, count u64)      in the order of `Section`; count in the section's own unit
///     checksum         u32      CRC32C of all before it
struct SegmentHeader: Equatable {
  static let magic: [UInt8] = Array("KWICSEG1".utf8)
  static let formatVersion: UInt32 = 4
  /// Bytes left free at address 0.
  static let reservedBytes = 512
  static let byteCount = 8 + 4 * 4 + 8 + Section.allCases.count * 16 + 4

  enum Section: Int, CaseIterable {
    /// Records of `StoredDocumentFormat`, end to end; count in bytes.
    case stored
    /// Where each document's record begins in `stored`, one more than there are documents: u32, or u64 where `stored` has
    /// more than 4 GiB. Count in entries.
    case storedOffsets
    /// Offsets and records of `DocumentLayoutEncoder`; count in documents.
    case layouts
    /// u8 a document.
    case norms
    /// i64 a document, seconds since 1970, `Int64.min` for none; empty where no document has a date.
    case dates
    /// Directory of the columns (`ColumnFormat`), which lie before it; count in columns.
    case columns
    /// (hash u32, document u32) a document, ascending: see `IdentifierMap`.
    case identifiers
    /// Lists of `ScoringCore`, one an exact form; count in bytes.
    case postings
    /// Lists of the stem classes that have one; count in bytes.
    case classPostings
    /// Heads of the term dictionary; count in blocks. Its keys are counted by `termCount`.
    case terms
    case termCount
    /// Heads of the table of stem classes, and its number of keys.
    case classes
    case classCount
    /// Addresses (u64) of the lists of the phrase layer's words, by their numbers; empty without one.
    case commonLists
    /// Heads of the phrase layer's dictionary (`PairKey`), and its number of keys.
    case pairs
    case pairCount
    /// All that the phrase layer takes; count in bytes.
    case phraseLayer
  }

  struct Extent: Equatable {
    var address: UInt64 = 0
    var count: UInt64 = 0
  }

  struct Flags: OptionSet, Equatable {
    let rawValue: UInt32
    static let storesText = Flags(rawValue: 1)
    static let singleValue = Flags(rawValue: 2)
    static let ordered = Flags(rawValue: 4)
  }

  var analysisVersion: UInt32
  var documentCount: UInt32 = 0
  var flags: Flags = []
  var wordCount: UInt64 = 0
  private var sections = [Extent](repeating: Extent(), count: Section.allCases.count)

  init(analysisVersion: UInt32) { self.analysisVersion = analysisVersion }

  subscript(section: Section) -> Extent {
    get { sections[section.rawValue] }
    set { sections[section.rawValue] = newValue }
  }

  /// Bytes of an entry of `storedOffsets`.
  var storedOffsetBytes: Int { self[.stored].count <= UInt64(UInt32.max) ? 4 : 8 }

  func encoded() -> [UInt8] {
    var bytes = Self.magic
    bytes.appendInteger(Self.formatVersion)
    bytes.appendInteger(analysisVersion)
    bytes.appendInteger(documentCount)
    bytes.appendInteger(flags.rawValue)
    bytes.appendInteger(wordCount)
    for section in sections {
      bytes.appendInteger(section.address)
      bytes.appendInteger(section.count)
    }
    bytes.appendInteger(Seal.crc32c(bytes.span))
    return bytes
  }

  /// Decodes a header, or says how it is wrong.
  init(_ bytes: [UInt8], segment: SegmentID) throws(IndexError) {
    let damage = IndexError.corrupt(segment: segment.rawValue, structure: .header, address: 0)
    guard bytes.count >= Self.byteCount, bytes.starts(with: Self.magic) else { throw damage }
    do {
      var reader = ByteReader(bytes, at: Self.magic.count)
      let version = try reader.integer(UInt32.self)
      guard version == Self.formatVersion else {
        throw IndexError.formatVersion(found: version, known: Self.formatVersion)
      }
      analysisVersion = try reader.integer(UInt32.self)
      documentCount = try reader.integer(UInt32.self)
      flags = Flags(rawValue: try reader.integer(UInt32.self))
      wordCount = try reader.integer(UInt64.self)
      for number in sections.indices {
        sections[number].address = try reader.integer(UInt64.self)
        sections[number].count = try reader.integer(UInt64.self)
      }
      let covered = reader.offset
      let stored = try reader.integer(UInt32.self)
      guard Seal.crc32c(bytes.span.extracting(0..<covered)) == stored else { throw damage }
    } catch let error as IndexError {
      throw error
    } catch {
      throw damage
    }
    guard documentCount <= UInt32(Limits.documentsPerSegmentMax) else { throw damage }
  }
}
