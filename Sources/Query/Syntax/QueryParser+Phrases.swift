internal import Analysis
internal import Base

/// Quoted phrases.
extension QueryParser {
  /// A phrase of one word is that word: `"near"` is the exact word, `~"near"` the word with its other forms.
  mutating func parsePhrase(_ token: QueryToken, _ phrase: PhraseToken, sense: QueryWordTerm.Sense) -> QueryNode? {
    guard phrase.isClosed else {
      reportUnclosedQuote(token, phrase)
      return nil
    }
    let known = findings.count
    reportForeignPhrase(phrase.inner)
    let items = parseItems(phrase.inner, sense: sense)
    let extra = looseness(phrase, items: items, range: token.range)
    guard findings.count == known, let items else { return nil }
    guard items.contains(where: { !$0.isAnyWord }) else {
      find(
        .missingOperand, token.range, "The phrase holds no word.",
        hint: "Write its words between the quotes, or remove it.",
        fixes: [[remove(token.range)]])
      return nil
    }
    guard let ways = spelledOut(items, token.range) else { return nil }
    let nodes = ways.flatMap { way -> [QueryNode] in
      if way.count == 1, case .oneOf(let terms) = way[0] {
        return terms.map { QueryNode(.term($0), range: token.range) }
      }
      return [QueryNode(.phrase(QueryPhrase(sense: sense, items: way, extraWords: extra)), range: token.range)]
    }
    return nodes.count == 1 ? nodes[0] : QueryNode(.alternatives(nodes), range: token.range)
  }

  /// Phrases that a choice with several words in one alternative may make.
  private static let waysMax = 64

  /// The phrases that are meant: one, or where an alternative of a choice has several words (`"in (mid-October|May)"`)
  /// one for each way to choose among its alternatives. Nil where that are too many.
  private mutating func spelledOut(_ items: [ParsedItem], _ range: Range<Int>) -> [[QueryPhrase.Item]]? {
    var ways: [[QueryPhrase.Item]] = [[]]
    for item in items {
      let choices = item.choices
      guard ways.count * choices.count <= Self.waysMax else {
        find(
          .tooLong, range, "The choices of this phrase make more than \(Self.waysMax) phrases.",
          hint: "Choices between single words make none; write those of several words apart: \"a b c\"|\"a d\".")
        return nil
      }
      ways = choices.flatMap { choice in ways.map { $0 + choice } }
    }
    // Each word of each phrase counts; those that were typed have been counted.
    let typed = items.reduce(0) { $0 + $1.termCount }
    let spelled = ways.joined().reduce(0) { $0 + $1.termCount }
    if spelled > typed { for _ in typed..<spelled { countTerm(range) } }
    return ways
  }

  private mutating func reportUnclosedQuote(_ token: QueryToken, _ phrase: PhraseToken) {
    let opening = token.range.lowerBound..<phrase.inner.lowerBound
    var fixes: [[TextEdit]] = [[.insert("\"", at: source.count)]]
    let tail = QueryLexer.tokens(of: Array(source[phrase.inner]))
    if let operation = tail.dropFirst().firstIndex(where: { $0.kind != .word && $0.kind != .end }) {
      fixes.insert([.insert("\"", at: phrase.inner.lowerBound + tail[operation - 1].range.upperBound)], at: 0)
    }
    fixes.append([.replace(opening, by: "")])
    find(
      .unclosedQuote, opening, "This quotation mark is never closed.",
      hint: "Close it where the phrase ends.", fixes: fixes)
  }

  /// The `~N` behind a phrase.
  private mutating func looseness(_ phrase: PhraseToken, items: [ParsedItem]?, range: Range<Int>) -> Int? {
    guard case .extra(let number) = phrase.looseness else { return nil }
    let sign = (source[range].lastIndex(of: UInt8(ascii: "~")) ?? range.lowerBound)..<range.upperBound
    guard let number, number <= Limits.distanceMax else {
      let typed = source[sign].dropFirst()
      let digits = typed.prefix(while: QueryLexer.isDigit)
      let isTooLarge = !typed.isEmpty && digits.count == typed.count
      let guess = isTooLarge ? Limits.distanceMax : max(1, QueryLexer.number(digits) ?? 1)
      find(
        .distanceOutOfRange, sign, "A loose phrase needs the number of extra words, at most \(Limits.distanceMax).",
        hint: "`\"a b\"~1` allows one word more.", fixes: [[.replace(sign, by: "~\(guess)")], [remove(sign)]])
      return nil
    }
    if let items, items.contains(where: \.isAnyWord) {
      let words = items.count { !$0.isAnyWord }
      var start = phrase.inner.lowerBound
      var edits: [TextEdit] = [.replace(sign, by: "~\(min(Limits.distanceMax, number + items.count - words))")]
      while let star = source[start..<phrase.inner.upperBound].firstIndex(of: UInt8(ascii: "*")) {
        start = star + 1
        if isAlone(star, in: phrase.inner) { edits.append(remove(star..<star + 1)) }
      }
      find(
        .unsupported, range, "A loose phrase has no fixed places, so `*` has no meaning in it.",
        hint: "Count the words that may stand between in the number.", fixes: [edits, [.replace(sign, by: "")]])
    }
    return number
  }

  private func isAlone(_ place: Int, in range: Range<Int>) -> Bool {
    let before = place == range.lowerBound || source[place - 1] == 0x20
    return before && (place + 1 == range.upperBound || source[place + 1] == 0x20)
  }

  // MARK: Items

  /// Nil where a problem was found.
  private mutating func parseItems(_ range: Range<Int>, sense: QueryWordTerm.Sense) -> [ParsedItem]? {
    var items: [ParsedItem] = []
    var isWhole = true
    var at = range.lowerBound
    while at < range.upperBound {
      let blank = QueryLexer.blankLength(source, at)
      if blank > 0 {
        at += blank
      } else if let choice = choice(at, range.upperBound) {
        if let item = parseChoice(choice, sense: sense) { items.append(item) } else { isWhole = false }
        at = choice.upperBound
      } else if source[at] == UInt8(ascii: "(") || source[at] == UInt8(ascii: ")") {
        at += 1
      } else {
        let start = at
        while at < range.upperBound, QueryLexer.blankLength(source, at) == 0, source[at] != UInt8(ascii: "("),
          source[at] != UInt8(ascii: ")")
        { at += 1 }
        if source[start..<at].elementsEqual("*".utf8) {
          items.append(.anyWord)
        } else if let terms = signedTerms(in: start..<at, sense: sense) {
          items += terms.map { .choice([[$0]]) }
        } else {
          isWhole = false
        }
      }
    }
    return isWhole ? items : nil
  }

  /// The place of `(a|b)` at an offset; brackets without a bar are punctuation.
  private func choice(_ start: Int, _ end: Int) -> Range<Int>? {
    guard source[start] == UInt8(ascii: "("), let close = source[start..<end].firstIndex(of: UInt8(ascii: ")")),
      source[start..<close].contains(UInt8(ascii: "|"))
    else { return nil }
    return start..<close + 1
  }

  /// The terms of a run inside quotes, where `=` and `==` hold for the run.
  private mutating func signedTerms(in range: Range<Int>, sense: QueryWordTerm.Sense) -> [QueryTerm]? {
    var start = range.lowerBound
    while start < range.upperBound, QueryLexer.blankLength(source, start) > 0 {
      start += QueryLexer.blankLength(source, start)
    }
    let (sense, rest) = signedSense(start..<range.upperBound, of: sense)
    return terms(in: rest, sense: sense)
  }

  private mutating func parseChoice(_ range: Range<Int>, sense: QueryWordTerm.Sense) -> ParsedItem? {
    var choices: [[QueryTerm]] = []
    var start = range.lowerBound + 1
    for end in range.dropFirst() where source[end] == UInt8(ascii: "|") || end == range.upperBound - 1 {
      guard let terms = signedTerms(in: start..<end, sense: sense) else { return nil }
      guard !terms.isEmpty else {
        reportEmptyChoice(range)
        return nil
      }
      if !choices.contains(terms) { choices.append(terms) }
      start = end + 1
    }
    return .choice(choices)
  }

  private mutating func reportEmptyChoice(_ choice: Range<Int>) {
    let text = source[choice].dropFirst().dropLast().split(separator: UInt8(ascii: "|"))
      .map { String(decoding: $0, as: UTF8.self) }
      .filter { !reader.analyzer.queryWords(Array($0.utf8).span).isEmpty }
    let fixed = text.count > 1 ? "(\(text.joined(separator: "|")))" : text.first ?? ""
    find(
      .missingOperand, choice, "An alternative of this choice is empty.",
      hint: "Write a word on both sides of each `|`.",
      fixes: [[.replace(choice, by: fixed)]])
  }
}

/// A place of a phrase as it was typed.
private enum ParsedItem {
  case anyWord
  /// Alternatives, each of one word or several.
  case choice([[QueryTerm]])

  var isAnyWord: Bool { if case .anyWord = self { true } else { false } }

  /// What may stand there: one item while all alternatives are single words, else the items of each alternative.
  var choices: [[QueryPhrase.Item]] {
    switch self {
    case .anyWord: [[.anyWord]]
    case .choice(let alternatives):
      alternatives.allSatisfy { $0.count == 1 }
        ? [[.oneOf(alternatives.map { $0[0] })]] : alternatives.map { $0.map { .oneOf([$0]) } }
    }
  }

  var termCount: Int {
    if case .choice(let alternatives) = self { alternatives.reduce(0) { $0 + $1.count } } else { 0 }
  }
}

extension QueryPhrase.Item {
  fileprivate var termCount: Int { if case .oneOf(let terms) = self { terms.count } else { 0 } }
}
