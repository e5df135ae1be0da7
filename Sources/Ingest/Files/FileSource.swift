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

  /// Bytes read at a time.
  private static let pieceBytes = 256 << 10

  public let path: String
  private let format: SourceFormat
  private let parser: DocumentParser
  /// Nil once the file was read to its end.
  private var file: FileReader?
  private var lines: JSONLinesReader
  /// What is left to give of a file that is no JSON Lines, last first.
  private var pending: [Item] = []
  /// What the kernel said of the file when it was opened; nil where it could not be.
  public let facts: FileFacts?
  /// The hash of all its bytes, once they were read to the end without trouble.
  public private(set) var contentHash: UInt128?
  /// Why it could not be opened or not be read to its end.
  public private(set) var error: FileError?

  public init(
    path: String, format: SourceFormat, parser: DocumentParser = DocumentParser(), followsLinks: Bool = false
  ) {
    self.path = path
    self.format = format
    self.parser = parser
    lines = JSONLinesReader(parser: parser, path: path)
    do throws(FileError) {
      let opened = try FileReader(path: path, followsLinks: followsLinks)
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
      if let item = pending.popLast() ?? lines.next() { return item }
      guard file != nil else { return nil }
      do throws(FileError) {
        if format == .jsonLines {
          try readPiece()
        } else {
          pending = try readWhole().reversed()
          file = nil
        }
      } catch {
        file = nil
        self.error = error
        pending = [Self.unreadable(error)]
      }
    }
  }

  private mutating func readPiece() throws(FileError) {
    let piece = try file?.read(Self.pieceBytes) ?? []
    if piece.isEmpty {
      lines.finish()
      contentHash = file?.contentHash
      file = nil
    } else {
      lines.append(piece)
    }
  }

  /// The items of a file that is one text or one JSON value.
  private mutating func readWhole() throws(FileError) -> [Item] {
    var bytes: [UInt8] = []
    while let piece = try file?.read(Self.pieceBytes), !piece.isEmpty {
      bytes.append(contentsOf: piece)
      guard bytes.count <= Limits.documentBytesMax else {
        let message = "more than \(Limits.documentBytesMax) bytes in one value; write one JSON object a line into a .jsonl"
        return [.refused(LineProblem(.tooLong, message))]
      }
    }
    contentHash = file?.contentHash
    guard !bytes.isEmpty else { return [.refused(LineProblem(.emptyFile, "no text in it"))] }
    switch format {
    case .text: return [Self.item(byteCount: bytes.count) { () throws(LineProblem) in try PlainText.document(id: path, bytes) }]
    case .json, .jsonLines: return records(bytes)
    }
  }

  /// One object, whose id is the path unless it has its own, or an array of them, each `PATH#NUMBER`.
  private func records(_ bytes: [UInt8]) -> [Item] {
    var scanner = JSONScanner(bytes)
    guard scanner.take(UInt8(ascii: "[")) else {
      return [Self.item(byteCount: bytes.count) { () throws(LineProblem) in try parser.parse(bytes, fallbackID: path) }]
    }
    var items: [Item] = []
    do throws(LineProblem) {
      try UTF8Check.require(bytes)
    } catch {
      return [.refused(error)]
    }
    do throws(JSONProblem) {
      if scanner.take(UInt8(ascii: "]")) { return [] }
      repeat {
        let record = [UInt8](bytes[try scanner.skipValue()])
        let id = "\(path)#\(items.count + 1)"
        items.append(Self.item(byteCount: record.count) { () throws(LineProblem) in try parser.parse(record, fallbackID: id) })
      } while scanner.take(UInt8(ascii: ","))
      try scanner.require(UInt8(ascii: "]"), "a comma or ']'")
      try scanner.requireEnd()
    } catch {
      let message = "not valid JSON at byte \(error.offset + 1): \(error.message)"
      items.append(.refused(LineProblem(.malformedJSON, message, column: error.offset + 1)))
    }
    return items
  }

  private static func item(byteCount: Int, _ read: () throws(LineProblem) -> Document) -> Item {
    do throws(LineProblem) {
      return .document(try read(), line: 0, byteCount: byteCount)
    } catch {
      return .refused(error)
    }
  }

  private static func unreadable(_ error: FileError) -> Item {
    .refused(LineProblem(error.code, error.message))
  }
}
