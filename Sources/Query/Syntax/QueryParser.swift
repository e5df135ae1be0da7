internal import Analysis
internal import Base

/// Recursive descent over the tokens of one query, one function a rule of the grammar:
///
///     query > or > and > not > filter | prox > unit > alt > atom
///
/// A rule that meets a problem notes it in `findings`, steps over the least that lets it go on and returns nil where
/// it has no node to give; so one pass reports several problems. The tree counts only if there are none.
/// Other rules: +Proximity (prox), +Units (unit, alt, atom), +Words (term, phrase), +Filters.
struct QueryParser {
  let source: [UInt8]
  let reader: QueryReader
  var tokens: [QueryToken]
  var at = 0
  var findings: [QueryFinding] = []
  var warnings: [QueryWarning] = []
  /// Brackets and n-ary operators around the current token.
  var depth = 0
  /// The current brackets are those of an n-ary NEAR: a comma ends an operand.
  var commaDivides = false
  private var termCount = 0

  init(_ query: String, reader: QueryReader) {
    source = Array(query.utf8)
    self.reader = reader
    tokens = source.count <= Limits.queryBytesMax ? QueryLexer.tokens(of: source) : []
  }

  /// The tree of the whole query; nil or meaningless where there are findings.
  mutating func parse() -> QueryNode? {
    guard source.count <= Limits.queryBytesMax else {
      let limit = Limits.queryBytesMax
      find(
        .tooLong, limit..<source.count, "The query has \(source.count) bytes; the limit is \(limit).",
        hint: "Search for a part of it.")
      return nil
    }
    dropPunctuation()
    var root = parseOr()
    while peek.kind != .end {
      find(
        .unbalancedParenthesis, peek.range, "This bracket closes nothing.",
        hint: "Remove it, or open one where the group begins.",
        fixes: [[remove(peek.range)], [.insert("(", at: 0)]])
      advance()
      if peek.kind != .end { root = parseOr() }
    }
    if root == nil, findings.isEmpty {
      find(.missingOperand, 0..<source.count, "The query has no words.", hint: "Type at least one word.")
    }
    if let root, findings.isEmpty { checkNegatives(root) }
    warnLowerCaseOperators()
    warnSigns()
    warnOtherQuotes()
    return root
  }

  // MARK: Tokens

  var peek: QueryToken { tokens[at] }

  mutating func advance() {
    if at < tokens.count - 1 { at += 1 }
    skipDropped()
  }

  private mutating func skipDropped() { while tokens[at].kind == .dropped { at += 1 } }

  /// The token `distance` places after the current one, punctuation not counted.
  func peek(ahead distance: Int) -> QueryToken { tokens[tokenIndex(ahead: distance)] }

  func tokenIndex(ahead distance: Int) -> Int {
    var index = at
    for _ in 0..<distance where index < tokens.count - 1 {
      index += 1
      while tokens[index].kind == .dropped { index += 1 }
    }
    return index
  }

  func slice(_ range: Range<Int>) -> String { String(decoding: source[range], as: UTF8.self) }

  // MARK: Findings

  /// Problems of one query that are told; who has so many does not mean this language.
  private static let findingsMax = 8

  mutating func find(
    _ code: QueryProblem.Code, _ range: Range<Int>, _ message: String, hint: String, fixes: [[TextEdit]] = []
  ) {
    guard findings.count < Self.findingsMax else { return }
    findings.append(QueryFinding(code: code, range: range, message: message, hint: hint, fixes: fixes))
  }

  /// Takes a range and the blanks before it out of the query.
  func remove(_ range: Range<Int>) -> TextEdit {
    var start = range.lowerBound
    while start > 0, source[start - 1] == 0x20 { start -= 1 }
    return .replace(start..<range.upperBound, by: "")
  }

  func quote(_ range: Range<Int>) -> TextEdit { .replace(range, by: "\"\(slice(range).lowercased())\"") }

  /// Counts one word towards the limit; the finding comes once.
  mutating func countTerm(_ range: Range<Int>) {
    termCount += 1
    guard termCount == Limits.queryLeavesMax + 1 else { return }
    find(
      .tooLong, range, "The query has more than \(Limits.queryLeavesMax) words.", hint: "Search for a part of it.",
      fixes: [])
  }

  /// Marks words that hold nothing but punctuation, so that no rule meets them.
  private mutating func dropPunctuation() {
    for index in tokens.indices where tokens[index].kind == .word {
      let token = tokens[index]
      guard isPunctuation(token.range), !leans(token, on: tokens[index + 1]),
        ForeignSpelling(slice(token.range)) == nil, !slice(token.range).hasPrefix("[]")
      else { continue }
      tokens[index].kind = .dropped
      let text = slice(token.range)
      let message =
        text.utf8.allSatisfy { $0 == UInt8(ascii: "&") }
        ? "`\(text)` was dropped; words without an operator are joined by AND anyway."
        : "`\(text)` holds no word and was dropped."
      warnings.append(QueryWarning(code: .punctuation, message: message, byteRange: token.range))
    }
    skipDropped()
  }

  private func isPunctuation(_ range: Range<Int>) -> Bool {
    let run = source[range]
    // A letter or digit is a word.
    if run.contains(where: { $0 == UInt8(ascii: "*") || ($0 | 0x20) &- 0x61 < 26 || $0 &- 0x30 < 10 }) { return false }
    return reader.analyzer.queryWords(Array(run).span).isEmpty
  }

  /// A sign directly before a phrase or a group that means something, here or elsewhere: `="a b"`, `!(a b)`.
  private func leans(_ token: QueryToken, on next: QueryToken) -> Bool {
    guard !next.followsBlank else { return false }
    let sign = slice(token.range)
    switch next.kind {
    case .phrase: return ["=", "==", "!"].contains(sign)
    case .open: return ["=", "==", "~", "!", "@", "@!", "/"].contains(sign)
    default: return false
    }
  }
}

// MARK: - or, and, not

/// What the rule `or` needs to know of an operand in order to offer brackets.
private struct Conjunction {
  var nodes: [QueryNode] = []
  var chains: [ProximityChain] = []
}

extension QueryParser {
  mutating func parseOr() -> QueryNode? {
    let start = peek.range.lowerBound
    var operands = [parseAnd()]
    var previous: QueryToken?
    while peek.kind == .or {
      let token = peek
      if operands[operands.count - 1].chains.isEmpty { reportMissingBefore(token, previous) }
      previous = token
      advance()
      operands.append(parseAnd())
    }
    if let previous, operands[operands.count - 1].chains.isEmpty { reportMissingAfter(previous) }
    if operands.count > 1 { checkMixedOr(operands) }
    let nodes = operands.compactMap { Self.join($0.nodes) }
    guard let first = nodes.first else { return nil }
    return nodes.count == 1 ? first : QueryNode(.or(nodes), range: start..<nodes[nodes.count - 1].range.upperBound)
  }

  private static func join(_ nodes: [QueryNode]) -> QueryNode? {
    guard let first = nodes.first, nodes.count > 1 else { return nodes.first }
    return QueryNode(.and(nodes), range: first.range.lowerBound..<nodes[nodes.count - 1].range.upperBound)
  }

  private mutating func parseAnd() -> Conjunction {
    var result = Conjunction()
    while true {
      switch peek.kind {
      case .and:
        let token = peek
        if result.chains.isEmpty { reportMissingBefore(token, nil) }
        advance()
        if !canBeginOperand() { reportMissingAfter(token) }
      case .comma where !commaDivides: advance()
      case .or, .close, .comma, .end, .dropped: return result
      case .bar, .boost, .before, .sentence, .paragraph: reportStray()
      case .distance where !isWindow(at): reportStray()
      default:
        let before = at
        let chain = parseNot()
        result.chains.append(chain)
        if let node = chain.node { result.nodes += Self.flattened(node) }
        precondition(at > before, "a rule consumed nothing")
      }
    }
  }

  /// `b AND (NOT a NOT c)` is `b AND NOT a AND NOT c`.
  private static func flattened(_ node: QueryNode) -> [QueryNode] {
    guard case .and(let operands) = node.kind, operands.allSatisfy({ $0.isNegative }) else { return [node] }
    return operands
  }

  private mutating func parseNot() -> ProximityChain {
    let token = peek
    guard token.kind == .not || token.kind == .minus else { return parseProximity() }
    advance()
    if peek.kind == .bareNear, token.kind == .not, at > 0, canBeginOperand(ahead: 1), token.range.lowerBound > 0 {
      find(
        .distanceOutOfRange, token.range.lowerBound..<peek.range.upperBound, "NOT NEAR needs its distance.",
        hint: "Say how many words must be clear, or quote the word.",
        fixes: [[.replace(peek.range, by: "NEAR/\(Limits.nearDistanceDefault)")], [quote(peek.range)]])
    }
    guard canBeginOperand(), peek.kind != .not, peek.kind != .minus else {
      reportMissingAfter(token)
      if peek.kind == .not || peek.kind == .minus { return parseNot() }
      return ProximityChain(node: nil, range: token.range, units: [])
    }
    var chain = parseProximity()
    let range = token.range.lowerBound..<max(chain.range.upperBound, token.range.upperBound)
    if let node = chain.node {
      if case .not(let inner) = node.kind {
        chain.node = inner
      } else {
        chain.node = QueryNode(.not(node), range: range)
      }
    }
    chain.isNegated = true
    return chain
  }

  /// Whether an operand of AND can begin at the token.
  func canBeginOperand(ahead: Int = 0) -> Bool {
    let index = tokenIndex(ahead: ahead)
    switch tokens[index].kind {
    case .word, .phrase, .open, .not, .minus, .bareNear: return true
    case .distance: return isWindow(index)
    default: return false
    }
  }

  // MARK: Missing operands

  private mutating func reportMissingBefore(_ token: QueryToken, _ previous: QueryToken?) {
    let name = slice(token.range)
    var fixes = [[remove(token.range)], [quote(token.range)]]
    if let previous, previous.kind == token.kind { fixes = [[remove(token.range)]] }
    if let call = callFix(token) { fixes.insert(call, at: 0) }
    find(
      .missingOperand, token.range, "\(name) has nothing before it.",
      hint: "Remove it, or quote it to search for the word.", fixes: fixes)
  }

  /// `PRE/5(a, b)`, `NEAR/5 (a, b)`: an operator before what should stand around it.
  private func callFix(_ token: QueryToken) -> [TextEdit]? {
    guard tokens[at].range == token.range, tokens[at + 1].kind == .open, let closing = tokens[at + 1].closing else {
      return nil
    }
    let operands = operands(inside: at + 1)
    guard operands.count > 1 else { return nil }
    let name = slice(token.range)
    let isWindow = if case .distance(let distance) = token.kind { distance.name == .near } else { false }
    let fixed = isWindow ? "\(name)(\(operands.joined(separator: ", ")))" : "(\(operands.joined(separator: " \(name) ")))"
    return [.replace(token.range.lowerBound..<tokens[closing].range.upperBound, by: fixed)]
  }

  mutating func reportMissingAfter(_ token: QueryToken) {
    let name = slice(token.range)
    find(
      .missingOperand, token.range, "\(name) has nothing after it.",
      hint: "Add what should follow, remove it, or quote it to search for the word.",
      fixes: [[remove(token.range)], [quote(token.range)]])
  }

  /// An operator where an operand should begin.
  private mutating func reportStray() {
    let token = peek
    if case .boost(let factor) = token.kind {
      if factor == nil, token.range.count == 1, reportCaret() { return }
      find(
        .missingOperand, token.range, "`\(slice(token.range))` follows nothing that it could weigh.",
        hint: "Write the weight directly after a word, a phrase or a group: `word^2`.", fixes: [[remove(token.range)]])
    } else {
      reportMissingBefore(token, nil)
    }
    advance()
  }

  // MARK: Negatives

  /// At least one operand must say what is looked for.
  private mutating func checkNegatives(_ node: QueryNode) {
    if let negative = Self.firstOnlyNegative(node, isAlone: true) {
      var fixes: [[TextEdit]] = []
      if let positive = Self.positive(negative) { fixes.append([.replace(negative.range, by: slice(positive.range))]) }
      find(
        .onlyNegative, negative.range, "This part only says what must not be there.",
        hint: "Add a word that must be there: `word NOT other`.", fixes: fixes)
    }
  }

  private static func positive(_ node: QueryNode) -> QueryNode? {
    switch node.kind {
    case .not(let operand): operand
    case .and(let operands): operands.first.flatMap(positive)
    default: nil
    }
  }

  private static func firstOnlyNegative(_ node: QueryNode, isAlone: Bool) -> QueryNode? {
    switch node.kind {
    case .not(let operand):
      return isAlone ? node : firstOnlyNegative(operand, isAlone: true)
    case .and(let operands):
      if operands.allSatisfy({ $0.isNegative }) { return node }
      return operands.lazy.compactMap { firstOnlyNegative($0, isAlone: false) }.first
    default:
      return node.children.lazy.compactMap { firstOnlyNegative($0, isAlone: true) }.first
    }
  }

  // MARK: OR beside proximity

  /// `a OR b NEAR/5 c` is read in two ways by two families of engines: both are offered with brackets.
  private mutating func checkMixedOr(_ operands: [Conjunction]) {
    guard let infix = operands.lazy.flatMap(\.chains).first(where: { $0.units.count > 1 }) else { return }
    let around = operands.flatMap(\.chains).filter { $0.units.count > 1 }.flatMap { TextEdit.bracket($0.unitsRange) }
    var tight: [TextEdit] = []
    var run: Range<Int>?
    for (left, right) in zip(operands, operands.dropFirst()) {
      guard let last = left.chains.last?.units.last, let next = right.chains.first, !next.isNegated,
        let first = next.units.first
      else { continue }
      if let open = run, open.upperBound == last.upperBound {
        run = open.lowerBound..<first.upperBound
      } else {
        if let run { tight += TextEdit.bracket(run) }
        run = last.lowerBound..<first.upperBound
      }
      if right.chains.count > 1 || next.units.count > 1, let closed = run {
        tight += TextEdit.bracket(closed)
        run = nil
      }
    }
    if let run { tight += TextEdit.bracket(run) }
    let fixes = tight.isEmpty ? [around] : [tight, around]
    find(
      .mixedOr, infix.unitsRange, "A proximity operator beside OR can be read in two ways.",
      hint: "Say with brackets what belongs together.", fixes: fixes)
  }
}

extension QueryNode {
  var isNegative: Bool { if case .not = kind { true } else { false } }
}
