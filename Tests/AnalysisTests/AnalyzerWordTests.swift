import Testing

@testable import Analysis

/// What a word is, case by case.
@Suite struct AnalyzerWordTests {
  @Test(arguments: [
    ("“Raqqa” near Mosul", ["raqqa", "near", "mosul"]),
    ("mid-October", ["mid", "october"]),
    ("the U.S. army", ["the", "u.s.|us", "army"]),
    ("the U.S army", ["the", "u.s|us", "army"]),
    ("at 5 p.m.", ["at", "5", "p.m.|pm"]),
    ("the U.S.'s army", ["the", "u.s.'s|u.s.|us", "army"]),
    ("the U.S.’s army", ["the", "u.s.'s|u.s.|us", "army"]),
    ("the U.S's army", ["the", "u.s's|u.s|us", "army"]),
    ("the city’s edge", ["the", "city's|city", "edge"]),
    ("the city's edge", ["the", "city's|city", "edge"]),
    ("the states' rights", ["the", "states'|states", "rights"]),
    ("the states’ rights", ["the", "states'|states", "rights"]),
    ("the states''", ["the", "states"]),
    ("STATES'", ["states'|states"]),
    ("rock 'n' roll", ["rock", "n", "roll"]),
    ("James's", ["james's|james"]),
    ("don't", ["don't"]),
    ("O‘Neill", ["o'neill"]),
    ("п’ять п'ять пʼять", ["п'ять", "п'ять", "п'ять"]),
    ("3.14 1,000 1;2 3'4", ["3.14", "1,000", "1;2", "3'4"]),
    ("a,b a;b", ["a", "b", "a", "b"]),
    ("1.a a.1", ["1", "a", "a", "1"]),
    ("to:you 10:30", ["to", "you", "10", "30"]),
    ("example.com/path_x?q=1", ["example.com", "path_x", "q", "1"]),
    ("Virginia_sena __ _a_", ["virginia_sena", "_a_"]),
    ("J. R. Smith", ["j", "r", "smith"]),
    ("C++ & #1 ... !", ["c", "1"]),
    ("Naïve café", ["naive", "cafe"]),
    ("東京へ行く", ["東", "京", "へ", "行", "く"]),
    ("カタカナｶﾞ", ["カタカナガ"]),
    ("한국어 공부", ["한국어", "공부"]),
    ("१२३ हिन्दी", ["१२३", "हिन्दी"]),
    ("😀 👍🏽 🇸🇾 ½ ²", ["½", "²"]),
    ("צה\"ל", ["צה\"ל"]),
    ("ـــ", []),
    ("to  \u{200D}🅰b", ["to", "🅰b"]),
    ("", []),
    (" \t\r\n", []),
    ("a\u{0}b", ["a", "b"]),
    ("a\u{200B}b a\u{200D}b a\u{AD}b", ["a", "b", "ab", "ab"]),
  ])
  func forms(_ text: String, _ forms: [String]) {
    #expect(Analyzed(text).forms == forms)
  }

  @Test func bytesOfWholeWords() {
    let words = Analyzed("“Raqqa” — the U.S. and Iraq’s").words
    #expect(words.map(\.bytes) == [3..<8, 16..<19, 20..<24, 25..<28, 29..<37])
    #expect(words.map(\.kinds) == [[.word], [.word], [.word, .acronym], [.word], [.word, .possessiveBase]])
  }

  @Test func illFormedBytesSeparate() {
    let pieces: [[UInt8]] = [
      [0x80], [0xC3], [0xC0, 0x80], [0xE2, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF, 0xFE], [0x00],
    ]
    for piece in pieces {
      let result = Analyzed([0x61] + piece + [0x62] + piece)
      #expect(result.forms == ["a", "b"], "\(piece)")
      #expect(result.words[1].bytes.lowerBound == 1 + piece.count, "\(piece)")
    }
  }

  @Test func queryWords() {
    let words = Analyzer().queryWords(Array("Iraq’s airstrikes, U.S.".utf8).span)
    #expect(
      words == [
        QueryWord(form: b("iraq's"), stem: b("iraq"), byteRange: 0..<8, extraForms: [b("iraq")]),
        QueryWord(form: b("airstrikes"), stem: b("airstrik"), byteRange: 9..<19, extraForms: []),
        QueryWord(form: b("u.s."), stem: b("u.s."), byteRange: 21..<25, extraForms: [b("us")]),
      ])
  }

  private func b(_ text: String) -> [UInt8] { Array(text.utf8) }
}
