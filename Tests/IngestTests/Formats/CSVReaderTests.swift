import Foundation
import Index
@testable import Ingest
import TestSupport
import Testing

@Suite("Tables")
struct CSVReaderTests {
  private func read(_ text: String, settings: [String] = []) -> Answers { read([UInt8](text.utf8), settings: settings) }

  private func read(_ bytes: [UInt8], settings: [String] = []) -> Answers {
    var reader = CSVReader(path: "t", columns: CSVColumns(settings), textFields: ["title", "body", "lead"])
    var answers = Answers()
    reader.append(bytes)
    while let item = reader.next() { answers.take(item) }
    reader.finish()
    while let item = reader.next() { answers.take(item) }
    return answers
  }

  @Test("Columns by their usual names; the others are kept; quotes as RFC 4180 has them")
  func columns() throws {
    let answers = read("ID,Headline,Published At,Full Text,url,Language,pages,code\r\na,\"One, \"\"two\"\"\",2016-10-28,\"x\r\ny\",http://e,en,12,007\r\n")
    let document = try #require(answers.documents.first)
    #expect(document.id == "a")
    #expect((document.title, document.body, document.date) == ("One, \"two\"", "x\r\ny", "2016-10-28"))
    #expect(document.extras.map { "\($0.name)=\(String(decoding: $0.json, as: UTF8.self))" } == ["url=\"http://e\"", "lang=\"en\"", "pages=12", "code=\"007\""])
  }

  @Test("Delimiters and encodings are found", arguments: [
    "title;body\nÄ;x, y\n", "title\tbody\nÄ\tx, y\n", "title|body\nÄ|x, y\n", "title,body\nÄ,\"x, y\"\n", "sep=;\ntitle;body\nÄ;x, y\n",
  ])
  func delimiters(text: String) throws {
    let latin = text.unicodeScalars.map { UInt8($0.value) }
    let utf16 = [UInt8]("\u{FEFF}\(text)".utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] })
    for bytes in [[UInt8](text.utf8), [0xEF, 0xBB, 0xBF] + [UInt8](text.utf8), latin, utf16] {
      let document = try #require(read(bytes).documents.first)
      #expect((document.id, document.title, document.body) == ("t#1", "Ä", "x, y"))
    }
  }

  @Test("The configuration names columns; a text field of its own name is one")
  func configured() throws {
    let answers = read("no,what,lead\n7,words,first\n", settings: ["id=no", "body=what"])
    let document = try #require(answers.documents.first)
    #expect((document.id, document.body, document.values("lead")) == ("7", "words", ["first"]))
    #expect(CSVColumns.parse("body = article text ")?.column == "article text")
    #expect(CSVColumns.parse("body") == nil)
  }

  @Test("A table without a column of text is text in all; one without names is read from its first line")
  func unnamed() throws {
    let named = try #require(read("name,value\nalpha,1\n").documents.first)
    #expect((named.values("body"), named.extra("value")) == (["alpha", "1"], "1"))
    let bare = read("2016-10-28,\(String(repeating: "long ", count: 20)),3\n2016-10-29,x,4\n")
    #expect(bare.summary == ["t#1", "t#2"])
  }

  @Test("A quote that is never closed costs its line; a date that is none is kept as text")
  func damage() {
    let answers = read("id,title,date\n1,\"a,b\n2,c,soon\n3,d\n")
    #expect(answers.summary == ["2", "3", "malformed-csv"])
    #expect(answers.problems.first?.line == 2)
    #expect(answers.documents.first?.extra("date_text") == "soon")
    #expect(read("id,id,body\n1,2,x\n").documents.first?.id == "1")
    #expect(read("").summary == [])
    #expect(read("id,body\n").summary == [])
  }

  /// The state machine of RFC 4180 over the whole text, without pieces, limits or recovery.
  private static func naive(_ text: [UInt8]) -> [[[UInt8]]] {
    var records: [[[UInt8]]] = []
    var fields: [[UInt8]] = []
    var field: [UInt8] = []
    var at = 0
    func endRecord() {
      fields.append(field)
      if fields != [[]] { records.append(fields) }
      (fields, field) = ([], [])
    }
    while at < text.count {
      if text[at] == 0x22, field.isEmpty {
        at += 1
        while at < text.count, text[at] != 0x22 || at + 1 < text.count && text[at + 1] == 0x22 {
          field.append(text[at])
          at += text[at] == 0x22 ? 2 : 1
        }
        at += 1
      }
      if at < text.count, text[at] == 0x2C {
        fields.append(field)
        field = []
      } else if at < text.count, text[at] == 0x0A {
        endRecord()
      } else if at < text.count {
        field.append(text[at])
      }
      at += 1
    }
    if !field.isEmpty || !fields.isEmpty { endRecord() }
    return records
  }

  @Test("Whatever the pieces, the records are those of the whole")
  func pieces() throws {
    try Property.check("csv in pieces equals the naive reading", seconds: 1) { random in
      var text: [UInt8] = []
      for _ in 0..<Int.random(in: 0...20, using: &random) {
        let cells = (0..<Int.random(in: 1...4, using: &random)).map { _ -> String in
          let words = (0..<Int.random(in: 0...3, using: &random)).map { _ in ["a", "bc", ",", "\n", "\"", " "].randomElement(using: &random)! }.joined()
          return "\"\(words.replacing("\"", with: "\"\""))\""
        }
        text += [UInt8](cells.joined(separator: ",").utf8) + [0x0A]
      }
      var scanner = CSVScanner(delimiter: 0x2C)
      var records: [[[UInt8]]] = []
      var at = 0
      while at < text.count {
        let end = min(text.count, at + Int.random(in: 1...9, using: &random))
        scanner.append(text[at..<end])
        at = end
        if at == text.count { scanner.finish() }
        for case .fields(let fields, _) in scanner.takeRecords() { records.append(fields) }
      }
      try #require(records == Self.naive(text), "\(String(decoding: text, as: UTF8.self))")
    }
  }
}
