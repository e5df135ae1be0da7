internal import Base
internal import Index
internal import Ingest

/// Reads a file of `id<TAB>text` lines, the text lower-case words with one blank between: what the comparison of
/// engines feeds to all of them, so that all see the same words.
struct NormFile: ~Copyable {
  /// Bytes of text read so far, ids and tabs left out.
  private(set) var textBytes = 0
  private let path: String
  private var reader: FileReader
  private var buffer: [UInt8] = []
  private var start = 0
  private var isAtEnd = false

  private static let chunkBytes = 4 << 20

  init(path: String) throws {
    self.path = path
    reader = try FileReader(path: path)
  }

  /// The next line as a document with one field, or nil at the end of the file.
  mutating func next() throws -> Document? {
    while true {
      if let end = buffer[start...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { start = end + 1 }
        return try document(buffer[start..<end])
      }
      if isAtEnd {
        guard start < buffer.count else { return nil }
        defer { start = buffer.count }
        return try document(buffer[start...])
      }
      buffer.removeFirst(start)
      start = 0
      let chunk = try reader.read(Self.chunkBytes)
      isAtEnd = chunk.isEmpty
      buffer += chunk
    }
  }

  private mutating func document(_ line: ArraySlice<UInt8>) throws -> Document {
    guard let tab = line.firstIndex(of: UInt8(ascii: "\t")) else {
      throw CorpusProblem("\(path): a line without a tab: \(String(decoding: line.prefix(40), as: UTF8.self))")
    }
    let text = Array(line[(tab + 1)...])
    textBytes += text.count
    return Document(
      id: String(decoding: line[..<tab], as: UTF8.self), texts: [Document.TextValue(field: "body", text: text)])
  }
}

/// A corpus file that does not hold what it should.
struct CorpusProblem: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
