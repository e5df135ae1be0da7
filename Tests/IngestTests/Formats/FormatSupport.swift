import Foundation
import Index
@testable import Ingest
import TestSupport
import Testing

/// What a reader has answered, in a form that is easy to compare.
struct Answers {
  var documents: [Document] = []
  var problems: [LineProblem] = []

  mutating func take(_ item: RecordReader.Item) {
    switch item {
    case .document(let document, _, _): documents.append(document)
    case .refused(let problem): problems.append(problem)
    }
  }

  /// `id` of documents, then codes of problems.
  var summary: [String] { documents.map(\.id) + problems.map(\.code.rawValue) }

  init() {}

  /// Of a text in memory, as a file of this format would be read.
  init(_ bytes: [UInt8], _ format: SourceFormat, id: String = "p", depth: Int = 0) {
    let reader = EntryReader(parser: DocumentParser())
    for item in reader.items(SourceEntry(id: id, bytes: bytes, format: format, depth: depth)) { take(item) }
  }

  init(_ text: String, _ format: SourceFormat) { self.init([UInt8](text.utf8), format) }

  /// Of a file.
  init(file path: String) throws {
    var source = FileSource(path: path, format: try #require(SourceFormat(path: path)))
    while let item = source.next() { take(item) }
  }
}

extension Document {
  /// All values of a field.
  func values(_ field: String) -> [String] { texts.filter { $0.field == field }.map { String(decoding: $0.text, as: UTF8.self) } }
  var title: String? { values("title").first }
  var body: String { values("body").joined(separator: "|") }
  /// A member as it is written, without quotes.
  func extra(_ name: String) -> String? {
    extras.first { $0.name == name }.map { String(decoding: $0.json, as: UTF8.self).replacing("\"", with: "") }
  }
}

/// Writes zip archives, right and wrong ones.
struct ZipBuilder {
  struct Entry {
    var name: String
    var data: [UInt8]
    var method: UInt16 = 0
    var checksum: UInt32?
    var unpackedBytes: Int?
    var flags: UInt16 = 0
  }

  private(set) var bytes: [UInt8] = []
  private var directory: [UInt8] = []
  private var count = 0

  init(_ entries: [Entry]) {
    for entry in entries { add(entry) }
    let place = bytes.count
    bytes += directory
    bytes += [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + Self.integer(count, 2) + Self.integer(count, 2)
    bytes += Self.integer(directory.count, 4) + Self.integer(place, 4) + [0, 0]
  }

  private mutating func add(_ entry: Entry) {
    let sum = entry.checksum ?? ZlibLibrary.shared?.checksum(0, entry.data) ?? 0
    let name = [UInt8](entry.name.utf8)
    let sizes = Self.integer(Int(sum), 4) + Self.integer(entry.data.count, 4) + Self.integer(entry.unpackedBytes ?? entry.data.count, 4)
    let common = Self.integer(Int(entry.flags), 2) + Self.integer(Int(entry.method), 2) + [0, 0, 0, 0] + sizes + Self.integer(name.count, 2) + [0, 0]
    directory += [0x50, 0x4B, 1, 2, 20, 0, 20, 0] + common + [0, 0, 0, 0, 0, 0, 0, 0, 0, 0] + Self.integer(bytes.count, 4) + name
    bytes += [0x50, 0x4B, 3, 4, 20, 0] + common + name + entry.data
    count += 1
  }

  private static func integer(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
}

/// Runs a program that every Debian has, on bytes.
enum SystemTool {
  static func run(_ path: String, _ arguments: [String], input: [UInt8], in folder: TemporaryDirectory) throws -> [UInt8] {
    let file = try folder.write(input, to: "tool-input")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.standardInput = FileHandle(forReadingAtPath: file)
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return [UInt8](output)
  }
}
