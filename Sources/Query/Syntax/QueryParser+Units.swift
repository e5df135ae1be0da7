internal import Analysis
internal import Base

/// One operand of a proximity operator, or of AND where there is none.
struct ParsedUnit {
  /// Nil where a problem was found.
  var node: QueryNode?
  var range: Range<Int>
}

extension QueryParser {
  /// `[ field ":" ] alt [ "^" NUMBER ]`. Consumes at least one token.
  mutating func parseUnit() -> ParsedUnit {
    let start = peek.range.lowerBound
    var node = parseAlternatives()
    if case .boost(let factor) = peek.kind, !peek.followsBlank {
      if let factor, factor > 0, factor <= 1_000 {
        node = node.map { QueryNode(.boost(factor, $0), range: start..<peek.range.upperBound) }
      } else {
        find(
          .unsupported, peek.range, "`^` needs a weight above 0 and at most 1000 after it.",
          hint: "`word^2` doubles the weight of a word.", fixes: [[remove(peek.range)]])
        node = nil
      }
      advance()
    }
    let end = tokens[..<at].last { $0.kind != .dropped }?.range.upperBound ?? start
    return ParsedUnit(node: node, range: start..<max(start, end))
  }

  /// `a|b`; a field before the first holds for all of them.
  private mutating func parseAlternatives() -> QueryNode? {
    let start = peek.range.lowerBound
    if reportForeignOperand() { return nil }
    if let field = fieldPrefix() { return parseField(field, start: start) }
    return parseAlternatives(first: parseAtom())
  }

  private mutating func parseAlternatives(first: QueryNode?) -> QueryNode? {
    guard peek.kind == .bar else { return first }
    var operands = [first]
    while peek.kind == .bar {
      let bar = peek
      guard canBeginUnit(ahead: 1) else {
        advance()
        if peek.kind == .bar {
          reportDoubleBar(bar)
          advance()
          operands.append(canBeginUnit() ? parseAtom() : nil)
          continue
        }
        reportBar(bar)
        break
      }
      advance()
      let start = peek.range.lowerBound
      if reportForeignOperand() {
        operands.append(nil)
      } else if let field = fieldPrefix() {
        operands.append(parseField(field, start: start, isSingle: true))
      } else {
        operands.append(parseAtom())
      }
    }
    let nodes = operands.compactMap { $0 }
    guard nodes.count == operands.count, let first = nodes.first, let last = nodes.last else { return nil }
    return nodes.count == 1
      ? first : QueryNode(.alternatives(nodes), range: first.range.lowerBound..<last.range.upperBound)
  }

  /// A bar with nothing behind it that could be an alternative.
  private mutating func reportBar(_ bar: QueryToken) {
    guard peek.kind == .not || peek.kind == .minus else { return reportMissingAfter(bar) }
    find(
      .unsupported, bar.range, "`|` joins words, phrases and groups; NOT excludes documents.",
      hint: "Write `a NOT b`.", fixes: [[.replace(bar.range, by: " ")]])
  }

  /// `a || b`, with as many bars as there are.
  private mutating func reportDoubleBar(_ first: QueryToken) {
    while peek(ahead: 1).kind == .bar { advance() }
    let range = first.range.lowerBound..<peek.range.upperBound
    let isSpaced = first.followsBlank && peek(ahead: 1).followsBlank
    find(
      .missingOperand, range, "`\(slice(range))` has nothing between its bars.",
      hint: "Alternatives are written `a|b` or `a OR b`.", fixes: [[.replace(range, by: isSpaced ? "OR" : " OR ")]])
  }

  private mutating func parseAtom() -> QueryNode? {
    let token = peek
    switch token.kind {
    case .open: return parseGroup()
    case .phrase(let phrase):
      advance()
      return parsePhrase(token, phrase, sense: phrase.isStems ? .stem : .exact)
    case .distance: return parseWindow()
    case .bareNear:
      if reportForeignNear() { return nil }
      advance()
      return parseRun(token.range)
    default:
      advance()
      return parseExactSign(token) ?? parseRun(token.range)
    }
  }

  /// `="…"` and `=="…"`.
  private mutating func parseExactSign(_ token: QueryToken) -> QueryNode? {
    guard case .phrase(let phrase) = peek.kind, !peek.followsBlank else { return nil }
    let sign = slice(token.range)
    guard sign == "=" || sign == "==" else { return nil }
    let next = QueryToken(peek.kind, token.range.lowerBound..<peek.range.upperBound, followsBlank: true)
    advance()
    return parsePhrase(next, phrase, sense: sign == "=" ? .exact : .verbatim)
  }

  // MARK: Brackets

  private mutating func parseGroup() -> QueryNode? {
    let open = at
    let start = tokens[open].range
    guard enter() else { return nil }
    let outer = commaDivides
    commaDivides = false
    defer {
      depth -= 1
      commaDivides = outer
    }
    advance()
    let node = parseOr()
    guard peek.kind == .close else {
      reportUnclosed(open)
      return nil
    }
    let range = start.lowerBound..<peek.range.upperBound
    if node == nil, open + 1 == at {
      find(
        .missingOperand, range, "The brackets are empty.", hint: "Remove them, or write what they should hold.",
        fixes: [[remove(range)]])
    }
    advance()
    return node?.spanning(range)
  }

  /// `NEAR/N(a, b, …)`, or what only looks like it.
  private mutating func parseWindow() -> QueryNode? {
    let name = peek
    guard case .distance(let token) = name.kind, enter() else { return nil }
    let open = at + 1
    let outer = commaDivides
    commaDivides = true
    defer {
      depth -= 1
      commaDivides = outer
    }
    let distance = token.maximum.flatMap { maximum in
      token.minimum == 0 && !source[name.range].contains(UInt8(ascii: "."))
        ? DistanceRange(maximum: maximum) : nil
    }
    checkDistance(distance, name: String(slice(name.range).prefix { $0 != "/" }), range: name.range)
    advance()
    advance()
    let (units, commas) = parseWindowOperands()
    guard peek.kind == .close else {
      reportUnclosed(open)
      return nil
    }
    let range = name.range.lowerBound..<peek.range.upperBound
    advance()
    let nodes = units.compactMap(\.node)
    guard nodes.count == units.count, let distance else { return nil }
    checkWindow(units, range: range, spelling: slice(name.range), separators: commas)
    return QueryNode(.window(distance: distance.maximum, nodes), range: range)
  }

  private mutating func parseWindowOperands() -> (units: [ParsedUnit], commas: [Range<Int>]) {
    var units: [ParsedUnit] = []
    var commas: [Range<Int>] = []
    while true {
      let start = peek.range.lowerBound
      let isEmpty = peek.kind == .comma || peek.kind == .close
      let known = findings.count
      let node = parseOr()
      if isEmpty, peek.kind == .comma || peek.kind == .close {
        let comma = peek.kind == .comma ? peek.range : commas.last ?? peek.range
        find(
          .missingOperand, comma, "An operand is missing beside this comma.",
          hint: "NEAR/N( ) takes two or more operands with commas between them.",
          fixes: [[.replace(comma, by: "")]])
      } else {
        let end = node?.range.upperBound ?? start
        units.append(
          ParsedUnit(node: findings.count > known ? nil : node, range: (node?.range.lowerBound ?? start)..<end))
      }
      guard peek.kind == .comma else { return (units, commas) }
      commas.append(peek.range)
      advance()
    }
  }

  private mutating func reportUnclosed(_ open: Int) {
    let range = tokens[open].range
    find(
      .unbalancedParenthesis, range, "This bracket is never closed.",
      hint: "Close it where the group ends, or remove it.",
      fixes: [[.insert(")", at: source.count)], [.replace(range, by: "")]])
  }

  /// Goes one level deeper; at the limit steps over the whole group.
  private mutating func enter() -> Bool {
    depth += 1
    guard depth > Limits.queryDepthMax else { return true }
    depth -= 1
    if !findings.contains(where: { $0.code == .tooDeep }) {
      find(
        .tooDeep, peek.range, "Brackets are nested more than \(Limits.queryDepthMax) deep.",
        hint: "Brackets around a single operand can be left out.")
    }
    var level = 0
    repeat {
      if peek.kind == .open { level += 1 }
      if peek.kind == .close { level -= 1 }
      advance()
    } while peek.kind != .end && (level > 0 || peek.kind == .open)
    return false
  }

  // MARK: Fields

  /// The name before the colon of the current word, if a field is called so.
  private mutating func fieldPrefix() -> (name: String, kind: QuerySchema.Kind, colon: Int)? {
    guard peek.kind == .word else { return nil }
    let run = source[peek.range]
    guard let colon = run.firstIndex(of: UInt8(ascii: ":")), colon > run.startIndex, let first = run.first,
      Self.isLetter(first), run[..<colon].allSatisfy({ Self.isLetter($0) || QueryLexer.isDigit($0) || $0 == 0x2D })
    else { return nil }
    let name = String(decoding: run[..<colon], as: UTF8.self)
    let rest = run[(colon + 1)...]
    if let kind = reader.schema.kind(of: name) { return (name, kind, colon) }
    guard !rest.starts(with: "//".utf8) else { return nil }
    reportUnknownField(name, range: run.startIndex..<colon, isLast: rest.isEmpty)
    return nil
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) || byte == 0x5F }

  private mutating func reportUnknownField(_ name: String, range: Range<Int>, isLast: Bool) {
    let nearest = reader.schema.nearestNames(to: name)
    guard !nearest.isEmpty else {
      if !isLast || !peek(ahead: 1).followsBlank {
        warnings.append(
          QueryWarning(
            code: .unknownField, message: "No field is called `\(name)`; `\(name):` was read as a word.",
            byteRange: range))
      }
      return
    }
    find(
      .unknownField, range, "No field is called `\(name)`.",
      hint: "Fields are \(reader.schema.textFields.joined(separator: ", ")).",
      fixes: nearest.prefix(3).map { [.replace(range, by: $0)] })
  }

  /// What follows `name:`. The word token that holds the name may hold the operand too.
  private mutating func parseField(
    _ field: (name: String, kind: QuerySchema.Kind, colon: Int), start: Int, isSingle: Bool = false
  ) -> QueryNode? {
    let token = peek
    let rest = field.colon + 1..<token.range.upperBound
    if field.kind != .text { return parseFilter(field.name, field.kind, token: token, rest: rest) }
    let operand: QueryNode?
    if rest.isEmpty {
      advance()
      if case .boost(nil) = peek.kind, reportCaret() { return nil }
      guard canBeginUnit() else {
        let name: TextEdit = .replace(start..<token.range.upperBound, by: "\"\(slice(start..<field.colon))\"")
        find(
          .missingOperand, token.range, "`\(slice(token.range))` names a field and nothing to look for in it.",
          hint: "Write a word, a phrase or a group directly after the colon.",
          fixes: [[remove(token.range)], [name]])
        return nil
      }
      operand = isSingle ? parseAtom() : parseAlternatives()
    } else {
      tokens[at] = QueryToken(.word, rest, followsBlank: false)
      operand = isSingle ? parseAtom() : parseAlternatives()
    }
    guard let operand else { return nil }
    checkFields(below: operand, in: field.name, at: start..<field.colon)
    return QueryNode(.field(field.name, operand), range: start..<operand.range.upperBound)
  }
}
