internal import Index
internal import Ingest

/// Reads documents from a JSON Lines file (packed if its name ends in `.gz`), as the daemon would.
struct JSONLinesFile: ~Copyable {
  private let path: String
  private var file: FileReader
  private var lines: JSONLinesReader
  private var isAtEnd = false

  private static let chunkBytes = 1 << 20

  init(path: String, textFields: [String] = ["title", "body"]) throws {
    self.path = path
    file = try FileReader(path: path)
    lines = JSONLinesReader(parser: DocumentParser(textFields: textFields))
  }

  /// The next document, or nil at the end. A line that is refused ends the reading: corpora are meant to be sound.
  mutating func next() throws -> Document? {
    while true {
      switch lines.next() {
      case .document(let document, line: _, byteCount: _): return document
      case .refused(let problem): throw CorpusProblem("\(path): line \(problem.line): \(problem.message)")
      case nil:
        guard !isAtEnd else { return nil }
        let chunk = try file.read(Self.chunkBytes)
        if chunk.isEmpty {
          isAtEnd = true
          lines.finish()
        } else {
          lines.append(chunk)
        }
      }
    }
  }
}
