/// What was read as text and may have been meant as more.
extension QueryParser {
  // MARK: Lower-case operators

  /// `raqqa or mosul`: most who type it mean the operator.
  mutating func warnLowerCaseOperators() {
    let kept = tokens.filter { $0.kind != .dropped }
    for (index, token) in kept.enumerated() where token.kind == .word && index > 0 {
      let text = slice(token.range)
      let upper = text.uppercased()
      guard text != upper, ["AND", "OR", "NOT", "BEFORE", "SENT", "PARA"].contains(upper) else { continue }
      guard kept[index - 1].endsOperand, kept[index + 1].beginsOperand else { continue }
      if upper == "NOT", case .distance = kept[index + 1].kind { continue }
      let meant = [QueryFinding].apply([.replace(token.range, by: upper)], to: source)
      warnings.append(
        QueryWarning(
          code: .lowerCaseOperator, message: "`\(text)` was read as a word; the operator is written \(upper).",
          byteRange: token.range, suggestions: [meant]))
    }
  }

  // MARK: Signs on words

  /// `constitut!` begins words in Westlaw, `#smith` is the sound or the exact form elsewhere; here both signs are
  /// punctuation. The first of each is told.
  mutating func warnSigns() {
    for token in tokens where token.kind == .word && source[token.range].last == UInt8(ascii: "!") {
      let word = slice(token.range).prefix { $0 != "!" }
      guard word.count > 1, word.allSatisfy(\.isLetter) else { continue }
      warnings.append(
        QueryWarning(
          code: .punctuation, message: "`!` was read as punctuation; the beginning of a word is written `\(word)*`.",
          byteRange: token.range, suggestions: [[QueryFinding].apply([.replace(token.range, by: "\(word)*")], to: source)]))
      break
    }
    let number = UInt8(ascii: "#")
    for token in tokens where token.kind == .word && source[token.range].contains(number) {
      warnings.append(
        QueryWarning(
          code: .punctuation, message: "`#` was read as punctuation, as it is in texts.", byteRange: token.range))
      break
    }
  }

  // MARK: Other quotation marks

  /// Words between such marks that are taken for a phrase.
  private static let quotedWordsMax = 12

  /// `'air strike'`, `«air strike»`: only double and curly quotes make phrases. The first place is told.
  mutating func warnOtherQuotes() {
    for index in tokens.indices.dropLast() where tokens[index].kind == .word {
      guard let open = slice(tokens[index].range).first, let close = Self.otherQuotes[open] else { continue }
      let words = tokens[index...].prefix(Self.quotedWordsMax).prefix { $0.kind == .word }
      guard let last = words.firstIndex(where: { slice($0.range).last == close }), last > index else { continue }
      let range = tokens[index].range.lowerBound..<tokens[last].range.upperBound
      let phrase = "\"\(slice(range).dropFirst().dropLast())\""
      warnings.append(
        QueryWarning(
          code: .punctuation,
          message: "`\(open)` and `\(close)` were read as punctuation; a phrase stands in double quotes.",
          byteRange: range, suggestions: [[QueryFinding].apply([.replace(range, by: phrase)], to: source)]))
      return
    }
  }

  private static let otherQuotes: [Character: Character] = [
    "'": "'", "\u{2018}": "\u{2019}", "`": "`", "\u{AB}": "\u{BB}", "\u{BB}": "\u{AB}", "\u{2039}": "\u{203A}",
    "\u{300C}": "\u{300D}",
  ]
}

extension QueryToken {
  fileprivate var endsOperand: Bool {
    switch kind {
    case .word, .phrase, .close, .boost: true
    default: false
    }
  }
  fileprivate var beginsOperand: Bool {
    switch kind {
    case .word, .phrase, .open, .minus, .distance: true
    default: false
    }
  }
}
