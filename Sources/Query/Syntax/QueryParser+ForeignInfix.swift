internal import Base

/// Spellings of other engines that stand where an operator of proximity may stand.
extension QueryParser {
  /// Notes an operator of another engine at the current token; nil where there is none.
  mutating func reportForeignInfix(after left: Range<Int>) -> InfixOperator? {
    if reportQuorum() { return InfixOperator(kind: nil, range: peek.range, tokenCount: 1) }
    if let range = reportAround() { return InfixOperator(kind: nil, range: range, tokenCount: 4) }
    let token = peek
    if slice(token.range) == "BUT", peek(ahead: 1).kind == .not, canBeginUnit(ahead: 2) {
      find(
        .unsupported, token.range, "`BUT` is not an operator here.", hint: "`a NOT b` excludes b.",
        fixes: [[remove(token.range)], [quote(token.range)]])
      return nil
    }
    guard let foreign = ForeignSpelling(slice(token.range)) else { return nil }
    let isBetween = canBeginUnit(ahead: 1)
    if foreign.isWord, !isBetween { return nil }
    var fixes = isBetween ? self.fixes(foreign.form, left, token.range) : [[remove(token.range)]]
    if foreign.isWord { fixes.append([quote(token.range)]) }
    find(
      .unsupported, token.range, "`\(slice(token.range))` is not an operator here.", hint: foreign.hint, fixes: fixes)
    return InfixOperator(kind: nil, range: token.range, tokenCount: 1, isBoolean: !foreign.isAboutPlaces)
  }

  private func fixes(_ form: ForeignSpelling.Form, _ left: Range<Int>, _ token: Range<Int>) -> [[TextEdit]] {
    let right = operandRange(tokenIndex(ahead: 1)) ?? token
    switch form {
    case .infix(let ours): return [[.replace(token, by: ours)]]
    case .optional: return [[remove(token.lowerBound..<max(token.upperBound, right.upperBound))]]
    case .exclusiveOr:
      let (a, b) = (slice(left), slice(right))
      let either = "(\(a) NOT \(b)) OR (\(b) NOT \(a))"
      let whole = left.lowerBound..<max(token.upperBound, right.upperBound)
      let isAlone = whole.lowerBound == 0 && whole.upperBound == source.count
      return [[.replace(whole, by: isAlone ? either : "(\(either))")]]
    }
  }

  /// `"a b c"/2`, `"a b c"/0.5` of Sphinx: so many of the words.
  private mutating func reportQuorum() -> Bool {
    let text = source[peek.range]
    guard !peek.followsBlank, at > 0, case .phrase = tokens[at - 1].kind, text.count > 1, text.first == UInt8(ascii: "/"),
      text.dropFirst().allSatisfy({ QueryLexer.isDigit($0) || $0 == UInt8(ascii: ".") })
    else { return false }
    find(
      .unsupported, peek.range, "`\(slice(peek.range))` is not an operator here.",
      hint: "How many words of a list must be there cannot be asked for; `--words any` ranks by it.",
      fixes: [[remove(peek.range)]])
    return true
  }

  /// `a AROUND(5) b` of Google.
  private mutating func reportAround() -> Range<Int>? {
    guard slice(peek.range) == "AROUND", tokens[at + 1].kind == .open, let closing = tokens[at + 1].closing,
      closing == at + 3, let number = QueryLexer.number(source[tokens[at + 2].range])
    else { return nil }
    let range = peek.range.lowerBound..<tokens[closing].range.upperBound
    reportSpelling(
      range, hint: "NEAR/N takes either order; adjacent words are 1 apart.",
      fixes: [[.replace(range, by: "NEAR/\(number)")]])
    return range
  }

  /// `NEAR(a b, 5)` of SQLite and not the operator before a group.
  var isForeignNear: Bool {
    slice(peek.range) == "NEAR" && tokens[at + 1].kind == .open && !tokens[at + 1].followsBlank && tokens[at + 1].hasComma
  }
}
