import Foundation
import Index
@testable import Ingest
import TestSupport
import Testing

@Suite("Web archives")
struct WARCReaderTests {
  private static func record(_ type: String, _ number: Int, _ block: String, length: Int? = nil, head: String = "") -> String {
    """
    WARC/1.0\r
    WARC-Type: \(type)\r
    WARC-Record-ID: <urn:uuid:\(number)>\r
    WARC-Target-URI: <http://example.org/\(number)>\r
    WARC-Date: 2017-03-06T04:02:06Z\r
    \(head)Content-Length: \(length ?? block.utf8.count)\r
    \r
    \(block)\r
    \r

    """
  }

  private static func page(_ text: String, head: String = "") -> String {
    "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\(head)\r\n<title>T</title><p>\(text)"
  }

  private func read(_ text: String, pieceBytes: Int = .max) -> Answers { read([UInt8](text.utf8), pieceBytes: pieceBytes) }

  private func read(_ bytes: [UInt8], pieceBytes: Int = .max) -> Answers {
    var reader = WARCReader(path: "w", entries: EntryReader(parser: DocumentParser()))
    var answers = Answers()
    var rest = bytes[...]
    while !rest.isEmpty {
      reader.append(Array(rest.prefix(pieceBytes)))
      rest = rest.dropFirst(pieceBytes)
      while let item = reader.next() { answers.take(item) }
    }
    reader.finish()
    while let item = reader.next() { answers.take(item) }
    return answers
  }

  @Test("Responses and resources are documents, with address and date; what tells about others is passed over", arguments: [1, 7, 100, Int.max])
  func records(pieceBytes: Int) throws {
    let text =
      Self.record("warcinfo", 1, "software: x") + Self.record("response", 2, Self.page("response"))
      + Self.record("request", 3, "GET / HTTP/1.1\r\n\r\n") + Self.record("resource", 4, "as it is", head: "Content-Type: text/plain\r\n")
      + Self.record("response", 5, "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\ngone")
      + Self.record("revisit", 6, "") + Self.record("response", 7, "HTTP/1.0 200 OK\r\nContent-Type: image/png\r\n\r\nx")
    let answers = read(text, pieceBytes: pieceBytes)
    #expect(answers.summary == ["urn:uuid:2", "urn:uuid:4", "no-document", "no-document"])
    let document = try #require(answers.documents.first)
    #expect((document.title, document.body, document.date) == ("T", "response", "2017-03-06T04:02:06Z"))
    #expect(document.extra("url") == "http://example.org/2")
    #expect(answers.documents.last?.body == "as it is")
  }

  @Test("Chunks, and bodies whose chunks the crawler has undone already")
  func chunks() throws {
    let chunked = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
    func body(_ text: String) -> String? { read(Self.record("response", 1, chunked + text)).documents.first?.body }
    #expect(body("5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n") == "hello world")
    #expect(body("no chunks here") == "no chunks here")
    #expect(body("ff\r\ncut off") == "cut off")
    #expect(body("fffffffffffffffff\r\nx") == "fffffffffffffffff\r\nx")
  }

  @Test("Packed bodies", .enabled(if: ZlibLibrary.shared != nil, "zlib is not installed"))
  func packed() throws {
    let folder = try TemporaryDirectory()
    let gzip = try SystemTool.run("/bin/gzip", ["-nc"], input: [UInt8]("<p>packed text".utf8), in: folder)
    func answers(_ coding: String, _ body: [UInt8]) -> Answers {
      let head = [UInt8]("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: \(coding)\r\n\r\n".utf8)
      let warc = [UInt8]("WARC/1.0\r\nWARC-Type: response\r\nContent-Length: \(head.count + body.count)\r\n\r\n".utf8)
      return read(warc + head + body + [0x0D, 0x0A, 0x0D, 0x0A])
    }
    #expect(answers("gzip", gzip).documents.first?.body == "packed text")
    #expect(answers("gzip", [UInt8]("<p>not packed".utf8)).documents.first?.body == "not packed")
    #expect(answers("deflate", Array(gzip[10..<(gzip.count - 8)])).documents.first?.body == "packed text")
    #expect(answers("gzip", Array(gzip.dropLast(9))).summary == ["damaged-entry"])
    #expect(answers("lzma", [0x8B, 0x02]).summary == ["unsupported"])
    #expect(answers("gzip", gzip).documents.first?.id == "w#1")
    let bomb = try SystemTool.run("/bin/gzip", ["-nc"], input: [UInt8](repeating: 0x20, count: 20 << 20), in: folder)
    #expect(answers("gzip", bomb).summary == ["damaged-entry"])
  }

  private func packedPage(_ coding: String, _ body: [UInt8]) -> Answers {
    let head = [UInt8]("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: \(coding)\r\n\r\n".utf8)
    let warc = [UInt8]("WARC/1.0\r\nWARC-Type: response\r\nContent-Length: \(head.count + body.count)\r\n\r\n".utf8)
    return read(warc + head + body + [0x0D, 0x0A, 0x0D, 0x0A])
  }

  @Test("Bodies packed with Brotli", .enabled(if: BrotliLibrary.shared != nil, "libbrotlidec is not installed"))
  func brotli() throws {
    // By Python's module brotli 1.1: a page of 595 bytes; 20 MiB of blanks.
    let page = try [UInt8](#require(Data(base64Encoded: """
      G1ICECwOzNN3ySbtlSSh845QyTNM6K6p0ODkJEgaW4O4zNGpsjfHOGC/rnkcN5oU7oWLjy+9skXWhhpmQBFhA6aKdvmowLyy/qkB
      """)))
    let bomb = try [UInt8](#require(Data(base64Encoded: "y///P/glQOKxQCD3/o///3/3wSwDEYRGA7v1f/v//4JcAiMMCAN37Hw==")))
    let body = packedPage("br", page).documents.first?.body
    #expect(body?.hasPrefix("The text of a page that was packed with Brotli. The text") == true)
    #expect(packedPage("br", [UInt8]("<p>not packed".utf8)).documents.first?.body == "not packed")
    #expect(packedPage("br", [UInt8]("not packed, no markup".utf8)).documents.first?.body == "not packed, no markup")
    #expect(packedPage("br", page.dropLast(20)).summary == ["damaged-entry"])
    #expect(packedPage("br", [0x8B, 0x02, 0xFF, 0xFF, 0xFE]).summary == ["damaged-entry"])
    #expect(packedPage("br", bomb).summary == ["damaged-entry"])
    #expect(throws: FileError.tooLarge(100)) { try BrotliLibrary.unpack(page, max: 100) }
  }

  @Test("Bodies packed with Zstandard", .enabled(if: ZstdLibrary.shared != nil, "libzstd is not installed"))
  func zstandard() throws {
    // By zstd 1.5.4.
    let page = try [UInt8](#require(Data(base64Encoded: "KLUv/QRYiQAAPHA+enN0YW5kYXJkIHRleHSlG8Mk")))
    #expect(packedPage("zstd", page).documents.first?.body == "zstandard text")
    #expect(packedPage("zstd", page + page).documents.first?.body.contains("zstandard text") == true)
    #expect(packedPage("zstd", [UInt8]("<p>not packed".utf8)).documents.first?.body == "not packed")
    #expect(packedPage("zstd", page.dropLast(3)).summary == ["damaged-entry"])
    #expect(packedPage("zstd", page[..<6] + [0xFF] + page[7...]).summary == ["damaged-entry"])
    #expect(throws: FileError.tooLarge(5)) { try ZstdLibrary.unpack(page, max: 5) }
  }

  @Test("Without the library a body is skipped, with the package to install")
  func absentLibraries() {
    #expect(BrotliLibrary.load("libbrotli-of-no-machine.so.1") == nil)
    #expect(ZstdLibrary.load("libzstd-of-no-machine.so.1") == nil)
    for error in [FileError.noLibrary(BrotliLibrary.name, package: BrotliLibrary.package), .noLibrary(ZstdLibrary.name, package: ZstdLibrary.package)] {
      #expect(error.entryCode == .noExtractor && error.entryCode.isSkip && error.message.contains("apt-get install lib"))
    }
  }

  @Test("Records with a wrong length are told and left out, the others are kept", arguments: [-20, -2, 5, 40, 100_000, 70_000_000, -1_000])
  func wrongLength(by: Int) {
    let block = Self.page("broken")
    let text =
      Self.record("response", 1, Self.page("first")) + Self.record("response", 2, block, length: block.utf8.count + by)
      + Self.record("response", 3, Self.page("third"))
    let answers = read(text)
    #expect(answers.documents.first?.id == "urn:uuid:1")
    // One that claims more than is kept is passed over to where it claims to end.
    #expect(by > 1 << 26 || answers.documents.last?.id == "urn:uuid:3")
    #expect(!answers.documents.contains { $0.id == "urn:uuid:2" })
    #expect(answers.problems.count == 1)
  }

  @Test("An archive without documents says so, and so does what is none")
  func nothing() {
    #expect(read(Self.record("request", 1, "GET")).summary == ["empty-file"])
    #expect(read("").summary == ["empty-file"])
    #expect(read("no archive at all").summary == ["damaged-entry"])
    #expect(read("WARC/1.0\r\nWARC-Type: response").summary == ["damaged-entry"])
  }
}
