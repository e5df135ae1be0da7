import Foundation
import TestSupport
import Testing

/// The fuzz targets on what fuzzing has found (Corpus), on random bytes, and on changed pieces of the language.
/// Drivers/build.sh makes libFuzzer programs of the same targets.
///
/// A file of Corpus is one input; in `grown.base64`, what runs of half an hour left after `-merge=1`, every line is one.
struct FuzzTests {
  private static func corpus(_ name: String) throws -> [(file: String, bytes: [UInt8])] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Corpus/\(name)")
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    return try files.flatMap { file -> [(file: String, bytes: [UInt8])] in
      let data = try Data(contentsOf: file)
      guard file.pathExtension == "base64" else { return [(file.lastPathComponent, [UInt8](data))] }
      return try data.split(separator: 0x0A).enumerated().map { line, text in
        ("\(file.lastPathComponent):\(line + 1)", [UInt8](try #require(Data(base64Encoded: Data(text)))))
      }
    }
  }

  @Test func whatTheParserWasFedHolds() throws {
    let corpus = try Self.corpus("parser")
    #expect(!corpus.isEmpty)
    for (file, bytes) in corpus { #expect(throws: Never.self, "\(file)") { try ParserFuzz.check(bytes) } }
  }

  @Test func whatTheEvaluatorWasFedHolds() throws {
    let corpus = try Self.corpus("evaluator")
    #expect(!corpus.isEmpty)
    for (file, bytes) in corpus { #expect(throws: Never.self, "\(file)") { try EvaluatorFuzz.check(bytes) } }
  }

  @Test func anyBytesAreAQuery() throws {
    let seeds = try Self.corpus("parser").map(\.bytes)
    try Property.check("any bytes are a query", seconds: 1) { random in
      var bytes = seeds[Int.random(in: 0..<seeds.count, using: &random)]
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let place = Int.random(in: 0...bytes.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0 where place < bytes.count: bytes[place] = UInt8.random(in: 0 ... .max, using: &random)
        case 1 where place < bytes.count: bytes.remove(at: place)
        default: bytes.insert(Array("()\"|~*?^:-=,./ ".utf8).randomElement(using: &random) ?? 0, at: place)
        }
      }
      try ParserFuzz.check(bytes)
    }
  }

  @Test func anyBytesAreADocumentAndAQuery() throws {
    try Property.check("any bytes are a document and a query", seconds: 1) { random in
      let count = Int.random(in: 0...80, using: &random)
      try EvaluatorFuzz.check((0..<count).map { _ in .random(in: 0 ... .max, using: &random) })
    }
  }
}
