import Index
import Ingest
import Testing

/// What becomes a document, and the answer to what does not.
@Suite("Document parser")
struct DocumentParserTests {
  let parser = DocumentParser()

  @Test("A document keeps its order, its values and everything else verbatim")
  func document() throws {
    let line = #" {"id": "a", "n" : 1.50, "title":"T\u00e9", "body":["x","y"], "date":"2016-10-28", "url":null, "o":{ "k":[1] }} "#
    let document = try parser.parse(Array(line.utf8))
    var expected = Document(id: "a", title: "Té", body: "x", date: "2016-10-28")
    expected.texts.append(Document.TextValue(field: "body", text: Array("y".utf8)))
    expected.extras = [
      Document.Extra(name: "n", json: Array("1.50".utf8)), Document.Extra(name: "url", json: Array("null".utf8)),
      Document.Extra(name: "o", json: Array(#"{ "k":[1] }"#.utf8)),
    ]
    #expect(document == expected)
    #expect(try parser.parse(document.jsonLine()) == document)
  }

  @Test("Text fields are those of the schema")
  func schema() throws {
    let document = try DocumentParser(textFields: ["summary"]).parse(Array(#"{"id":"a","summary":"s","body":7}"#.utf8))
    #expect(document.texts == [Document.TextValue(field: "summary", text: Array("s".utf8))])
    #expect(document.extras == [Document.Extra(name: "body", json: [UInt8(ascii: "7")])])
  }

  @Test("Escapes in names, a missing id that is given, null and empty values")
  func corners() throws {
    #expect(try parser.parse(Array(#"{"\u0069d":"x"}"#.utf8)).id == "x")
    #expect(try parser.parse(Array(#"{"body":"b"}"#.utf8), fallbackID: "f#1").id == "f#1")
    let empty = try parser.parse(Array(#"{"id":"e","title":null,"body":"","date":""}"#.utf8))
    #expect(empty == Document(id: "e", body: ""))
    #expect(try parser.parse(Array(#"{"id":"n","body":"a\u0000b"}"#.utf8)).texts[0].text == [0x61, 0, 0x62])
  }

  @Test("Every way to be no document has its code and its place", arguments: [
    (#"{"id":"a","body":"b""#, LineProblem.Code.malformedJSON, 21, nil),
    (#"{"id":"a"} x"#, .malformedJSON, 12, nil), ("{\"id\":\"a\u{0}\"}", .malformedJSON, 9, nil),
    (#"["a"]"#, .notAnObject, nil, nil), ("7", .notAnObject, nil, nil), (#"{"body":"b"}"#, .missingID, nil, nil),
    (#"{"id":""}"#, .missingID, 7, nil), (#"{"id":7}"#, .wrongType, 7, nil), (#"{"id":null}"#, .wrongType, 7, nil),
    (#"{"id":"a\tb"}"#, .badID, 7, nil), (#"{"id":"a","body":{}}"#, .wrongType, 18, "a"),
    (#"{"id":"a","body":["x",1]}"#, .wrongType, 18, "a"), (#"{"body":1,"id":"a"}"#, .wrongType, 9, "a"),
    (#"{"id":"a","date":2016}"#, .wrongType, 18, "a"), (#"{"id":"a","body":"x","body":"y"}"#, .duplicateField, 29, "a"),
  ] as [(String, LineProblem.Code, Int?, String?)])
  func problems(line: String, code: LineProblem.Code, column: Int?, id: String?) throws {
    let problem = try #require(throws: LineProblem.self) { try parser.parse(Array(line.utf8)) }
    #expect(problem.code == code)
    #expect(problem.column == column)
    #expect(problem.id == id)
  }

  @Test("Bytes that are not UTF-8 are refused where they stand", arguments: [
    ([0xFF], 1), ([0x61, 0xC0, 0x80], 2), ([0xE2, 0x82], 1), ([0xED, 0xA0, 0x80], 1), ([0x61, 0x62, 0xF8], 3),
  ] as [([UInt8], Int)])
  func invalidUTF8(bytes: [UInt8], column: Int) throws {
    let prefix = Array(#"{"id":"a","body":""#.utf8)
    let problem = try #require(throws: LineProblem.self) { try parser.parse(prefix + bytes + Array(#""}"#.utf8)) }
    #expect(problem.code == .invalidUTF8)
    #expect(problem.column == prefix.count + column)
  }
}
