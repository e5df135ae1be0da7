internal import Analysis
internal import Base

/// Words, wildcards and fuzzy words from runs of characters.
extension QueryParser {
  /// A run outside quotes: one word, or the phrase of its words (`mid-October`).
  mutating func parseRun(_ range: Range<Int>) -> QueryNode? {
    if !isLowerCaseWord(range), parseSpelling(range) { return nil }
    return parseWords(range)
  }

  /// Whether a run is of letters of ASCII, not all of them capitals: of all that other engines read into a run, this can be
  /// nothing but `ForeignRun.places`.
  private func isLowerCaseWord(_ range: Range<Int>) -> Bool {
    let run = source[range]
    return run.allSatisfy { ($0 | 0x20) &- 0x61 < 26 } && run.contains { $0 >= 0x61 }
      && !(run.count >= 9 && ForeignRun.places.contains(slice(range).lowercased()))
  }

  /// Reports a run in which another engine reads more than words; false where it is none.
  private mutating func parseSpelling(_ range: Range<Int>) -> Bool {
    if let foreign = ForeignRun(slice(range), schema: reader.schema) {
      reportSpelling(
        range, hint: foreign.hint,
        fixes: foreign.replacements.map { [$0.isEmpty ? removeWithOperator(range) : .replace(range, by: $0)] })
      return true
    }
    if reportForeignRange(from: range, of: "", start: range.lowerBound, isFilter: false) { return true }
    if let foreign = ForeignSpelling(slice(range)), !foreign.isWord {
      find(
        .unsupported, range, "`\(slice(range))` is not an operator here.", hint: foreign.hint,
        fixes: [[remove(range)]])
      return true
    }
    return false
  }

  private mutating func parseWords(_ range: Range<Int>) -> QueryNode? {
    let (sense, rest) = signedSense(range, of: .stem)
    guard let terms = terms(in: rest, sense: sense), let first = terms.first else { return nil }
    if terms.count == 1 { return QueryNode(.term(first), range: range) }
    return QueryNode(.phrase(QueryPhrase(sense: sense, items: terms.map { .oneOf([$0]) })), range: range)
  }

  /// The sense of a run, from the `=` or `==` before it, and what follows.
  func signedSense(
    _ range: Range<Int>, of outer: QueryWordTerm.Sense
  ) -> (sense: QueryWordTerm.Sense, rest: Range<Int>) {
    let signs = min(2, source[range].prefix { $0 == UInt8(ascii: "=") }.count)
    let sense = signs == 0 ? outer : signs == 1 && outer != .verbatim ? .exact : .verbatim
    return (sense, range.lowerBound + signs..<range.upperBound)
  }

  /// The terms that a run stands for, one a position; nil where a problem was found, empty where it holds no word.
  mutating func terms(in range: Range<Int>, sense: QueryWordTerm.Sense) -> [QueryTerm]? {
    let (body, suffix) = splitFuzzy(range)
    var terms: [QueryTerm] = []
    if hasWildcard(body) {
      for piece in wildcardPieces(body) {
        guard source[piece].contains(where: { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") }) else {
          terms += words(in: piece, sense: sense)
          continue
        }
        guard let pattern = pattern(piece, sense) else { return nil }
        terms.append(.wildcard(pattern))
      }
    } else {
      terms = words(in: body, sense: sense)
    }
    for _ in terms { countTerm(range) }
    guard let suffix else { return terms }
    return fuzzy(terms, suffix: suffix, sense: sense)
  }

  private func words(in range: Range<Int>, sense: QueryWordTerm.Sense) -> [QueryTerm] {
    let text = Array(source[range])
    return reader.analyzer.queryWords(text.span).map { word in
      .word(
        QueryWordTerm(
          sense: sense, form: String(decoding: word.form, as: UTF8.self),
          stem: String(decoding: word.stem, as: UTF8.self),
          verbatim: String(decoding: text[word.byteRange], as: UTF8.self)))
    }
  }

  // MARK: Fuzzy words

  /// `word~`, `word~1`: what stands before the sign, and the sign with its number.
  private func splitFuzzy(_ range: Range<Int>) -> (body: Range<Int>, suffix: Range<Int>?) {
    var end = range.upperBound
    while end > range.lowerBound, QueryLexer.isDigit(source[end - 1]) { end -= 1 }
    guard end > range.lowerBound + 1, source[end - 1] == UInt8(ascii: "~") else { return (range, nil) }
    return (range.lowerBound..<end - 1, end - 1..<range.upperBound)
  }

  /// A `~` alone means two edits, as in Lucene.
  private mutating func fuzzy(
    _ terms: [QueryTerm], suffix: Range<Int>, sense: QueryWordTerm.Sense
  ) -> [QueryTerm]? {
    let digits = source[suffix.lowerBound + 1..<suffix.upperBound]
    let edits = digits.isEmpty ? 2 : QueryLexer.number(digits) ?? 0
    guard (1...2).contains(edits) else {
      find(
        .distanceOutOfRange, suffix, "A fuzzy word allows 1 or 2 edits.", hint: "Write `word~1` or `word~2`.",
        fixes: [[.replace(suffix, by: "~2")], [.replace(suffix, by: "~1")]])
      return nil
    }
    if sense == .verbatim, !terms.isEmpty {
      find(
        .unsupported, suffix, "A fuzzy word has no case: `==` takes words and wildcards.",
        hint: "Leave out one of the two signs.", fixes: [[.replace(suffix, by: "")]])
      return nil
    }
    guard case .word(let word) = terms.last else {
      guard !terms.isEmpty else { return [] }
      find(
        .unsupported, suffix, "A word is either a wildcard or fuzzy.", hint: "Leave out one of the two signs.",
        fixes: [[.replace(suffix, by: "")]])
      return nil
    }
    return terms.dropLast() + [.fuzzy(FuzzyWord(form: word.form, edits: edits))]
  }

  // MARK: Wildcards

  /// A `*` anywhere, or a `?` that is not the punctuation at the end; `\?` is a wildcard there too.
  private func hasWildcard(_ range: Range<Int>) -> Bool {
    let kept = source[range.lowerBound..<wildcardEnd(range)]
    return kept.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") }
  }

  /// Where the run ends without the punctuation behind it.
  private func wildcardEnd(_ range: Range<Int>) -> Int {
    let marks = Array("?!.,;:".utf8)
    var end = range.upperBound
    while end > range.lowerBound, marks.contains(source[end - 1]) {
      if end - 1 > range.lowerBound, source[end - 2] == UInt8(ascii: "\\") { break }
      end -= 1
    }
    return end
  }

  /// Cuts a run with wildcards where the analysis would end a word: letters, digits, marks, `_` and the wildcards
  /// hold together, a dot or apostrophe does between two of them.
  private func wildcardPieces(_ range: Range<Int>) -> [Range<Int>] {
    var pieces: [Range<Int>] = []
    var start: Int?
    var offset = range.lowerBound
    let end = wildcardEnd(range)
    let text = String(decoding: source[range.lowerBound..<end], as: UTF8.self)
    var scalars = Array(text.unicodeScalars)[...]
    while let scalar = scalars.popFirst() {
      let joins =
        Self.holdsTogether(scalar) || (start != nil && (Self.isMark(scalar) || Self.joins(scalar, scalars.first)))
      if joins, start == nil { start = offset }
      if !joins, let begun = start {
        pieces.append(begun..<offset)
        start = nil
      }
      offset += UTF8.width(scalar)
    }
    if let start { pieces.append(start..<end) }
    return pieces
  }

  private static func holdsTogether(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "*", "?", "_", "\\": return true
    default:
      let properties = scalar.properties
      return !isMark(scalar) && (properties.isAlphabetic || properties.numericType != nil)
    }
  }

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    [.nonspacingMark, .spacingMark, .enclosingMark].contains(scalar.properties.generalCategory)
  }

  private static func joins(_ scalar: Unicode.Scalar, _ next: Unicode.Scalar?) -> Bool {
    guard scalar == "." || scalar == "'" || scalar == "\u{2019}", let next else { return false }
    return holdsTogether(next)
  }

  /// The folded pattern; `**` is `*`.
  private mutating func pattern(_ range: Range<Int>, _ sense: QueryWordTerm.Sense) -> WildcardPattern? {
    let star = UInt8(ascii: "*")
    var typed: [UInt8] = []
    for byte in source[range] where byte != UInt8(ascii: "\\") && (byte != star || typed.last != star) {
      typed.append(byte)
    }
    var bytes: [UInt8] = []
    for byte in reader.analyzer.fold(typed) where byte != star || bytes.last != star { bytes.append(byte) }
    let pattern = WildcardPattern(
      text: String(decoding: bytes, as: UTF8.self),
      verbatim: sense == .verbatim ? String(decoding: typed, as: UTF8.self) : nil)
    if pattern.literalCount >= 2 { return pattern }
    let literals = bytes.filter { $0 != star && $0 != UInt8(ascii: "?") }
    find(
      .wildcardTooShort, range, "A wildcard needs at least 2 letters beside it.",
      hint: "`*` alone is a word of a phrase only: \"a * b\".",
      fixes: starFixes(range)
        + [[literals.isEmpty ? remove(range) : .replace(range, by: String(decoding: literals, as: UTF8.self))]])
    return nil
  }

  /// A `*` alone: SQLite's `"one two" *` means words that begin so, `a * b` means any word between.
  private func starFixes(_ range: Range<Int>) -> [[TextEdit]] {
    guard source[range].elementsEqual("*".utf8), let place = tokens.firstIndex(where: { $0.range == range }), place > 0
    else { return [] }
    let before = tokens[place - 1]
    if case .phrase(let phrase) = before.kind {
      return [[.replace(phrase.inner.upperBound..<range.upperBound, by: "*\"")]]
    }
    guard before.kind == .word, tokens[place + 1].kind == .word else { return [] }
    return [[.insert("\"", at: before.range.lowerBound), .insert("\"", at: tokens[place + 1].range.upperBound)]]
  }
}
