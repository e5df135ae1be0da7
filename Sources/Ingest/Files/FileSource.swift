internal import Base
public import Index

/// The documents of one file, whatever its format, one after the other.
///
/// ```
/// var source = FileSource(path: path, format: format)
/// while let item = source.next() { … }
/// ```
/// Trouble with the file itself is an item too: a problem whose line is 0, after which there is no more. Memory is
/// bounded by `Limits.documentBytesMax` whatever the size of the file. Use from one thread.
public struct FileSource: ~Copyable {
  public typealias Item = JSONLinesReader.Item

  /// Bytes read at a time, and those that must tell what a file is whose name does not.
  private static let pieceBytes = 256 << 10
  private static let headBytes = 16 << 10

  public let path: String
  private var format: SourceFormat
  private let entries: EntryReader
  /// Nil once all was read that is to be.
  private var file: FileReader?
  /// Of a format that is read record by record.
  private var stream: (any RecordReader)?
  private var zip: ZipWalk?
  /// What was read to tell the format.
  private var head: [UInt8] = []
  /// What is left to give, last first.
  private var pending: [Item] = []
  private var isFirst = true
  /// What the kernel said of the file when it was opened; nil where it could not be.
  public let facts: FileFacts?
  /// The hash of all its bytes, once they were read to the end without trouble.
  public private(set) var contentHash: UInt128?
  /// Why it could not be opened or not be read to its end.
  public private(set) var error: FileError?

  /// - Parameters:
  ///   - columns: what the configuration says of tables.
  ///   - isCancelled: asked while another program reads the file; true ends it.
  public init(
    path: String, format: SourceFormat, parser: DocumentParser = DocumentParser(), columns: CSVColumns = CSVColumns(),
    followsLinks: Bool = false, isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    self.path = path
    self.format = format
    entries = EntryReader(parser: parser, columns: columns, isCancelled: isCancelled)
    do throws(FileError) {
      let opened = try FileReader(
        path: path, followsLinks: followsLinks, memberBegins: format == .warc ? WARCReader.recordBegins : nil)
      facts = opened.facts
      file = consume opened
    } catch {
      facts = nil
      file = nil
      self.error = error
      pending = [Self.unreadable(error)]
    }
  }

  /// The next document or problem; nil at the end.
  public mutating func next() -> Item? {
    while true {
      if let item = pending.popLast() ?? stream?.next() { return item }
      guard file != nil else { return nil }
      do throws(FileError) {
        try step()
      } catch {
        end()
        self.error = error
        pending = [Self.unreadable(error)]
      }
    }
  }

  private mutating func step() throws(FileError) {
    if isFirst {
      isFirst = false
      try begin()
    } else if zip != nil {
      if let item = try zip!.next() { pending = [item] } else { end() }
    } else {
      try readPiece()
    }
  }

  private mutating func end() {
    zip = nil
    file = nil
  }

  /// Decides how the file is read.
  private mutating func begin() throws(FileError) {
    if format == .undeclared {
      head = try file?.read(Self.headBytes) ?? []
      guard let found = SourceFormat(content: head) else {
        let unknown = LineProblem(.unknownFormat, "neither its name nor its first bytes tell what it is")
        pending = [.refused(head.isEmpty ? LineProblem(.emptyFile, "no text in it") : unknown)]
        return end()
      }
      format = found
    }
    stream = entries.stream(format, path: path)
    if stream != nil {
      if !head.isEmpty { stream?.append(head) }
      return
    }
    switch format {
    case .zip:
      zip = try ZipWalk(path: path, bytes: try seekable(), entries: entries)
    case .epub, .officeOpenXML, .openDocument:
      pending = try PackagedDocument.items(format, try seekable(), id: path).reversed()
      end()
    case .pdf:
      pending = try entries.programs.pdf(try seekable(), id: path).reversed()
      end()
    default:
      pending = try readWhole().reversed()
      end()
    }
  }

  private mutating func readPiece() throws(FileError) {
    let piece = try file?.read(Self.pieceBytes) ?? []
    if piece.isEmpty, let damage = file?.takeDamage() {
      stream?.breakOff(
        "packed data damaged in the member at byte \(damage.offset) of the file (\(damage.text)); reading goes on at byte \(damage.resumedAt)",
        doubtful: damage.unpackedCount)
    } else if piece.isEmpty {
      stream?.finish()
      contentHash = file?.contentHash
      file = nil
    } else {
      stream?.append(piece)
    }
  }

  /// The bytes of the file for reading at any place, once all of them have gone into the hash.
  private mutating func seekable() throws(FileError) -> SeekableBytes {
    if let descriptor = file?.openDescriptor, let facts {
      while let piece = try file?.read(Self.pieceBytes), !piece.isEmpty {}
      contentHash = file?.contentHash
      return .file(descriptor: descriptor, byteCount: Int(clamping: facts.byteCount))
    }
    return .memory(try wholeBytes())
  }

  private mutating func wholeBytes() throws(FileError) -> [UInt8] {
    var bytes = head
    while let piece = try file?.read(Self.pieceBytes), !piece.isEmpty {
      bytes.append(contentsOf: piece)
      guard bytes.count <= Limits.documentBytesMax else { throw .tooLarge(Limits.documentBytesMax) }
    }
    contentHash = file?.contentHash
    return bytes
  }

  /// The items of a file that is one value.
  private mutating func readWhole() throws(FileError) -> [Item] {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try wholeBytes()
    } catch .tooLarge(let max) {
      let message = "more than \(max) bytes in one value; \(format == .json ? "write one JSON object a line into a .jsonl" : "split it")"
      return [.refused(LineProblem(.tooLong, message))]
    }
    guard !bytes.isEmpty else { return [.refused(LineProblem(.emptyFile, "no text in it"))] }
    let name = path.split(separator: "/").last.map(String.init)
    let entry = SourceEntry(id: path, bytes: bytes, format: format, name: name, depth: 0)
    return entries.items(entry)
  }

  private static func unreadable(_ error: FileError) -> Item {
    .refused(LineProblem(error.code, error.message))
  }
}
