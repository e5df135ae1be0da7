internal import Glibc
internal import Index

/// Reads a file of `id<TAB>text` lines, the text lower-case words with one blank between: what the comparison of
/// engines feeds to all of them, so that all see the same words. Line by line with the C library, as the programs of the
/// other engines do.
@safe
struct NormFile: ~Copyable {
  // SAFETY (whole type): the file is open and `line` is the C library's own buffer of `room` bytes until deinit.
  /// Bytes of text read so far, ids and tabs left out.
  private(set) var textBytes = 0
  private let path: String
  private let file: UnsafeMutablePointer<FILE>
  private var line: UnsafeMutablePointer<CChar>?
  private var room = 0

  init(path: String) throws {
    guard let file = unsafe fopen(path, "r") else { throw CorpusProblem("\(path) cannot be read") }
    self.path = path
    unsafe self.file = file
  }

  deinit {
    unsafe fclose(file)
    unsafe free(line)
  }

  /// The next line as a document with one field, or nil at the end of the file.
  mutating func next() throws -> Document? {
    let count = unsafe getline(&line, &room, file)
    guard count >= 0, let start = unsafe line else { return nil }
    let bytes = unsafe UnsafeRawBufferPointer(start: start, count: count)
    guard let tab = unsafe bytes.firstIndex(of: UInt8(ascii: "\t")) else {
      throw CorpusProblem("\(path): a line without a tab: \(unsafe String(decoding: bytes.prefix(40), as: UTF8.self))")
    }
    let end = unsafe bytes.last == UInt8(ascii: "\n") ? count - 1 : count
    let text = unsafe [UInt8](bytes[(tab + 1)..<end])
    textBytes += text.count
    return Document(
      id: unsafe String(decoding: bytes[..<tab], as: UTF8.self), texts: [Document.TextValue(field: "body", text: text)])
  }
}

/// A corpus file that does not hold what it should.
struct CorpusProblem: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
