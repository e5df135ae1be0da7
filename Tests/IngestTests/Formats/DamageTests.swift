import Base
import Foundation
import Index
@testable import Ingest
import TestSupport
import Testing

/// No byte of a file can stop the process, and what comes out is always a document that can be stored.
@Suite("Damaged files of every format")
struct DamageTests {
  private static let samples: [(SourceFormat, [UInt8])] = {
    var samples: [(SourceFormat, [UInt8])] = [
      (.html, [UInt8](HTMLPageTests.cluttered.utf8)),
      (.csv, [UInt8]("id,title,body\n1,\"a \"\"b\"\"\",\"c\nd\"\n2,x,y\n".utf8)),
      (.mail, [UInt8]("From: =?utf-8?Q?a=C3=A9?= <a@b>\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>x\n--b\nContent-Transfer-Encoding: base64\n\naGVsbG8=\n--b--\n".utf8)),
      (.mailbox, [UInt8]("From a Mon Jun 01 10:00:00 2009\nSubject: x\n\nbody\n\nFrom b Mon Jun 01 10:00:00 2009\n\ny\n".utf8)),
      (.warc, [UInt8]("WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 79\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n\r\n\r\n".utf8)),
      (.text, EncodingGuessTests.cases.flatMap { [UInt8](Data(base64Encoded: $0.2) ?? Data()) }),
      (.json, [UInt8](#"[{"id":"a","body":["x"]},{"title":"é"}]"#.utf8)),
    ]
    let packed: [(SourceFormat, String)] = [
      (.epub, PackedSamples.epub), (.officeOpenXML, PackedSamples.docx), (.officeOpenXML, PackedSamples.xlsx), (.openDocument, PackedSamples.odt),
      (.zip, PackedSamples.mixed),
    ]
    samples += packed.map { ($0.0, [UInt8](Data(base64Encoded: $0.1) ?? Data())) }
    guard let shared = Environment.sharedFolder else { return samples }
    for folder in ["mbox", "warc", "epub"] {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(shared)/data/formats/\(folder)")) ?? []
      for name in names.sorted() {
        guard let data = FileManager.default.contents(atPath: "\(shared)/data/formats/\(folder)/\(name)"), data.count < 150_000 else { continue }
        let bytes = [UInt8](data)
        if name.hasSuffix(".gz") {
          if let unpacked = try? Inflater.unpack(bytes, .gzip, max: 1 << 24) { samples.append((.warc, unpacked)) }
        } else if let format = SourceFormat(path: name), format != .undeclared {
          samples.append((format, bytes))
        }
      }
    }
    return samples
  }()

  private static let pieces: [[UInt8]] = [
    "<", "</", "\"", "=?utf-8?B?", "&#x", "--b", "\r\n\r\n", "WARC/1.0\r\n", "PK\u{1}\u{2}", "\0", "From x 2009\n", "<![CDATA[", "<!--", "]]>", "%", "\n ",
  ].map { [UInt8]($0.utf8) }

  private static func damage(_ bytes: inout [UInt8], _ random: inout SplitMix64) {
    guard !bytes.isEmpty else { return }
    let place = Int.random(in: 0..<bytes.count, using: &random)
    switch Int.random(in: 0..<6, using: &random) {
    case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
    case 1: bytes = Array(bytes[..<place])
    case 2: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...50, using: &random)))
    case 3:
      let piece = Array(bytes[place..<min(bytes.count, place + Int.random(in: 1...2_000, using: &random))])
      bytes.insert(contentsOf: piece, at: Int.random(in: 0...bytes.count, using: &random))
    case 4: bytes.insert(contentsOf: pieces.randomElement(using: &random) ?? [], at: place)
    default: for at in place..<min(bytes.count, place + 16) { bytes[at] = UInt8.random(in: 0...255, using: &random) }
    }
  }

  private static func read(_ format: SourceFormat, _ bytes: [UInt8], _ random: inout SplitMix64) -> Answers {
    let entries = EntryReader(parser: DocumentParser())
    var answers = Answers()
    if format == .zip {
      guard var walk = try? ZipWalk(path: "p", bytes: .memory(bytes), entries: entries) else { return answers }
      while let item = try? walk.next() { answers.take(item) }
    } else if var reader = entries.stream(format, path: "p") {
      var at = 0
      while at < bytes.count {
        let end = min(bytes.count, at + Int.random(in: 1...5_000, using: &random))
        reader.append(Array(bytes[at..<end]))
        at = end
        while let item = reader.next() { answers.take(item) }
      }
      reader.finish()
      while let item = reader.next() { answers.take(item) }
    } else {
      for item in entries.items(SourceEntry(id: "p", bytes: bytes, format: format, depth: 1)) { answers.take(item) }
    }
    return answers
  }

  @Test("Damaged samples, and samples read as something else, give documents that are read back, or problems")
  func damaged() throws {
    let formats: [SourceFormat] = [.text, .json, .jsonLines, .html, .csv, .mail, .mailbox, .warc, .epub, .officeOpenXML, .openDocument, .zip]
    try Property.check("readers of damaged files", seconds: 6) { random in
      var (format, bytes) = try #require(Self.samples.randomElement(using: &random))
      for _ in 0..<Int.random(in: 0...5, using: &random) { Self.damage(&bytes, &random) }
      if Int.random(in: 0..<5, using: &random) == 0 { format = formats.randomElement(using: &random) ?? format }
      let start = ContinuousClock.now
      let answers = Self.read(format, bytes, &random)
      _ = SourceFormat(content: bytes)
      try #require(ContinuousClock.now - start < .seconds(20), "too long for \(bytes.count) bytes")
      for document in answers.documents {
        for text in document.texts { try #require(String(validating: text.text, as: UTF8.self) != nil) }
        let hasPlainID = !document.id.utf8.contains { $0 < 0x20 || $0 == 0x7F } && !document.id.isEmpty
        guard hasPlainID else { continue }
        let back = try DocumentParser().parse(document.jsonLine())
        try #require(back.id == document.id && back.date == document.date && back.extras == document.extras)
        if let date = document.date, format != .json, format != .jsonLines, format != .zip {
          try #require(CalendarDate.epochSeconds(date) != nil, "\(date)")
        }
      }
    }
  }
}
