/// Cuts the bytes of a query into tokens. Never fails: what is wrong is for the parser to say.
///
/// Complexity: linear in the query.
struct QueryLexer {
  private let source: [UInt8]
  private var at = 0
  private var tokens: [QueryToken] = []
  /// The open brackets so far: index of the token, and whether it belongs to an n-ary NEAR.
  private var brackets: [(token: Int, isWindow: Bool)] = []

  private init(_ source: [UInt8]) { self.source = source }

  /// The tokens of `source`, the last of which is `.end`.
  static func tokens(of source: [UInt8]) -> [QueryToken] {
    var lexer = QueryLexer(source)
    lexer.run()
    return lexer.tokens
  }

  private mutating func run() {
    var followsBlank = true
    while at < source.count {
      let blank = Self.blankLength(source, at)
      if blank > 0 {
        at += blank
        followsBlank = true
        continue
      }
      if isPlus(followsBlank) {
        at += 1
        continue
      }
      next(followsBlank: followsBlank)
      followsBlank = false
    }
    tokens.append(QueryToken(.end, at..<at, followsBlank: followsBlank))
  }

  private mutating func next(followsBlank: Bool) {
    let start = at
    func single(_ kind: QueryToken.Kind) -> QueryToken {
      QueryToken(kind, start..<start + 1, followsBlank: followsBlank)
    }
    switch source[at] {
    case UInt8(ascii: "("):
      at += 1
      brackets.append((tokens.count, isWindow: !followsBlank && isDistance(tokens.last)))
      tokens.append(single(.open))
    case UInt8(ascii: ")"):
      at += 1
      if let bracket = brackets.popLast() { tokens[bracket.token].closing = tokens.count }
      tokens.append(single(.close))
    case UInt8(ascii: "|"):
      at += 1
      tokens.append(single(.bar))
    case UInt8(ascii: ","):
      at += 1
      if let bracket = brackets.last { tokens[bracket.token].hasComma = true }
      tokens.append(single(.comma))
    case UInt8(ascii: "^"):
      tokens.append(boost(followsBlank))
    default:
      if isMinus(followsBlank) {
        at += 1
        tokens.append(single(.minus))
        return
      }
      let isStems = source[at] == UInt8(ascii: "~") && Self.quoteLength(source, at + 1) > 0
      if isStems || Self.quoteLength(source, at) > 0 {
        tokens.append(phrase(isStems: isStems, followsBlank))
      } else {
        tokens.append(word(followsBlank))
      }
    }
  }

  /// A `-` before something, after a blank or an opening bracket; elsewhere it belongs to a word (`mid-October`).
  private func isMinus(_ followsBlank: Bool) -> Bool {
    guard source[at] == UInt8(ascii: "-"), at + 1 < source.count, Self.blankLength(source, at + 1) == 0 else {
      return false
    }
    return beginsOperand(followsBlank) && source[at + 1] != UInt8(ascii: ")")
  }

  private func beginsOperand(_ followsBlank: Bool) -> Bool {
    followsBlank || tokens.last?.kind == .open || tokens.last?.kind == .comma || tokens.last?.kind == .bar
  }

  /// The `+` of Lucene before what must be there, which everything must here; not the operators `+5`, `+s`, `+p`.
  private func isPlus(_ followsBlank: Bool) -> Bool {
    guard source[at] == UInt8(ascii: "+"), at + 1 < source.count, Self.blankLength(source, at + 1) == 0,
      beginsOperand(followsBlank), !Array("+),^|".utf8).contains(source[at + 1])
    else { return false }
    var end = at + 1
    while end < source.count, Self.blankLength(source, end) == 0 { end += 1 }
    return ForeignSpelling(String(decoding: source[at..<end], as: UTF8.self)) == nil
  }

  private func isDistance(_ token: QueryToken?) -> Bool {
    if case .distance = token?.kind { true } else { false }
  }

  private mutating func boost(_ followsBlank: Bool) -> QueryToken {
    let start = at
    at += 1
    while at < source.count, Self.isDigit(source[at]) || source[at] == UInt8(ascii: ".") { at += 1 }
    let value = Double(String(decoding: source[start + 1..<at], as: UTF8.self))
    return QueryToken(.boost(value), start..<at, followsBlank: followsBlank)
  }

  private mutating func phrase(isStems: Bool, _ followsBlank: Bool) -> QueryToken {
    let start = at
    if isStems { at += 1 }
    at += Self.quoteLength(source, at)
    let innerStart = at
    while at < source.count, Self.quoteLength(source, at) == 0 { at += 1 }
    var phrase = PhraseToken(isStems: isStems, inner: innerStart..<at, isClosed: at < source.count, looseness: .none)
    if phrase.isClosed {
      at += Self.quoteLength(source, at)
      if at < source.count, source[at] == UInt8(ascii: "~"), Self.quoteLength(source, at + 1) == 0 {
        at += 1
        let digits = at
        while at < source.count, !endsWord() { at += 1 }
        var end = at
        while end > digits, Array(".?!;:".utf8).contains(source[end - 1]) { end -= 1 }
        phrase.looseness = .extra(Self.number(source[digits..<end]))
      }
    }
    return QueryToken(.phrase(phrase), start..<at, followsBlank: followsBlank)
  }

  private mutating func word(_ followsBlank: Bool) -> QueryToken {
    let start = at
    while at < source.count, !endsWord() { at += 1 }
    if let colon = source[start..<at].firstIndex(of: UInt8(ascii: ":")), at < source.count,
      source[at] == UInt8(ascii: "("),
      case .distance = Self.kind(of: source[colon + 1..<at])
    {
      at = colon + 1  // `title:NEAR/3(a, b)`: the operator is a token of its own.
    }
    if let brace = source[start..<at].firstIndex(of: UInt8(ascii: "}")), source[brace + 1..<at].first == UInt8(ascii: ":") {
      at = brace + 2  // `{title}:a` of SQLite: so is the column filter.
    }
    return QueryToken(Self.kind(of: source[start..<at]), start..<at, followsBlank: followsBlank)
  }

  private func endsWord() -> Bool {
    switch source[at] {
    case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "|"), UInt8(ascii: "^"): return true
    case UInt8(ascii: ","): return !isInsideNumber()
    case UInt8(ascii: "~"): return Self.quoteLength(source, at + 1) > 0
    default: return Self.blankLength(source, at) > 0 || Self.quoteLength(source, at) > 0
    }
  }

  /// The comma of `1,000`, which the analysis keeps in the word; between the operands of an n-ary NEAR it divides.
  private func isInsideNumber() -> Bool {
    guard at > 0, at + 1 < source.count, brackets.last?.isWindow != true else { return false }
    return Self.isDigit(source[at - 1]) && Self.isDigit(source[at + 1])
  }
}

// MARK: - Characters

extension QueryLexer {
  static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

  /// Bytes of the blank at `offset`, 0 where none stands.
  static func blankLength(_ source: [UInt8], _ offset: Int) -> Int {
    switch source[offset] {
    case 0x09...0x0D, 0x20: return 1
    case 0xC2:  // U+0085, U+00A0
      return follows(source, offset, [0x85]) || follows(source, offset, [0xA0]) ? 2 : 0
    case 0xE1:  // U+1680
      return follows(source, offset, [0x9A, 0x80]) ? 3 : 0
    case 0xE2:  // U+2000 to U+200B, U+2028, U+2029, U+202F, U+205F
      guard offset + 2 < source.count else { return 0 }
      let last = source[offset + 2]
      let isBlank =
        source[offset + 1] == 0x80
        ? (0x80...0x8B).contains(last) || last == 0xA8 || last == 0xA9 || last == 0xAF
        : source[offset + 1] == 0x81 && last == 0x9F
      return isBlank ? 3 : 0
    case 0xE3:  // U+3000
      return follows(source, offset, [0x80, 0x80]) ? 3 : 0
    case 0xEF:  // U+FEFF
      return follows(source, offset, [0xBB, 0xBF]) ? 3 : 0
    default: return 0
    }
  }

  /// Bytes of the quotation mark at `offset` (`"`, U+201C to U+201F, U+FF02), 0 where none stands.
  static func quoteLength(_ source: [UInt8], _ offset: Int) -> Int {
    guard offset < source.count else { return 0 }
    switch source[offset] {
    case 0x22: return 1
    case 0xE2:
      guard offset + 2 < source.count, source[offset + 1] == 0x80 else { return 0 }
      return (0x9C...0x9F).contains(source[offset + 2]) ? 3 : 0
    case 0xEF: return follows(source, offset, [0xBC, 0x82]) ? 3 : 0
    default: return 0
    }
  }

  private static func follows(_ source: [UInt8], _ offset: Int, _ rest: [UInt8]) -> Bool {
    source[(offset + 1)...].starts(with: rest)
  }

  /// A decimal number; nil where there are no digits or too many.
  static func number(_ digits: some Collection<UInt8>) -> Int? {
    guard (1...9).contains(digits.count), digits.allSatisfy(isDigit) else { return nil }
    return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }
}

// MARK: - Operators

extension QueryLexer {
  /// What a run of characters is, outside quotes.
  static func kind(of run: ArraySlice<UInt8>) -> QueryToken.Kind {
    switch String(decoding: run, as: UTF8.self) {
    case "AND": return .and
    case "OR": return .or
    case "NOT": return .not
    case "BEFORE": return .before
    case "SENT": return .sentence
    case "PARA": return .paragraph
    default: break
    }
    let upper = run.map { (0x61...0x7A).contains($0) ? $0 - 0x20 : $0 }
    if upper == Array("NEAR".utf8) { return .bareNear }
    for (prefix, name) in [("NEAR/", DistanceToken.Name.near), ("W/", .near), ("PRE/", .pre)] {
      guard upper.starts(with: prefix.utf8) else { continue }
      return distance(name, upper.dropFirst(prefix.utf8.count), isShort: prefix == "W/")
    }
    return .word
  }

  /// `N` or `M..N`; `near/far` and `w/o` are words.
  private static func distance(
    _ name: DistanceToken.Name, _ text: ArraySlice<UInt8>, isShort: Bool
  ) -> QueryToken.Kind {
    guard let first = text.first else { return isShort ? .word : .distance(DistanceToken(name: name)) }
    let isNumber = String(decoding: text.prefix(4), as: UTF8.self).unicodeScalars.first?.properties.numericType != nil
    guard isNumber || first == UInt8(ascii: "-") || first == UInt8(ascii: ".") else { return .word }
    if let number = number(text) { return .distance(DistanceToken(name: name, minimum: 0, maximum: number)) }
    guard let dots = text.firstIndex(of: UInt8(ascii: ".")), text[dots...].starts(with: "..".utf8),
      let minimum = number(text[..<dots]), let maximum = number(text[(dots + 2)...])
    else { return .distance(DistanceToken(name: name)) }
    return .distance(DistanceToken(name: name, minimum: minimum, maximum: maximum))
  }
}
