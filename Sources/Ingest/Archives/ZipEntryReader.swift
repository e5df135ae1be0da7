/// Unpacks one entry of a zip archive piece by piece. Use from one thread, as long as the archive's file is open.
struct ZipEntryReader: ~Copyable {
  private let archive: ZipArchive
  private let entry: ZipArchive.Entry
  private var inflater: Inflater?
  private var place: Int
  private var packedLeft: Int
  private var unpackedCount = 0
  private var checksum: UInt32 = 0
  private var isEnded = false

  init(_ archive: ZipArchive, _ entry: ZipArchive.Entry) throws(FileError) {
    guard !entry.isEncrypted else { throw .unsupported("encrypted") }
    guard entry.method == 0 || entry.method == 8 else {
      throw .unsupported("packed by method \(entry.method), which is not unpacked")
    }
    let head = try archive.bytes.read(at: entry.place, count: 30)
    guard head.count == 30, head.starts(with: [0x50, 0x4B, 3, 4]) else {
      throw .damagedArchive("its head is not where the directory says")
    }
    let start = entry.place + 30 + Int(ZipArchive.integer(head, 26, 2)) + Int(ZipArchive.integer(head, 28, 2))
    guard start <= archive.bytes.count, entry.packedBytes <= archive.bytes.count - start else {
      throw .damagedArchive("it goes beyond the end of the file")
    }
    inflater = entry.method == 0 ? nil : try Inflater(.raw)
    place = start
    packedLeft = entry.packedBytes
    self.archive = archive
    self.entry = entry
  }

  /// The next bytes; empty at the end, once size and sum have been found right.
  mutating func read() throws(FileError) -> [UInt8] {
    while !isEnded {
      let piece = try nextPiece()
      if !piece.isEmpty {
        unpackedCount += piece.count
        checksum = ZlibLibrary.shared?.checksum(checksum, piece) ?? checksum
        return piece
      }
      guard packedLeft == 0 else { continue }
      isEnded = true
      guard unpackedCount == entry.unpackedBytes, ZlibLibrary.shared == nil || checksum == entry.checksum else {
        throw .damagedArchive("its bytes are not those that were packed")
      }
    }
    return []
  }

  private mutating func nextPiece() throws(FileError) -> [UInt8] {
    let count = min(packedLeft, ZipArchive.pieceBytes)
    guard count > 0 else { return [] }
    let packed = try archive.bytes.read(at: place, count: count)
    guard packed.count == count else { throw .damagedArchive("the file has become shorter") }
    place += count
    packedLeft -= count
    if inflater == nil { return packed }
    let unpacked = try inflater!.append(packed, max: .max)
    if inflater?.isFinished == true { packedLeft = 0 }
    return unpacked
  }
}
