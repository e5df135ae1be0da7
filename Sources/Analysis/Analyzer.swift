internal import Base

/// Turns text into words, with one code for documents and for queries.
///
/// What a word, a form, a sentence and a paragraph are is told in the chapter of this module. Any bytes are legal text:
/// what is not UTF-8 separates words.
///
/// A value of two bytes; use one from as many threads as wanted.
public struct Analyzer: Sendable {
  /// Raised whenever any text may yield other words, forms, stems or boundaries than before. An index remembers the
  /// version it was written with and refuses another.
  public static let version: UInt32 = 1

  /// Decides what `stem` and `QueryWord.stem` are; words and forms do not depend on it.
  public let stemming: Stemming
  private let usesFastPath: Bool

  public init(stemming: Stemming = .english) {
    self.init(stemming: stemming, usesFastPath: true)
  }

  /// - Parameter usesFastPath: false sends all text through the general segmenter, which tests compare the other with.
  init(stemming: Stemming = .english, usesFastPath: Bool) {
    self.stemming = stemming
    self.usesFastPath = usesFastPath
  }

  // MARK: Documents

  /// Replaces the contents of `batch` by the words, sentences and paragraphs of `text`, which is shorter than 4 GiB.
  ///
  /// - Complexity: linear; allocates nothing once the batch has grown.
  public func analyze(_ text: Span<UInt8>, into batch: inout TokenBatch) {
    batch.removeAll()
    scan(text, from: 0, position: 0, limit: .max, into: &batch)
    markSentences(text, in: &batch)
  }

  /// Replaces the contents of `batch` by at most `limit` words of `text`, the first of which begins at `fromByte` and
  /// has the number `position`. Sentences and paragraphs are left out.
  ///
  /// The words are those of `analyze` from there on if `fromByte` is the `byteStart` of one of its words.
  public func analyzeWords(
    _ text: Span<UInt8>, fromByte: Int, position: UInt32, limit: Int, into batch: inout TokenBatch
  ) {
    batch.removeAll()
    scan(text, from: fromByte, position: position, limit: limit, into: &batch)
  }

  /// Steps over `limit` words of `text`, the first of which begins at `fromByte`, as `analyzeWords` would find them; fewer
  /// where the text ends. Several times as fast.
  ///
  /// - Parameter batch: Room to work in; what it holds afterwards means nothing.
  /// - Returns: How many words, and the byte from which `analyzeWords` finds what follows.
  public func skipWords(
    _ text: Span<UInt8>, fromByte: Int, limit: Int, using batch: inout TokenBatch
  ) -> (words: Int, byte: Int) {
    let kinds = ASCIIKind.table
    var scanner = WordScanner(text, from: fromByte, kinds: kinds.span, usesFastPath: usesFastPath)
    let words = scanner.skip(limit, using: &batch)
    return (words, scanner.offset)
  }

  // MARK: Queries

  /// The words of a piece of a query, in order.
  public func queryWords(_ text: Span<UInt8>) -> [QueryWord] {
    var batch = TokenBatch()
    scan(text, from: 0, position: 0, limit: .max, into: &batch)
    var words: [QueryWord] = []
    for token in batch.tokens {
      let start = Int(token.formOffset)
      let form = Array(batch.formBytes[start..<start + Int(token.formLength)])
      if token.kind == .word {
        let range = Int(token.byteStart)..<Int(token.byteEnd)
        words.append(QueryWord(form: form, stem: stem(form), byteRange: range, extraForms: []))
      } else {
        words[words.count - 1].extraForms.append(form)
      }
    }
    return words
  }

  /// `text` without case and diacritics, as forms are, with everything that is no letter: for patterns and prefixes.
  public func fold(_ text: Span<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    var folder = Folder()
    folder.append(text, 0..<text.count, limit: .max, to: &bytes)
    return bytes
  }

  public func fold(_ text: [UInt8]) -> [UInt8] { fold(text.span) }

  // MARK: Forms

  /// Replaces the contents of `bytes` by the stem of a folded form.
  ///
  /// The stem of a possessive is that of its base; `u.s` has the stem `u.s.`, so that both spellings are one class.
  /// Other forms with a digit, a dot or a letter beyond a to z are their own stems: the stemmer knows English only.
  public func stem(of form: Span<UInt8>, into bytes: inout [UInt8]) {
    bytes.removeAll(keepingCapacity: true)
    let base = form.extracting(0..<(WordForm.possessiveBase(form) ?? form.count))
    for index in base.indices { bytes.append(base[index]) }
    if WordForm.acronymLetters(bytes[...]) != nil {
      if bytes.last != UInt8(ascii: ".") { bytes.append(UInt8(ascii: ".")) }
    } else if stemming == .english, WordForm.isEnglish(base) {
      bytes = EnglishStemmer.stem(bytes)
    }
  }

  /// The stem of a folded form.
  public func stem(_ form: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    stem(of: form.span, into: &bytes)
    return bytes
  }

  /// Whether a form is a possessive. Wherever it stands its base stands too, so a stem class leaves it out.
  public static func isPossessive(_ form: Span<UInt8>) -> Bool { WordForm.possessiveBase(form) != nil }

  /// Whether a form is a possessive. Wherever it stands its base stands too, so a stem class leaves it out.
  public static func isPossessive(_ form: [UInt8]) -> Bool { isPossessive(form.span) }

  // MARK: Inside

  private func scan(
    _ text: Span<UInt8>, from start: Int, position: UInt32, limit: Int, into batch: inout TokenBatch
  ) {
    let kinds = ASCIIKind.table
    var scanner = WordScanner(text, from: start, kinds: kinds.span, usesFastPath: usesFastPath)
    scanner.scan(position: position, limit: limit, into: &batch)
  }

  /// Finds the first word of every sentence and paragraph. A boundary inside a word ("a.ב") counts for nothing.
  private func markSentences(_ text: Span<UInt8>, in batch: inout TokenBatch) {
    guard let first = batch.tokens.first else { return }
    let segmenter = SentenceSegmenter(text, tailoring: .standard)
    batch.sentenceStarts.append(first.position)
    batch.paragraphStarts.append(first.position)
    var token = 0
    var boundary = 0
    var paragraphEnded = false
    while boundary < text.count {
      let sentence = segmenter.sentence(from: boundary)
      boundary = sentence.end
      if boundary == text.count { return }  // No word is left to begin another.
      paragraphEnded = paragraphEnded || sentence.endsParagraph
      while token < batch.tokens.count, batch.tokens[token].byteStart < boundary { token += 1 }
      guard token < batch.tokens.count else { return }
      if token > 0, batch.tokens[token - 1].byteEnd > boundary { continue }
      // A sentence without words starts nothing, but the paragraph that ends with it does.
      let position = batch.tokens[token].position
      if position != batch.sentenceStarts.last { batch.sentenceStarts.append(position) }
      if paragraphEnded, position != batch.paragraphStarts.last { batch.paragraphStarts.append(position) }
      paragraphEnded = false
    }
  }
}
