import Base
import CKernels
import TestSupport
import Testing

@testable import Analysis

/// The kernels that look at many bytes of text at a time, against their scalar twins.
@Suite struct PlainWordsTests {
  private struct Found: Equatable {
    var words: [[UInt8]]
    var starts: [UInt32]
    var offset: Int
  }

  @Test func theKernelFindsWhatItsTwinFinds() throws {
    try Property.check("words of ASCII are found as byte by byte") { random in
      let text = Self.text(&random)
      let start = Int.random(in: 0...text.count, using: &random)
      let max = Int.random(in: 1...200, using: &random)
      try #require(Self.find(text, start, max, isScalar: false) == Self.find(text, start, max, isScalar: true), "\(text)")
    }
  }

  @Test func wordsAreSteppedOverAsTheyAreFound() throws {
    try Property.check("stepping over words ends where finding them does") { random in
      let text = Self.text(&random)
      let start = Int.random(in: 0...text.count, using: &random)
      let max = Int.random(in: 0...200, using: &random)
      let found = Self.find(text, start, max, isScalar: true)
      for isScalar in [false, true] {
        var offset = start
        // SAFETY (both calls): the count is the array's, and the offset inside it.
        let count = unsafe isScalar
          ? kwic_skip_words_scalar(text, text.count, &offset, max) : kwic_skip_words(text, text.count, &offset, max)
        try #require(count == found.words.count && offset == found.offset, "\(text)")
      }
    }
  }

  /// Texts as they come: what is behind some words is what is there when all words are found.
  @Test func whatFollowsSkippedWordsIsWhatFollowsInTheWhole() throws {
    try Property.check("skipping words and analysing from there, against analysing all") { random in
      let text = Self.text(&random) + Self.text(&random)
      let analyzer = Analyzer(stemming: .english, usesFastPath: Bool.random(using: &random))
      var whole = TokenBatch()
      analyzer.analyze(text.span, into: &whole)
      let words = Int(whole.wordCount)
      let wanted = Int.random(in: 0...words + 2, using: &random)
      var rest = TokenBatch()
      let skipped = analyzer.skipWords(text.span, fromByte: 0, limit: wanted, using: &rest)
      try #require(skipped.words == min(wanted, words))
      analyzer.analyzeWords(text.span, fromByte: skipped.byte, position: UInt32(skipped.words), limit: .max, into: &rest)
      let expected = whole.tokens.filter { $0.position >= UInt32(skipped.words) }
      try #require(rest.tokens.map(\.byteStart) == expected.map(\.byteStart))
      try #require(rest.tokens.map(\.byteEnd) == expected.map(\.byteEnd))
      try #require(rest.tokens.map(\.position) == expected.map(\.position))
    }
  }

  @Test func whatItFindsAreLettersDigitsAndUnderscores() throws {
    try Property.check("a plain word is a whole run of letters, digits and underscores, in lower case") { random in
      let text = Self.text(&random)
      let isPart = text.map { ASCIIKind.table[Int($0)].isWordPart }
      let found = Self.find(text, 0, .max, isScalar: false)
      for (word, start) in zip(found.words, found.starts) {
        let range = Int(start)..<Int(start) + word.count
        try #require(range.allSatisfy { isPart[$0] } && (range.upperBound == text.count || !isPart[range.upperBound]))
        try #require(range.lowerBound == 0 || !isPart[range.lowerBound - 1])
        try #require(word == Array(String(decoding: text[range], as: UTF8.self).lowercased().utf8))
      }
    }
  }

  @Test func endsOfSentencesAreFound() throws {
    try Property.check("the first byte that may end a sentence") { random in
      let text = Self.text(&random)
      let marks = Set<UInt8>([0x2E, 0x21, 0x3F, 0x0A, 0x0D])
      let expected = text.firstIndex { $0 >= 0x80 || marks.contains($0) } ?? text.count
      // SAFETY (both calls): the count is the array's.
      try #require(unsafe kwic_find_sentence_mark(text, text.count) == expected)
      try #require(unsafe kwic_find_sentence_mark_scalar(text, text.count) == expected)
    }
  }

  @Test func longWordsAreLeftToOthers() {
    for length in 60...66 {
      let text = [UInt8](repeating: 0x41, count: length) + [0x20, 0x62]
      let found = Self.find(text, 0, 9, isScalar: false)
      let isPlain = length <= Int(KWIC_PLAIN_WORD_MAX)
      #expect(found.words.map(\.count) == (isPlain ? [length, 1] : []))
      #expect(found.offset == (isPlain ? text.count : 0))
      #expect(Analyzed(text).words.map(\.bytes) == [0..<length, length + 1..<length + 2])
    }
  }

  /// Runs of a few kinds of bytes, some as long as a word that the kernel does not take.
  private static func text(_ random: inout SplitMix64) -> [UInt8] {
    let kinds: [[UInt8]] = ["abzAZ", "019", "_", "  -:", ".,;", "'", "!?\n\r", "\u{E9}"].map { Array($0.utf8) }
    return (0..<Int.random(in: 0...60, using: &random)).flatMap { _ -> [UInt8] in
      let kind = Bool.random(using: &random) ? kinds[0] : kinds.randomElement(using: &random) ?? []
      let isLong = Int.random(in: 0..<20, using: &random) == 0
      let count = Int.random(in: 1...(isLong ? 140 : 9), using: &random)
      return (0..<count).map { _ in kind.randomElement(using: &random) ?? 0 }
    }
  }

  private static func find(_ text: [UInt8], _ start: Int, _ max: Int, isScalar: Bool) -> Found {
    let most = min(max, text.count + 1)
    var starts = [UInt32](repeating: 0, count: most)
    var lengths = [UInt8](repeating: 0, count: most)
    var forms = [UInt8](repeating: 0, count: most * Int(KWIC_PLAIN_WORD_MAX) + 16)
    var offset = start
    // SAFETY: the arrays have the room that the kernel asks for.
    let count = unsafe isScalar
      ? kwic_scan_words_scalar(text, text.count, &offset, most, &starts, &lengths, &forms)
      : kwic_scan_words(text, text.count, &offset, most, &starts, &lengths, &forms)
    var next = 0
    let words = lengths[..<count].map { length in
      defer { next += Int(length) }
      return Array(forms[next..<next + Int(length)])
    }
    return Found(words: words, starts: Array(starts[..<count]), offset: offset)
  }
}
