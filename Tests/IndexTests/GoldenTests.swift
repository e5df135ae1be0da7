import Base
import Foundation
@testable import Index
import TestSupport
import Testing

/// The format to the byte: whoever changes it has to change the version, keep a reader for the old one, and write a new
/// file here (`KWIC_WRITE_GOLDEN=1`).
@Suite struct GoldenTests {
  private static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Golden/segment.hex")

  /// Three documents that reach every section: fields, sentences and paragraphs, dates, extras, keyword and number
  /// columns, a stem class, a possessive, an acronym, checkpoints.
  private static var documents: [IndexOperation] {
    let long = (0..<300).map { "word\($0 % 50)" }.joined(separator: " ")
    return [
      .put(Document(
        id: "a", texts: [
          .init(field: "title", text: Array("Raqqa’s civilians".utf8)),
          .init(field: "body", text: Array("The civilian ran. U.S. air strikes.\n\nRaqqa is a city.".utf8)),
        ], date: "2016-10-28", extras: [
          .init(name: "lang", json: Array("\"en\"".utf8)), .init(name: "pages", json: Array("[3, 4.5]".utf8)),
        ])),
      .put(Document(id: "b", body: "Running runs")),
      .put(Document(id: "c", title: "Long", body: long, date: "1987-02-26T15:01:01Z")),
    ]
  }

  @Test func aSegmentOfThreeDocumentsHasTheseBytes() throws {
    let fixture = try IndexFixture { $0.schema = IndexSchema(keywordFields: ["lang"], numberFields: ["pages"]) }
    _ = try fixture.index.apply(Self.documents)
    let segment = try #require(fixture.index.snapshot().segments.first)
    var bytes = try segment.body.memory.copyBytes(at: 0, count: ExtentSize.small.usableBytes)
    while bytes.last == 0 { bytes.removeLast() }
    let lines = stride(from: 0, to: bytes.count, by: 32).map { start in
      bytes[start..<min(start + 32, bytes.count)].map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
    let text = lines.joined(separator: "\n") + "\n"
    if ProcessInfo.processInfo.environment["KWIC_WRITE_GOLDEN"] == "1" {
      try Data(text.utf8).write(to: Self.file)
    }
    let golden = String(decoding: try Data(contentsOf: Self.file), as: UTF8.self)
    let differing = zip(lines, golden.split(separator: "\n")).enumerated().first { $1.0 != $1.1 }
    #expect(text == golden, "first difference in line \(differing.map { $0.offset + 1 } ?? 0)")
  }
}
