import Testing

@testable import Analysis

/// Sentences and paragraphs as the tailoring has them; each expectation lists the first word of every one.
@Suite struct SentenceTests {
  @Test(arguments: [
    ("One two. Three four! Five? Six", ["one", "three", "five", "six"]),
    ("He said so.” Then he left.", ["he", "then"]),
    ("It was 3.5 percent. No more", ["it", "no"]),
    ("He said \"Stop!\" and went", ["he", "and"]),
    ("the etc. and so on", ["the"]),
    ("hard wrapped\nlines are one\r\nsentence. Two", ["hard", "two"]),
    ("a title\n\nThe text", ["a", "the"]),
    ("a title\n \t\nThe text", ["a", "the"]),
    ("a title\r\n\r\nThe text", ["a", "the"]),
    ("wire copy\n    indented", ["wire", "indented"]),
    ("wire copy\n\u{3000}indented", ["wire", "indented"]),
    ("one\u{2029}two\u{2028}three", ["one", "two"]),
    ("Gen. Dunford met Mr. Smith. Both left", ["gen", "both"]),
    ("in the U.S. Army. Then", ["in", "then"]),
    ("J. R. R. Tolkien. Then", ["j", "then"]),
    ("So do I. Then", ["so", "then"]),
    ("No. 5 is alive. No. He is not", ["no", "no", "he"]),
    ("the program. He", ["the", "he"]),
    ("东西。南北。", ["东", "南"]),
    ("Она пришла. Он ушёл.", ["она", "он"]),
    ("*** \n\n First. Second", ["first", "second"]),
    ("א.ב", ["א.ב"]),
  ])
  func sentences(_ text: String, _ starts: [String]) {
    #expect(Analyzed(text).sentences == starts)
  }

  @Test(arguments: [
    ("A b. C d.\n\nE f. G.\n\n\n\nH", ["a", "e", "h"]),
    ("A b. C d.\nE f.\n  G", ["a", "g"]),
    ("A.\n\n***\n\nB", ["a", "b"]),
    ("\n\nA. B", ["a"]),
    ("A.\n\n", ["a"]),
    ("A\u{2029}B", ["a", "b"]),
    ("", []),
  ])
  func paragraphs(_ text: String, _ starts: [String]) {
    #expect(Analyzed(text).paragraphs == starts)
  }

  /// Lines of the Unicode Consortium's SentenceBreakTest.txt, so that the untailored rules are tested everywhere.
  @Test(arguments: [
    "÷ 0028 × 0022 × 0047 × 006F × 002E × 0022 × 0029 × 0020 ÷ 0028 × 0048 × 0065 × 0029 ÷",
    "÷ 0055 × 002E × 0053 × 002E × 0041 × 0300 × 002E × 0020 × 0069 × 0073 ÷",
    "÷ 0033 × 002E × 0034 ÷", "÷ 0063 × 002E × 0064 ÷", "÷ 0043 × 002E × 0064 ÷", "÷ 0063 × 002E × 0044 ÷",
    "÷ 0065 × 0074 × 0063 × 002E × 0029 × 2019 × 00A0 × 0074 × 0068 × 0065 ÷",
    "÷ 0065 × 0074 × 0063 × 002E × 0029 × 2019 × 00A0 ÷ 0028 × 0054 × 0068 × 0065 ÷",
    "÷ 5B57 × 3002 ÷ 5B83 ÷", "÷ 0061 × 2060 × 002E × 2060 ÷ 5B83 ÷", "÷ 000D × 000A ÷ 0061 × 000A ÷ 0308 ÷",
  ])
  func untailored(_ line: String) throws {
    let expected = try #require(BreakTestCase(Array(line.utf8)))
    #expect(Segments.sentences(expected.text) == expected.segments)
  }
}
