import Foundation
import Index
@testable import Ingest
import TestSupport
import Testing

/// Files of every format, packed and not.
@Suite("File sources")
struct FileSourceTests {
  let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  func items(_ name: String) throws -> [JSONLinesReader.Item] {
    let path = folder.path(name)
    var source = FileSource(path: path, format: try #require(SourceFormat(path: path)))
    var items: [JSONLinesReader.Item] = []
    while let item = source.next() { items.append(item) }
    return items
  }

  /// `id`, or `code@line`.
  func summary(_ name: String) throws -> [String] {
    try items(name).map { item in
      switch item {
      case .document(let document, _, _): document.id.replacing(folder.path, with: "")
      case .refused(let problem): "\(problem.code.rawValue)@\(problem.line)"
      }
    }
  }

  /// Packs with the system's gzip, which every Debian has.
  func gzip(_ name: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/gzip")
    process.arguments = [folder.path(name)]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
  }

  @Test("A text file is a document, its first line the title if a blank line follows", arguments: [
    ("One\n\nTwo\nthree\n", "One", "Two\nthree\n"), ("# One #1\r\n \r\n\r\nTwo", "One #1", "Two"),
    ("One\nTwo\n", nil, "One\nTwo\n"), ("One", nil, "One"), ("\u{FEFF}One\n\nTwo", "One", "Two"), ("\n\nTwo", nil, "\n\nTwo"),
  ] as [(String, String?, String)])
  func text(bytes: String, title: String?, body: String) throws {
    try folder.write(Array(bytes.utf8), to: "a.md")
    guard case .document(let document, _, _) = try items("a.md").first else {
      Issue.record("no document")
      return
    }
    #expect(document == Document(id: folder.path("a.md"), title: title, body: body))
  }

  @Test("What is no text is refused")
  func noText() throws {
    try folder.write([], to: "empty.txt")
    try folder.write(Array(" \n".utf8), to: "blank.txt")
    try folder.write([0x61, 0], to: "nul.txt")
    try folder.write([0xEF, 0xBB, 0xBF, 0x61, 0xFF], to: "latin.txt")
    #expect(try summary("empty.txt") == ["empty-file@0"])
    #expect(try summary("blank.txt") == ["empty-file@0"])
    #expect(try summary("nul.txt") == ["binary-file@0"])
    #expect(try summary("latin.txt") == ["invalid-utf8@0"])
    #expect(try summary("absent.txt") == ["unreadable@0"])
  }

  @Test("JSON Lines: ids of their own, else path and line; problems between; nothing in an empty file")
  func jsonLines() throws {
    try folder.write(Array("{\"id\":\"a\"}\n\n{\"body\":\"x\"}\nbad\n{\"id\":\"d\"}".utf8), to: "a.jsonl")
    #expect(try summary("a.jsonl") == ["a", "/a.jsonl#3", "malformed-json@4", "d"])
    try folder.write([], to: "empty.jsonl")
    #expect(try summary("empty.jsonl") == [])
  }

  @Test("JSON: one object or an array of them")
  func json() throws {
    try folder.write(Array("{\n \"body\": \"x\"\n}\n".utf8), to: "one.json")
    #expect(try summary("one.json") == ["/one.json"])
    try folder.write(Array("[{\"id\":\"a\"}, {\"body\":\"x\"}, 7]".utf8), to: "many.json")
    #expect(try summary("many.json") == ["a", "/many.json#2", "not-an-object@0"])
    try folder.write(Array("[{\"id\":\"a\"}, {".utf8), to: "cut.json")
    #expect(try summary("cut.json") == ["a", "malformed-json@0"])
  }

  @Test("Packed files are read as if they were not", .enabled(if: ZlibLibrary.shared != nil, "zlib is not installed"))
  func packed() throws {
    let lines = (0..<20_000).map { "{\"id\":\"\($0)\",\"body\":\"\(String(repeating: "word ", count: $0 % 50))\"}\n" }
    try folder.write(Array(lines.joined().utf8), to: "a.jsonl")
    let plain = try summary("a.jsonl")
    try gzip("a.jsonl")
    #expect(try summary("a.jsonl.gz") == plain)
    #expect(plain.count == 20_000)
    let packed = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder.path("a.jsonl.gz"))))
    // A cut-off file gives what came before the cut, then says so.
    try folder.write(Array(packed[..<(packed.count / 2)]), to: "cut.jsonl.gz")
    let cut = try summary("cut.jsonl.gz")
    #expect(cut.count > 1_000)
    #expect(cut.dropLast() == plain.prefix(cut.count - 1))
    #expect(cut.last == "damaged-file@0")
    // Two members one after the other are one stream.
    try folder.write(packed + packed, to: "twice.jsonl.gz")
    #expect(try summary("twice.jsonl.gz").count == 40_000)
  }

  @Test("A decompression bomb is refused", .enabled(if: ZlibLibrary.shared != nil, "zlib is not installed"))
  func bomb() throws {
    try folder.write([UInt8](repeating: UInt8(ascii: "x"), count: 40 << 20), to: "a.txt")
    try gzip("a.txt")
    #expect(try summary("a.txt.gz") == ["damaged-file@0"])
  }

  @Test("A library that is not there is not there, and the message says what to install")
  func absentLibrary() {
    #expect(ZlibLibrary.load("libz-of-no-machine.so.1") == nil)
    #expect(FileError.noZlib.message.contains("apt-get install"))
  }

  @Test("Folders and links are not read, a link where it is asked for")
  func noFiles() throws {
    let file = try folder.write(Array("x".utf8), to: "b.txt")
    try FileManager.default.createDirectory(atPath: folder.path("deep"), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: folder.path("link.txt"), withDestinationPath: file)
    #expect(throws: FileError.notRegular) { _ = try FileReader(path: folder.path("deep")) }
    #expect(throws: FileError.self) { _ = try FileReader(path: folder.path("link.txt")) }
    var linked = try FileReader(path: folder.path("link.txt"), followsLinks: true)
    #expect(try linked.read(8) == Array("x".utf8))
  }
}
