import TestSupport
import Testing

@testable import Analysis

/// The untailored segmenters against the rules as they are printed.
@Suite struct SegmenterTests {
  /// Lines of the Unicode Consortium's WordBreakTest.txt, so that the rules are tested everywhere.
  @Test(arguments: [
    "÷ 000D × 000A ÷ 0061 ÷ 000A ÷ 0308 ÷", "÷ 0061 × 0308 ÷ 0020 × 0308 ÷ 0020 ÷",
    "÷ 0061 × 003A × 0061 ÷ 002C ÷ 0061 ÷", "÷ 0061 × 0027 × 2060 × 0061 ÷", "÷ 0061 ÷ 0027 ÷ 002E ÷ 0061 ÷",
    "÷ 0031 × 002E × 0031 ÷ 003A ÷ 0031 ÷", "÷ 0061 × 005F × 0031 × 005F × 3031 ÷",
    "÷ 05D0 × 0027 × 05D0 × 0022 × 05D0 ÷ 0022 ÷", "÷ 3031 × 3031 ÷ 0061 ÷ 3042 ÷ 3042 ÷",
    "÷ 0061 ÷ 1F1E6 × 1F1E7 ÷ 1F1E8 ÷ 0062 ÷", "÷ 1F476 × 1F3FF × 200D × 1F6D1 ÷", "÷ 0061 × 200D × 1F6D1 ÷",
    "÷ 0020 × 0020 ÷ 00A0 ÷ 0061 ÷",
  ])
  func words(_ line: String) throws {
    let expected = try #require(BreakTestCase(Array(line.utf8)))
    #expect(Segments.words(expected.text) == expected.segments)
  }

  @Test func wordSegmenterEqualsRules() throws {
    try Property.check("the word segmenter cuts where the rules, read one boundary at a time, do") { random in
      let bytes = RandomText.any(&random)
      try #require(Segments.words(bytes) == NaiveWordBreaks.segments(bytes), "\(bytes)")
    }
  }

  @Test func sentenceSegmenterEqualsRules() throws {
    try Property.check("the sentence segmenter cuts where the rules, read one boundary at a time, do") { random in
      let bytes = RandomText.any(&random)
      try #require(Segments.sentences(bytes) == NaiveSentenceBreaks.segments(bytes), "\(bytes)")
    }
  }
}
