import Foundation
import Index
@testable import Ingest
import TestSupport
import Testing

@Suite("Archives, books and office documents", .enabled(if: ZlibLibrary.shared != nil, "zlib is not installed"))
struct ArchiveTests {
  private func bytes(_ base64: String) throws -> [UInt8] { [UInt8](try #require(Data(base64Encoded: base64))) }

  private func walk(_ bytes: [UInt8]) -> Answers {
    var answers = Answers()
    do {
      var walk = try ZipWalk(path: "z", bytes: .memory(bytes), entries: EntryReader(parser: DocumentParser()))
      while let item = try walk.next() { answers.take(item) }
    } catch {
      answers.problems.append(LineProblem(error.code, error.message))
    }
    return answers
  }

  @Test("Entries of a zip by their formats, under the archive's path and their names")
  func zip() throws {
    let answers = walk(try bytes(PackedSamples.mixed))
    #expect(
      answers.summary == [
        "z#dir/one.txt", "z#dir/two.html", "r1", "z#rows.jsonl#2", "z#book.epub", "malformed-json", "no-document", "unsupported", "damaged-entry",
      ])
    #expect(answers.documents[0].title == "First")
    #expect(answers.problems.map(\.message).contains { $0.hasPrefix("in.zip: an archive inside") })
    let folder = try TemporaryDirectory()
    let path = try folder.write(try bytes(PackedSamples.mixed), to: "a.zip")
    #expect(try Answers(file: path).summary.first == "\(path)#dir/one.txt")
  }

  @Test("A book is one document, its chapters in the order of the spine, the missing one told")
  func epub() throws {
    let answers = Answers(try bytes(PackedSamples.epub), .epub)
    let book = try #require(answers.documents.first)
    #expect((book.id, book.title, book.date) == ("p", "A Book", "2001-02-03"))
    #expect(book.values("body") == ["One\n\nFirst chapter.", "山路"])
    #expect((book.extra("lang"), book.extra("author")) == ("en", "Jo Doe"))
    #expect(answers.problems.map(\.code) == [.damagedEntry])
    #expect(EPUBBook.resolve("../b/c.html#x", in: "a/d/") == "a/b/c.html")
    #expect(EPUBBook.resolve("../../../c", in: "a/") == "c")
  }

  @Test("Word, Excel, PowerPoint and LibreOffice")
  func office() throws {
    let word = try #require(Answers(try bytes(PackedSamples.docx), .officeOpenXML).documents.first)
    #expect((word.title, word.date, word.extra("author")) == ("A Report", "2016-10-28T10:00:00Z", "Jo"))
    #expect(word.values("body") == ["First & only\n\na\tb\n\nLast\nline", "A note."])
    let sheet = try #require(Answers(try bytes(PackedSamples.xlsx), .officeOpenXML).documents.first)
    #expect(sheet.values("body") == ["name\tvalue\n\nalpha\t12.5", "2"])
    let slides = try #require(Answers(try bytes(PackedSamples.pptx), .officeOpenXML).documents.first)
    #expect(slides.values("body") == ["Two", "Note", "Ten"])
    let open = try #require(Answers(try bytes(PackedSamples.odt), .openDocument).documents.first)
    #expect((open.title, open.date) == ("Open", "2016-10-28T10:00:00"))
    #expect(open.body == "Head\n\nOne  two\tthree\nfour\n\na\tb")
  }

  @Test("Bombs, encryption, wrong sums, unknown packing and what is no archive")
  func hostile() throws {
    let folder = try TemporaryDirectory()
    let count = 24 << 20
    let gzip = try SystemTool.run("/bin/gzip", ["-9nc"], input: [UInt8](repeating: 0x78, count: count), in: folder)
    let sum = ZipArchive.integer(gzip, gzip.count - 8, 4)
    let deflated = Array(gzip[10..<(gzip.count - 8)])
    let entry = ZipBuilder.Entry(name: "b.txt", data: deflated, method: 8, checksum: UInt32(sum), unpackedBytes: count)
    #expect(walk(ZipBuilder([entry]).bytes).summary == ["damaged-file"])
    // Small enough each, too much together.
    #expect(walk(ZipBuilder([.init(name: "a.txt", data: [UInt8]("fine".utf8)), entry]).bytes).summary == ["z#a.txt", "damaged-file"])
    var lying = entry
    lying.unpackedBytes = 10
    #expect(walk(ZipBuilder([lying]).bytes).problems.count == 1)
    let good = ZipBuilder.Entry(name: "good.txt", data: [UInt8]("good".utf8))
    let bad: [(ZipBuilder.Entry, String)] = [
      (.init(name: "s.txt", data: [0x41], checksum: 1), "damaged-entry"), (.init(name: "e.txt", data: [0x41], flags: 1), "unsupported"),
      (.init(name: "m.txt", data: [0x41], method: 14), "unsupported"), (.init(name: "d.txt", data: [0xFF, 0xFF], method: 8), "damaged-entry"),
      (.init(name: String(repeating: "n", count: 1_100) + ".txt", data: [0x41]), "id-too-long"),
    ]
    for (entry, code) in bad { #expect(walk(ZipBuilder([entry, good]).bytes).summary == ["z#good.txt", code]) }
    #expect(walk([UInt8]("no archive".utf8)).summary == ["damaged-file"])
    #expect(walk(ZipBuilder([]).bytes).summary == ["empty-file"])
    #expect(walk(Array(ZipBuilder([good]).bytes.dropLast(3))).summary == ["damaged-file"])
    #expect(Answers(ZipBuilder([good]).bytes, .epub).summary == ["damaged-file"])
    #expect(Answers(ZipBuilder([good]).bytes, .officeOpenXML).summary == ["damaged-file"])
    #expect(Answers(ZipBuilder([good]).bytes, .zip).summary == ["unsupported"])
  }
}
