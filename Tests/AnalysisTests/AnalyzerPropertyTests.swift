import Base
import TestSupport
import Testing

@testable import Analysis

/// What holds for all texts, whatever their bytes.
@Suite struct AnalyzerPropertyTests {
  @Test func fastPathEqualsGeneralPath() throws {
    let fast = Analyzer()
    let general = Analyzer(usesFastPath: false)
    try Property.check("the ASCII path yields what the general one does") { random in
      let bytes = RandomText.any(&random)
      let text = String(decoding: bytes, as: UTF8.self)
      try #require(Analyzed(bytes, fast) == Analyzed(bytes, general), "\(bytes): \(text)")
    }
  }

  @Test func restartAtAnyWord() throws {
    let analyzer = Analyzer()
    try Property.check("analysis from the first byte of a word on yields the words from there on") { random in
      let bytes = RandomText.any(&random)
      let whole = Analyzed(bytes, analyzer)
      guard let first = whole.words.indices.randomElement(using: &random) else { return }
      let limit = Int.random(in: 1...whole.words.count, using: &random)
      var batch = TokenBatch()
      analyzer.analyzeWords(
        bytes.span, fromByte: whole.words[first].bytes.lowerBound, position: whole.words[first].position, limit: limit,
        into: &batch)
      try #require(Analyzed(batch).words == Array(whole.words[first...].prefix(limit)), "word \(first) of \(bytes)")
      try #require(Int(batch.wordCount) == min(limit, whole.words.count - first))
    }
  }

  @Test func batchInvariants() throws {
    try Property.check("a batch keeps what it promises") { random in
      let bytes = RandomText.any(&random)
      var batch = TokenBatch()
      Analyzer().analyze(bytes.span, into: &batch)
      let result = Analyzed(batch)
      try #require(result.words.map(\.position) == Array(0..<batch.wordCount), "\(bytes)")
      try #require(result.sentenceStarts.first == (batch.wordCount > 0 ? 0 : nil))
      try #require(result.sentenceStarts == Array(Set(result.sentenceStarts)).sorted(), "\(bytes)")
      try #require(result.paragraphStarts.first == result.sentenceStarts.first)
      try #require(Set(result.paragraphStarts).isSubset(of: result.sentenceStarts), "\(bytes)")
      var end = 0
      for word in result.words {
        try #require(word.bytes.lowerBound >= end && word.bytes.upperBound > word.bytes.lowerBound, "\(bytes)")
        try #require(word.bytes.upperBound <= bytes.count, "\(bytes)")
        try #require(word.forms.allSatisfy { (1...Limits.wordBytesMax).contains($0.utf8.count) }, "\(bytes)")
        try #require(!word.forms.contains { $0.contains("\u{FFFD}") }, "ill-formed bytes inside a word: \(bytes)")
        end = word.bytes.upperBound
      }
    }
  }

  @Test func possessivesStandWithTheirBase() throws {
    let analyzer = Analyzer()
    try Property.check("wherever a possessive stands its base stands, with its stem") { random in
      let bytes = RandomText.any(&random)
      for word in Analyzed(bytes, analyzer).words {
        let form = Array(word.forms[0].utf8)
        let hasBase = word.kinds.contains(.possessiveBase)
        try #require(Analyzer.isPossessive(form) == hasBase, "\(word) in \(bytes)")
        guard hasBase else { continue }
        let base = Array(word.forms[1].utf8)
        try #require(!Analyzer.isPossessive(base) && analyzer.stem(form) == analyzer.stem(base), "\(word) in \(bytes)")
      }
    }
  }

  @Test func queryWordsAreDocumentWords() throws {
    let analyzer = Analyzer()
    try Property.check("queries and documents have the same words") { random in
      let bytes = RandomText.any(&random)
      let words = Analyzed(bytes, analyzer).words
      let queryWords = analyzer.queryWords(bytes.span)
      try #require(queryWords.map(\.byteRange) == words.map(\.bytes), "\(bytes)")
      try #require(
        queryWords.map { [$0.form] + $0.extraForms } == words.map { $0.forms.map { Array($0.utf8) } }, "\(bytes)")
      try #require(queryWords.allSatisfy { $0.stem == analyzer.stem($0.form) }, "\(bytes)")
    }
  }

  @Test func longRunsStayLinear() {
    // A look-ahead or look-behind without bound would make one of these quadratic: minutes at least.
    for piece in ["a", "a.", "a'", "'", ". ", ".\n", "\n ", "\u{301}", "a\u{93C}\u{94D}", "a: ", "\u{94D}", "1,", "🇸"] {
      let text = Array(String(repeating: piece, count: 1 << 18).utf8)
      let clock = ContinuousClock()
      let time = clock.measure { _ = Analyzed(text) }
      #expect(time < .seconds(20), "\(piece.debugDescription)")
    }
  }
}
