internal import Ingest

/// Small text files: lists of queries.
enum TextFile {
  /// The lines of a file, without their ends.
  static func lines(_ path: String) throws -> [String] {
    var file = try FileReader(path: path)
    var splitter = LineSplitter()
    var lines: [String] = []
    func take() throws {
      while let line = splitter.next() {
        guard case .bytes(_, let bytes) = line else { throw CorpusProblem("\(path): a line is too long") }
        lines.append(String(decoding: bytes, as: UTF8.self))
      }
    }
    while true {
      let chunk = try file.read(1 << 20)
      if chunk.isEmpty { break }
      splitter.append(chunk)
      try take()
    }
    splitter.finish()
    try take()
    return lines
  }
}
