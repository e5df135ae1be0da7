import Index
@testable import Ingest
import Testing

@Suite("Encodings of text")
struct TextEncodingTests {
  private static func body(_ bytes: [UInt8]) throws -> (String, String?) {
    let document = try PlainText.document(id: "/a.txt", bytes)
    let encoding = document.extras.first { $0.name == "encoding" }.map { String(decoding: $0.json, as: UTF8.self) }
    return (String(decoding: document.texts[0].text, as: UTF8.self), encoding)
  }

  @Test("UTF-8 with and without a mark says nothing; UTF-16 goes by its mark; what is neither is Windows-1252")
  func encodings() throws {
    let text = "Zürich – “naïve” €5 𝄞"
    #expect(try Self.body(Array(text.utf8)) == (text, nil))
    #expect(try Self.body([0xEF, 0xBB, 0xBF] + Array(text.utf8)) == (text, nil))
    var little: [UInt8] = [0xFF, 0xFE]
    var big: [UInt8] = [0xFE, 0xFF]
    for unit in text.utf16 {
      little += [UInt8(truncatingIfNeeded: unit), UInt8(unit >> 8)]
      big += [UInt8(unit >> 8), UInt8(truncatingIfNeeded: unit)]
    }
    #expect(try Self.body(little) == (text, "\"utf-16le\""))
    #expect(try Self.body(big) == (text, "\"utf-16be\""))
    let western: [UInt8] = [0x5A, 0xFC, 0x72, 0x69, 0x63, 0x68, 0x20, 0x96, 0x20, 0x93, 0x80, 0x94, 0x81]
    #expect(try Self.body(western) == ("Zürich – “€”\u{FFFD}", "\"windows-1252\""))
  }

  @Test("Damage after a mark, and binary files, are refused; half a unit of UTF-16 is left out")
  func refused() throws {
    #expect(throws: LineProblem.self) { try PlainText.document(id: "a", [0xEF, 0xBB, 0xBF, 0x41, 0xFF]) }
    #expect(throws: LineProblem.self) { try PlainText.document(id: "a", [0x89, 0x50, 0x00, 0xFF]) }
    #expect(throws: LineProblem.self) { try PlainText.document(id: "a", [0x41, 0x00, 0x42]) }
    #expect(throws: LineProblem.self) { try PlainText.document(id: "a", [0xFF, 0xFE]) }
    #expect(try Self.body([0xFF, 0xFE, 0x41, 0x00, 0x42]) == ("A", "\"utf-16le\""))
    #expect(try Self.body([0xFF, 0xFE, 0x41, 0x00, 0x00, 0xD8]) == ("A\u{FFFD}", "\"utf-16le\""))
  }
}
