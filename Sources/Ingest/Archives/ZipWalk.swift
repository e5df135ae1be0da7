internal import Base

/// The documents of a zip archive, entry by entry: each as its own name says, `PATH#ENTRY`.
///
/// Archives inside are not opened. All entries together may not bring more than `FileReader.expansionMax` times the bytes
/// of the archive, however they overlap. Memory is bounded by one document.
struct ZipWalk: ~Copyable {
  typealias Item = RecordReader.Item

  /// Folders that systems put beside what people pack.
  private static let silentFolders = ["__MACOSX/"]

  private let path: String
  private let entries: EntryReader
  private let archive: ZipArchive
  private var number = 0
  private var pending: [Item] = []
  private var stream: (any RecordReader)?
  private var streamed: ZipEntryReader?
  private var name = ""
  private var unpackedBytes = 0
  private var hasItem = false

  init(path: String, bytes: SeekableBytes, entries: EntryReader) throws(FileError) {
    self.path = path
    self.entries = entries
    archive = try ZipArchive(bytes)
  }

  /// The next document or problem; nil at the end. What is wrong with the archive as a whole is thrown.
  mutating func next() throws(FileError) -> Item? {
    while true {
      if let item = pending.popLast() ?? stream?.next() {
        hasItem = true
        return told(item)
      }
      if stream != nil {
        try readStream()
      } else if number < archive.entries.count {
        number += 1
        try open(archive.entries[number - 1])
      } else if !hasItem {
        hasItem = true
        return .refused(LineProblem(.emptyFile, "an archive without files in it"))
      } else {
        return nil
      }
    }
  }

  private func told(_ item: Item) -> Item {
    guard case .refused(let problem) = item else { return item }
    let message = "\(name.prefix(200)): \(problem.message)"
    return .refused(LineProblem(problem.code, message, line: problem.line, column: problem.column, id: problem.id))
  }

  private mutating func open(_ entry: ZipArchive.Entry) throws(FileError) {
    let parts = entry.name.split(separator: "/")
    guard !entry.isFolder, let last = parts.last, !Self.silentFolders.contains(where: { entry.name.hasPrefix($0) }) else { return }
    name = entry.name
    let id = "\(path)#\(entry.name)"
    guard id.utf8.count <= Limits.documentIDBytesMax, !id.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
      return refuse(.longID, "a name that is too long, or has control characters")
    }
    guard last.first != ".", let format = SourceFormat(path: String(last)), format != .undeclared else {
      return refuse(.noDocument, "no name of a format that is read")
    }
    guard !last.hasSuffix(".gz"), !last.hasSuffix(".zst"), format != .zip else {
      return refuse(.unsupported, "an archive inside an archive, which is not opened")
    }
    do throws(FileError) {
      if let reader = entries.stream(format, path: id) {
        streamed = try ZipEntryReader(archive, entry)
        stream = reader
      } else {
        let bytes = try archive.read(entry)
        try count(bytes.count)
        let source = SourceEntry(id: id, bytes: bytes, format: format, name: String(last), depth: 1)
        pending = entries.items(source).reversed()
      }
    } catch .bomb {
      throw .bomb
    } catch {
      refuse(error.entryCode, error.message)
    }
  }

  private mutating func readStream() throws(FileError) {
    do throws(FileError) {
      let piece = try streamed?.read() ?? []
      try count(piece.count)
      if piece.isEmpty { endStream() } else { stream?.append(piece) }
    } catch .bomb {
      throw .bomb
    } catch {
      endStream()
      pending.insert(.refused(LineProblem(error.entryCode, error.message)), at: 0)
    }
  }

  /// Everything that the stream still has is given before the next entry.
  private mutating func endStream() {
    stream?.finish()
    while let item = stream?.next() { pending.append(item) }
    pending.reverse()
    stream = nil
    streamed = nil
  }

  private mutating func count(_ bytes: Int) throws(FileError) {
    unpackedBytes += bytes
    if unpackedBytes > FileReader.expansionFreeBytes, unpackedBytes / max(1, archive.bytes.count) > FileReader.expansionMax { throw .bomb }
  }

  private mutating func refuse(_ code: LineProblem.Code, _ text: String) { pending = [.refused(LineProblem(code, text))] }
}
