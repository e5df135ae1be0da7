import Foundation
import Testing

@testable import Analysis

/// The Unicode Consortium's and the Snowball project's own vectors.
@Suite struct ConformanceTests {
  @Test(.enabled(if: SharedData.isThere, SharedData.comment)) func wordBreakTest() throws {
    let cases = try SharedData.lines("data/conformance/unicode-15.0/WordBreakTest.txt").compactMap(BreakTestCase.init)
    #expect(cases.count > 1_800)
    let failures = cases.filter { Segments.words($0.text) != $0.segments }
    #expect(failures.isEmpty, "\(failures.count) of \(cases.count): \(failures.prefix(5).map(\.segments))")
  }

  @Test(.enabled(if: SharedData.isThere, SharedData.comment)) func sentenceBreakTest() throws {
    let cases = try SharedData.lines("data/conformance/unicode-15.0/SentenceBreakTest.txt").compactMap(
      BreakTestCase.init)
    #expect(cases.count > 500)
    let failures = cases.filter { Segments.sentences($0.text) != $0.segments }
    #expect(failures.isEmpty, "\(failures.count) of \(cases.count): \(failures.prefix(5).map(\.segments))")
  }

  private struct LaterCase: Decodable {
    var s: String
    var words: [String]
  }

  /// Cases of Unicode 17.0 that 15.0 answers otherwise, as code points: the Arabic end of ayah is
  /// Numeric there and the Syriac abbreviation mark ALetter, and dingbats that are no emoji lost Extended_Pictographic.
  private static let changedSince15 = [
    "671 644 631 64e 651 62d 650 64a 645 650 20 6dd 661", "721 719 721 718 72a 710 20 70f 71d 717",
    "2701 200d 2701", "61 200d 2701",
  ]

  @Test(.enabled(if: SharedData.isThere, SharedData.comment)) func laterWordBreakTest() throws {
    let lines = try SharedData.lines("data/conformance/unicode-17.0-wordbreak.jsonl").filter { !$0.isEmpty }
    let cases = try lines.map { try JSONDecoder().decode(LaterCase.self, from: Data($0)) }
    #expect(cases.count == 1_944)
    let different = cases.filter { Segments.words(Array($0.s.utf8)) != $0.words.map { Array($0.utf8) } }
    let names = different.map { $0.s.unicodeScalars.map { String($0.value, radix: 16) }.joined(separator: " ") }
    #expect(names == Self.changedSince15)
  }

  @Test(.enabled(if: SharedData.isThere, SharedData.comment)) func snowballEnglish() throws {
    let words = try SharedData.lines("data/conformance/snowball/english/voc.txt").filter { !$0.isEmpty }
    let stems = try SharedData.lines("data/conformance/snowball/english/output.txt").filter { !$0.isEmpty }
    #expect(words.count == 42_649)
    let wrong = zip(words, stems).filter { EnglishStemmer.stem($0) != $1 }
    let shown = wrong.prefix(40).map { word, stem in
      [word, stem, EnglishStemmer.stem(word)].map { String(decoding: $0, as: UTF8.self) }
    }
    #expect(wrong.isEmpty, "\(wrong.count): \(shown)")
  }
}
