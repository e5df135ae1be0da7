import Base
@testable import Query
import TestSupport
import Testing

struct JSONWriterTests {
  private func written(_ body: (inout JSONWriter) -> Void) -> String {
    var json = JSONWriter()
    body(&json)
    return String(decoding: json.bytes, as: UTF8.self)
  }

  @Test func valuesAreSeparatedByCommasOnlyBetween() {
    let text = written {
      $0.object {
        $0.key("a")
        $0.array { _ in }
        $0.key("b")
        $0.array {
          $0.integer(-1)
          $0.object { _ in }
          $0.null()
          $0.boolean(false)
        }
        $0.member("c", "d")
      }
    }
    #expect(text == #"{"a":[],"b":[-1,{},null,false],"c":"d"}"#)
  }

  @Test func stringsAreEscapedAndInvalidBytesReplaced() {
    #expect(written { $0.string("\"\\\n\r\t\u{0}\u{1F}\u{7F}é€😀") } == #""\"\\\n\r\t\u0000\u001f\u007fé€😀""#)
    #expect(written { $0.string(utf8: [0x61, 0xFF, 0x62]) } == "\"a\u{FFFD}b\"")
  }

  @Test func bytesAreWrittenAsTheStringThatTheyAre() throws {
    try Property.check("a string from bytes is the string's", seconds: 0.5) { random in
      let most = [UInt8(0x7F), 0xFF, 0x30].randomElement(using: &random)!
      let bytes = (0..<Int.random(in: 0...90, using: &random)).map { _ in UInt8.random(in: 0...most, using: &random) }
      var direct = JSONWriter()
      direct.string(utf8: bytes.span)
      var detour = JSONWriter()
      detour.string(String(decoding: bytes, as: UTF8.self))
      try #require(direct.bytes == detour.bytes)
    }
  }

  @Test(arguments: [0, 7, 10, 99, 100, 4_294_967_296, Int.max, -1, Int.min]) func integersAreDecimal(value: Int) {
    #expect(written { $0.integer(value) } == String(value))
    #expect(written { $0.integer(UInt64(bitPattern: Int64(value))) } == String(UInt64(bitPattern: Int64(value))))
  }

  @Test func piecesAreWrittenAsTheWriterWrites() throws {
    try Property.check("a piece is what the writer writes", seconds: 0.5) { random in
      let scalars: [Unicode.Scalar] = ["a", "z", " ", "\"", "\\", "\n", "\r", "\t", "\u{0}", "\u{1F}", "\u{7F}", "é", "€", "😀"]
      let text = String(
        String.UnicodeScalarView((0..<Int.random(in: 0...60, using: &random)).map { _ in scalars.randomElement(using: &random)! }))
      let number = Int.random(in: 0...Int.max, using: &random) >> Int.random(in: 0...62, using: &random)
      var direct = JSONWriter()
      direct.array { list in
        for _ in 0..<2 {
          list.piece(bytesMax: JSONPiece.bytesMax(text.utf8.count, numbers: 3)) { piece in
            piece.raw(#"{"text":"#)
            piece.string(text.utf8.span)
            piece.raw(#","pair":"#)
            piece.pair(number..<Int.max)
            piece.raw(#","number":"#)
            piece.integer(number)
            piece.raw("}")
          }
        }
      }
      var detour = JSONWriter()
      detour.array { list in
        for _ in 0..<2 {
          list.object {
            $0.member("text", text)
            $0.key("pair")
            $0.pair(number, Int.max)
            $0.key("number")
            $0.integer(number)
          }
        }
      }
      try #require(direct.bytes == detour.bytes)
    }
  }

  @Test func numbersReadBackEqual() {
    #expect(written { $0.number(3.1) } == "3.1")
    #expect(written { $0.number(.nan) } == "null")
  }
}
