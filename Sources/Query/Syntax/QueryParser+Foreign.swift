internal import Base

/// Spellings of other engines that stand where an operand begins and are more than one run of characters: calls, fields
/// of Sphinx and SQLite, signs before brackets. Each is refused with what says the same here.
extension QueryParser {
  /// Notes such a spelling at the current token and steps over what it spells; false where there is none.
  mutating func reportForeignOperand() -> Bool {
    guard peek.kind == .word else { return false }
    return reportCall() || reportSignedGroup() || reportFieldOperator() || reportColumnFilter() || reportSpacedField()
      || reportSpacedLooseness()
  }

  mutating func reportSpelling(_ range: Range<Int>, hint: String, fixes: [[TextEdit]]) {
    find(.unsupported, range, "`\(slice(range))` is a spelling of another engine.", hint: hint, fixes: fixes)
  }

  /// Goes to a token, which is not before the current one.
  mutating func advance(to index: Int) { while at < index, peek.kind != .end { advance() } }

  // MARK: Extents

  /// Where the operand that begins at a token ends: the index of the token after it.
  func operandEnd(_ index: Int) -> Int {
    var index = index
    while index < tokens.count - 1 {
      // What stands before an operand.
      while index < tokens.count - 1, isPrefix(tokens[index]) { index += 1 }
      if case .distance = tokens[index].kind, tokens[index + 1].kind == .open { index += 1 }
      if tokens[index].kind == .open {
        index = (tokens[index].closing ?? tokens.count - 2) + 1
      } else if index < tokens.count - 1 {
        index += 1
      }
      if case .boost = tokens[index].kind { index += 1 }
      guard tokens[index].kind == .bar else { break }
      index += 1
    }
    return min(index, tokens.count - 1)
  }

  private func isPrefix(_ token: QueryToken) -> Bool {
    switch token.kind {
    case .not, .minus, .dropped: true
    case .word: source[token.range].last == UInt8(ascii: ":")
    default: false
    }
  }

  /// The bytes of the operand that begins at a token; nil where none does.
  func operandRange(_ index: Int) -> Range<Int>? {
    var first = index
    while tokens[first].kind == .dropped { first += 1 }
    let end = operandEnd(first)
    guard end > first else { return nil }
    return tokens[first].range.lowerBound..<tokens[end - 1].range.upperBound
  }

  /// The texts of the operands between brackets, with or without commas between them.
  func operands(inside open: Int) -> [String] {
    guard let closing = tokens[open].closing else { return [] }
    var texts: [String] = []
    var index = open + 1
    while index < closing {
      switch tokens[index].kind {
      case .comma, .dropped, .or, .and, .bar: index += 1
      default:
        let end = max(index + 1, min(operandEnd(index), closing))
        texts.append(slice(tokens[index].range.lowerBound..<tokens[end - 1].range.upperBound))
        index = end
      }
    }
    return texts
  }

  /// Takes a range out, and an operator of distance before it, which would have lost its operand.
  func removeWithOperator(_ range: Range<Int>) -> TextEdit {
    let before = tokens.last { $0.range.upperBound <= range.lowerBound && $0.kind != .dropped && $0.kind != .end }
    guard case .distance = before?.kind, let before else {
      let isDirectlyBefore = range.upperBound < source.count && QueryLexer.blankLength(source, range.upperBound) == 0
      return isDirectlyBefore ? .replace(range, by: "") : remove(range)
    }
    return remove(before.range.lowerBound..<range.upperBound)
  }

  // MARK: Calls

  /// `ATLEAST5(a)`, `fn:ordered(a b)`, `3n(a, b)`: a name with brackets directly behind it.
  private mutating func reportCall() -> Bool {
    guard tokens[at + 1].kind == .open, !tokens[at + 1].followsBlank, let closing = tokens[at + 1].closing,
      let call = ForeignCall(
        slice(peek.range), inner: slice(tokens[at + 1].range.upperBound..<tokens[closing].range.lowerBound),
        operands: operands(inside: at + 1), schema: reader.schema)
    else { return false }
    let range = peek.range.lowerBound..<tokens[closing].range.upperBound
    reportSpelling(
      range, hint: call.hint,
      fixes: call.replacements.map { [$0.isEmpty ? removeWithOperator(range) : .replace(range, by: $0)] })
    advance(to: closing + 1)
    return true
  }

  // MARK: Signs before brackets

  /// `=(a b)`: the sign holds for one word or phrase.
  private mutating func reportSignedGroup() -> Bool {
    let sign = slice(peek.range)
    let open = tokens[at + 1]
    guard ["=", "==", "~"].contains(sign), open.kind == .open, !open.followsBlank, let closing = open.closing else {
      return false
    }
    var edits: [TextEdit] = [.replace(peek.range, by: "")]
    for token in tokens[(at + 2)..<closing] {
      switch token.kind {
      case .word where sign != "~": edits.append(.insert(sign, at: token.range.lowerBound))
      case .phrase where sign != "=": edits.append(.insert(sign, at: token.range.lowerBound))
      default: break
      }
    }
    find(
      .unsupported, peek.range, "`\(sign)` stands before one word or one phrase.",
      hint: "Write it before each word that it should hold for.", fixes: [edits, [.replace(peek.range, by: "")]])
    advance()
    return true
  }

  // MARK: Fields

  /// The field operator of Sphinx: `@title`, `@(title,body)`, `@!title`, `@*`, `@title[50]`; it holds for all that
  /// follows up to the next one.
  private mutating func reportFieldOperator() -> Bool {
    let text = slice(peek.range)
    guard text.hasPrefix("@") else { return false }
    var names: [String]
    var rest = at + 1
    let isNegative = text.hasPrefix("@!")
    let name = String(text.dropFirst(isNegative ? 2 : 1).prefix { $0 != "[" })
    if name.isEmpty, tokens[rest].kind == .open, !tokens[rest].followsBlank, let closing = tokens[rest].closing {
      names = operands(inside: rest)
      rest = closing + 1
    } else {
      names = name == "*" ? reader.schema.textFields : [name]
    }
    guard !names.isEmpty, names.allSatisfy({ reader.schema.kind(of: $0) == .text }) else { return false }
    if isNegative { names = reader.schema.textFields.filter { !names.contains($0) } }
    let range = peek.range.lowerBound..<tokens[rest - 1].range.upperBound
    reportSpelling(
      range, hint: "A field is written `name:word` or `name:(several words)`.",
      fixes: fieldFixes(range, names, rest: rest, end: fieldOperatorEnd(rest)))
    advance(to: rest)
    return true
  }

  /// The token behind all that a field operator holds for.
  private func fieldOperatorEnd(_ first: Int) -> Int {
    var index = first
    while index < tokens.count - 1, tokens[index].kind != .close {
      if tokens[index].kind == .word, source[tokens[index].range].first == UInt8(ascii: "@") { break }
      index = tokens[index].kind == .open ? (tokens[index].closing ?? tokens.count - 2) + 1 : index + 1
    }
    return min(index, tokens.count - 1)
  }

  /// Looks for tokens in some fields: the field before them, or alternatives of several.
  private func fieldFixes(_ sign: Range<Int>, _ names: [String], rest: Int, end: Int) -> [[TextEdit]] {
    guard rest < end else { return [[remove(sign)]] }
    let start = tokens[rest].range.lowerBound
    let stop = tokens[end - 1].range.upperBound
    if Set(names) == Set(reader.schema.textFields) { return [[.replace(sign.lowerBound..<start, by: "")]] }
    let isSingle = operandEnd(rest) >= end
    if names.count == 1 {
      let prefix: TextEdit = .replace(sign.lowerBound..<start, by: "\(names[0]):" + (isSingle ? "" : "("))
      return [isSingle ? [prefix] : [prefix, .insert(")", at: stop)]]
    }
    let text = isSingle ? slice(start..<stop) : "(\(slice(start..<stop)))"
    let all = names.map { "\($0):\(text)" }.joined(separator: " OR ")
    return names.isEmpty ? [] : [[.replace(sign.lowerBound..<stop, by: "(\(all))")]]
  }

  /// The column filter of SQLite: `{title body}: a`, and `-{title}: a` for the other columns.
  private mutating func reportColumnFilter() -> Bool {
    guard source[peek.range].first == UInt8(ascii: "{") else { return false }
    var names: [String] = []
    var index = at
    // Few names, so that many opening braces do not each read the whole query.
    while index < at + 32, [.word, .dropped, .comma].contains(tokens[index].kind) {
      let text = slice(tokens[index].range)
      let name = text.filter { !"{}:,".contains($0) }
      if !name.isEmpty { names.append(name) }
      if text.contains("}") { break }
      index += 1
    }
    let closing = slice(tokens[index].range)
    if !closing.hasSuffix(":"), closing.hasSuffix("}"), slice(tokens[index + 1].range) == ":" { index += 1 }
    guard slice(tokens[index].range).hasSuffix(":"), index > at || closing.hasSuffix("}:") else { return false }
    let isKnown = !names.isEmpty && names.allSatisfy { reader.schema.kind(of: $0) == .text }
    let isNegative = at > 0 && slice(tokens[at - 1].range) == "-"
    if isNegative { names = reader.schema.textFields.filter { !names.contains($0) } }
    let range = tokens[isNegative ? at - 1 : at].range.lowerBound..<tokens[index].range.upperBound
    var rest = index + 1
    while tokens[rest].kind == .dropped { rest += 1 }
    reportSpelling(
      range, hint: "A field is written `name:word` or `name:(several words)`.",
      fixes: isKnown ? fieldFixes(range, names, rest: rest, end: operandEnd(rest)) : [])
    advance(to: index + 1)
    return true
  }

  /// `title : a`, as SQLite allows it.
  private mutating func reportSpacedField() -> Bool {
    guard tokens[at + 1].kind == .dropped, slice(tokens[at + 1].range) == ":",
      reader.schema.kind(of: slice(peek.range)) != nil
    else { return false }
    let range = peek.range.lowerBound..<tokens[at + 1].range.upperBound
    let next = tokens[tokenIndex(ahead: 1)].range.lowerBound
    reportSpelling(
      range, hint: "The colon stands directly behind the field.",
      fixes: [[.replace(range.lowerBound..<next, by: "\(slice(peek.range)):")]])
    advance()
    return true
  }

  // MARK: Behind phrases

  /// `"a b" ~5`, which is not about 5.
  private mutating func reportSpacedLooseness() -> Bool {
    let text = source[peek.range]
    guard text.count > 1, text.first == UInt8(ascii: "~"), text.dropFirst().allSatisfy(QueryLexer.isDigit), at > 0,
      case .phrase = tokens[at - 1].kind
    else { return false }
    find(
      .unsupported, peek.range, "`\(slice(peek.range))` stands apart from its phrase.",
      hint: "`\"a b\"~5` allows five words more.",
      fixes: [[.replace(tokens[at - 1].range.upperBound..<peek.range.lowerBound, by: "")], [remove(peek.range)]])
    advance()
    return true
  }

  /// `^a`: the beginning of a field in Sphinx and SQLite. The current token is the caret.
  mutating func reportCaret() -> Bool {
    guard canBeginUnit(ahead: 1) else { return false }
    reportSpelling(
      peek.range, hint: "The beginning and the end of a field cannot be asked for.",
      fixes: [[.replace(peek.range, by: "")]])
    advance()
    _ = parseUnit()
    return true
  }

  // MARK: FTS5's NEAR

  /// `NEAR(a b, 5)`: the distance of SQLite counts the words between, so it is one less than ours.
  mutating func reportForeignNear() -> Bool {
    guard slice(peek.range) == "NEAR", tokens[at + 1].kind == .open, !tokens[at + 1].followsBlank,
      let closing = tokens[at + 1].closing
    else { return false }
    var operands = operands(inside: at + 1)
    var distance = 10
    if tokens[closing - 2].kind == .comma, let last = operands.last, let number = QueryLexer.number(Array(last.utf8)) {
      distance = number
      operands.removeLast()
    }
    let range = peek.range.lowerBound..<tokens[closing].range.upperBound
    let fixed = "NEAR/\(distance + 1)(\(operands.joined(separator: ", ")))"
    find(
      .unsupported, range, "NEAR( ) needs its distance directly after the word NEAR.",
      hint: "`NEAR(a b, 5)` of SQLite counts the words between; here adjacent words are 1 apart.",
      fixes: [[.replace(range, by: fixed)]])
    advance(to: closing + 1)
    return true
  }
}
