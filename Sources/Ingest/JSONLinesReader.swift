public import Index

/// Turns a stream of JSON Lines that arrives in pieces into documents and problems, one answer a line, in order.
///
/// ```
/// var reader = JSONLinesReader(parser: DocumentParser())
/// for chunk in chunks {
///   reader.append(chunk)
///   while let item = reader.next() { … }
/// }
/// reader.finish()
/// while let item = reader.next() { … }
/// ```
///
/// Lines of nothing but blanks are skipped, though they count. Memory is bounded by `Limits.documentBytesMax`.
public struct JSONLinesReader: Sendable {
  public enum Item: Sendable {
    /// Line number from 1, and how many bytes its JSON took (what queues are measured in).
    case document(Document, line: Int, byteCount: Int)
    case refused(LineProblem)
  }

  private let parser: DocumentParser
  /// A line without an id gets `PATH#LINE` where a path is given.
  private let path: String?
  private var splitter: LineSplitter

  public init(parser: DocumentParser, path: String? = nil, splitter: LineSplitter = LineSplitter()) {
    self.parser = parser
    self.path = path
    self.splitter = splitter
  }

  public mutating func append(_ chunk: some Collection<UInt8>) { splitter.append(chunk) }

  /// Bytes of lines that have not been given out.
  public var heldBytes: Int { splitter.heldBytes }

  public mutating func finish() { splitter.finish() }

  /// The answer to the next line, or nil when more bytes are needed.
  public mutating func next() -> Item? {
    while let line = splitter.next() {
      switch line {
      case .tooLong(let number, let count):
        let message = "the line has \(count) bytes, at most \(splitter.lineBytesMax) are taken; split the document"
        return .refused(LineProblem(.tooLong, message, line: number))
      case .bytes(let number, let bytes):
        if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { continue }
        do throws(LineProblem) {
          let document = try parser.parse(bytes, fallbackID: path.map { "\($0)#\(number)" })
          return .document(document, line: number, byteCount: bytes.count)
        } catch {
          var problem = error
          problem.line = number
          return .refused(problem)
        }
      }
    }
    return nil
  }
}
