import Query
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

  @Test func numbersReadBackEqual() {
    #expect(written { $0.number(3.1) } == "3.1")
    #expect(written { $0.number(.nan) } == "null")
  }
}
