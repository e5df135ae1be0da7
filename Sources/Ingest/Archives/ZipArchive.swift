internal import Base

/// The directory of a zip archive (PKWARE's APPNOTE 6.3), and its entries unpacked piece by piece.
///
///     [local head, name, extra, data]* … [central entry]* [zip64 end, locator]? end
///     end     := "PK\5\6", disks 4, entries here u16, entries u16, directory bytes u32, directory place u32, comment counted u16
///     central := "PK\1\2", made by u16, needs u16, flags u16, method u16, time u32, crc u32, packed u32, unpacked u32,
///                name bytes u16, extra bytes u16, comment bytes u16, disk u16, attributes 6, local place u32, name, extra, comment
///
/// Sizes and places are believed only as far as they lie inside the file.
struct ZipArchive {
  struct Entry: Equatable, Sendable {
    var name: String
    var method: UInt16
    var isEncrypted: Bool
    var checksum: UInt32
    var packedBytes: Int
    var unpackedBytes: Int
    /// Where its local head is.
    var place: Int

    var isFolder: Bool { name.hasSuffix("/") }
  }

  /// Entries of one archive, and bytes of its directory.
  static let entriesMax = 200_000
  private static let directoryBytesMax = 64 << 20
  /// Bytes of packed data read at a time.
  static let pieceBytes = 16 << 10

  let bytes: SeekableBytes
  let entries: [Entry]
  /// The first entry of each name.
  private let places: [String: Int]

  /// Reads the directory. Complexity: linear in it.
  init(_ bytes: SeekableBytes) throws(FileError) {
    self.bytes = bytes
    let (place, size) = try Self.directory(bytes)
    guard size <= Self.directoryBytesMax else { throw .unsupported("its directory has \(size) bytes, more than are read") }
    let entries = try Self.entries(bytes.read(at: place, count: size))
    self.entries = entries
    places = Dictionary(entries.enumerated().map { ($1.name, $0) }) { first, _ in first }
  }

  /// The entry of a name; nil where there is none.
  func entry(_ name: String) -> Entry? { places[name].map { entries[$0] } }

  /// All bytes of an entry, checked by their sum.
  func read(_ entry: Entry, max: Int = Limits.documentBytesMax) throws(FileError) -> [UInt8] {
    guard entry.unpackedBytes <= max else { throw .tooLarge(max) }
    var reader = try ZipEntryReader(self, entry)
    var result: [UInt8] = []
    while true {
      let piece = try reader.read()
      if piece.isEmpty { return result }
      result.append(contentsOf: piece)
      guard result.count <= max else { throw .tooLarge(max) }
    }
  }

  // MARK: The directory

  private static func directory(_ bytes: SeekableBytes) throws(FileError) -> (place: Int, size: Int) {
    let tailBytes = min(bytes.count, 22 + 65_535 + 20)
    let tailPlace = bytes.count - tailBytes
    let tail = try bytes.read(at: tailPlace, count: tailBytes)
    var end = tail.count - 22
    while end >= 0, !tail[end...].starts(with: [0x50, 0x4B, 5, 6]) { end -= 1 }
    guard end >= 0 else { throw .damagedArchive("no zip archive, or one that is cut off: its directory is not there") }
    var size = Int(integer(tail, end + 12, 4))
    var place = Int(integer(tail, end + 16, 4))
    if end >= 20, tail[(end - 20)...].starts(with: [0x50, 0x4B, 6, 7]) {
      // Zip64: the locator says where the longer end is.
      let recordPlace = Int(clamping: integer(tail, end - 12, 8))
      let record = try bytes.read(at: recordPlace, count: 56)
      if record.count == 56, record.starts(with: [0x50, 0x4B, 6, 6]) {
        size = Int(clamping: integer(record, 40, 8))
        place = Int(clamping: integer(record, 48, 8))
      }
    }
    guard place >= 0, size >= 0, place <= bytes.count, size <= bytes.count - place else {
      throw .damagedArchive("its directory lies outside of the file: cut off or damaged")
    }
    return (place, size)
  }

  private static func entries(_ directory: [UInt8]) throws(FileError) -> [Entry] {
    var entries: [Entry] = []
    var at = 0
    while at + 46 <= directory.count, directory[at...].starts(with: [0x50, 0x4B, 1, 2]) {
      guard entries.count < entriesMax else { throw .unsupported("more than \(entriesMax) entries") }
      let flags = integer(directory, at + 8, 2)
      let nameCount = Int(integer(directory, at + 28, 2))
      let extraCount = Int(integer(directory, at + 30, 2))
      let next = at + 46 + nameCount + extraCount + Int(integer(directory, at + 32, 2))
      guard next <= directory.count else { break }
      let nameBytes = Array(directory[(at + 46)..<(at + 46 + nameCount)])
      var entry = Entry(
        name: name(nameBytes, isUTF8: flags & 0x800 != 0), method: UInt16(integer(directory, at + 10, 2)),
        isEncrypted: flags & 0x41 != 0, checksum: UInt32(integer(directory, at + 16, 4)),
        packedBytes: Int(integer(directory, at + 20, 4)), unpackedBytes: Int(integer(directory, at + 24, 4)),
        place: Int(integer(directory, at + 42, 4)))
      let extra = Array(directory[(at + 46 + nameCount)..<(at + 46 + nameCount + extraCount)])
      takeZip64(extra, &entry)
      entries.append(entry)
      at = next
    }
    if entries.isEmpty, !directory.isEmpty { throw .damagedArchive("its directory is damaged") }
    return entries
  }

  /// Field 1 of the extra data has what does not fit into 32 bits, in this order.
  private static func takeZip64(_ extra: [UInt8], _ entry: inout Entry) {
    var at = 0
    while at + 4 <= extra.count {
      let size = Int(integer(extra, at + 2, 2))
      guard at + 4 + size <= extra.count else { return }
      if integer(extra, at, 2) == 1 {
        var place = at + 4
        let end = at + 4 + size
        for part in [\Entry.unpackedBytes, \Entry.packedBytes, \Entry.place] where entry[keyPath: part] == 0xFFFF_FFFF && place + 8 <= end {
          entry[keyPath: part] = Int(clamping: integer(extra, place, 8))
          place += 8
        }
        return
      }
      at += 4 + size
    }
  }

  /// Names are UTF-8 where a flag says so or they are; else they are taken as code page 437, which zip began with.
  private static func name(_ bytes: [UInt8], isUTF8: Bool) -> String {
    if isUTF8 { return String(decoding: bytes, as: UTF8.self) }
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    return String(decoding: CharacterConverter(from: "CP437")?.convert(bytes).text ?? bytes, as: UTF8.self)
  }

  /// Little-endian; 0 beyond the end.
  static func integer(_ bytes: [UInt8], _ place: Int, _ count: Int) -> UInt64 {
    guard place >= 0, place + count <= bytes.count else { return 0 }
    return (0..<count).reduce(0) { $0 | UInt64(bytes[place + $1]) << UInt64($1 * 8) }
  }
}
