internal import Base

/// One operand of AND: units joined by one proximity operator, or a single unit.
struct ProximityChain {
  /// Nil where a problem was found.
  var node: QueryNode?
  var range: Range<Int>
  /// Places of the units.
  var units: [Range<Int>]
  var isNegated = false

  /// The chain without the NOT before it.
  var unitsRange: Range<Int> { units.isEmpty ? range : units[0].lowerBound..<units[units.count - 1].upperBound }
}

/// An infix operator in a query and the bytes that spell it.
struct InfixOperator {
  /// Nil where its distance is wrong, or it is another engine's.
  var kind: ProximityOperator?
  var range: Range<Int>
  var tokenCount: Int
  /// Another engine's operator on documents, whose operands may be anything.
  var isBoolean = false
}

extension QueryParser {
  /// Units joined by one operator, from left to right.
  mutating func parseProximity() -> ProximityChain {
    let first = parseUnit()
    var units = [first]
    var operators: [InfixOperator] = []
    while let infix = infixOperator(after: units[units.count - 1].range) {
      let token = QueryToken(.word, infix.range, followsBlank: true)
      for _ in 0..<infix.tokenCount { advance() }
      checkDistance(infix)
      guard canBeginUnit() else {
        if findings.last?.range != infix.range { reportMissingAfter(token) }
        continue
      }
      operators.append(infix)
      units.append(parseUnit())
    }
    let ranges = units.map(\.range)
    let range = ranges[0].lowerBound..<ranges[ranges.count - 1].upperBound
    guard units.count > 1 else { return ProximityChain(node: first.node, range: range, units: ranges) }
    checkMixed(operators, ranges)
    if !operators.contains(where: \.isBoolean) { checkOperands(units, of: operators.map(\.range)) }
    var node = first.node
    for (infix, unit) in zip(operators, units.dropFirst()) {
      guard let left = node, let kind = infix.kind, let right = unit.node else {
        node = nil
        break
      }
      node = QueryNode(.proximity(kind, left, right), range: range.lowerBound..<unit.range.upperBound)
    }
    return ProximityChain(node: node, range: range, units: ranges)
  }

  func canBeginUnit(ahead: Int = 0) -> Bool {
    switch peek(ahead: ahead).kind {
    case .not, .minus: false
    default: canBeginOperand(ahead: ahead)
    }
  }

  /// `NEAR/N(` directly before an operand list: with a comma in it, it is no infix operator.
  func isWindow(_ index: Int) -> Bool {
    guard case .distance(let token) = tokens[index].kind, token.name == .near, tokens[index + 1].kind == .open else {
      return false
    }
    return !tokens[index + 1].followsBlank && tokens[index + 1].hasComma
  }

  // MARK: Operators

  private mutating func infixOperator(after left: Range<Int>) -> InfixOperator? {
    let token = peek
    switch token.kind {
    case .distance(let distance):
      if isWindow(at) { return nil }
      return InfixOperator(kind: Self.kind(distance), range: token.range, tokenCount: 1)
    case .before: return InfixOperator(kind: .before, range: token.range, tokenCount: 1)
    case .sentence: return InfixOperator(kind: .sentence, range: token.range, tokenCount: 1)
    case .paragraph: return InfixOperator(kind: .paragraph, range: token.range, tokenCount: 1)
    case .bareNear:
      guard canBeginUnit(ahead: 1), !isForeignNear else { return nil }
      let range = DistanceRange(maximum: Limits.nearDistanceDefault)
      return InfixOperator(kind: .near(range), range: token.range, tokenCount: 1)
    case .not: return negatedOperator()
    case .word:
      return slice(token.range).lowercased() == "not" ? negatedOperator() : reportForeignInfix(after: left)
    default: return nil
    }
  }

  private static func kind(_ token: DistanceToken) -> ProximityOperator? {
    guard let minimum = token.minimum, let maximum = token.maximum else { return nil }
    let range = DistanceRange(minimum: minimum, maximum: maximum)
    return token.name == .near ? .near(range) : .precedes(range)
  }

  /// `NOT NEAR/N`; other operators have no such form.
  private mutating func negatedOperator() -> InfixOperator? {
    let next = tokenIndex(ahead: 1)
    let range = peek.range.lowerBound..<tokens[next].range.upperBound
    switch tokens[next].kind {
    case .distance(let token):
      if isWindow(next) { return nil }
      if token.name == .near {
        let isPlain = token.minimum == 0 && !source[tokens[next].range].contains(UInt8(ascii: "."))
        let kind = isPlain ? token.maximum.map { ProximityOperator.notNear($0) } : nil
        return InfixOperator(kind: kind, range: range, tokenCount: 2)
      }
    case .before, .sentence, .paragraph: break
    case .word:
      guard let foreign = ForeignSpelling(slice(tokens[next].range)), foreign.isAboutPlaces, !foreign.isWord,
        canBeginUnit(ahead: 2)
      else { return nil }
    default: return nil
    }
    let spelling = slice(tokens[next].range)
    let distance = ForeignSpelling(spelling)?.distance ?? Limits.nearDistanceDefault
    find(
      .unsupported, range, "NOT \(spelling) is not an operator; only NEAR has a negative form.",
      hint: "Exclude the documents instead: `a AND NOT (a \(spelling) b)`.",
      fixes: [[.replace(range, by: "NOT NEAR/\(distance)")]])
    return InfixOperator(kind: nil, range: range, tokenCount: 2)
  }

  // MARK: Distances

  private mutating func checkDistance(_ infix: InfixOperator) {
    if findings.last?.range == infix.range { return }
    let text = slice(infix.range)
    let name = String(text.prefix { $0 != "/" })
    switch infix.kind {
    case nil: checkDistance(nil, name: name, range: infix.range)
    case .near(let distance), .precedes(let distance): checkDistance(distance, name: name, range: infix.range)
    case .notNear(let maximum): checkDistance(DistanceRange(maximum: maximum), name: name, range: infix.range)
    case .before, .sentence, .paragraph: break
    }
  }

  /// Notes what is wrong with the distance of an operator called `name`.
  mutating func checkDistance(_ distance: DistanceRange?, name: String, range: Range<Int>) {
    let limit = Limits.distanceMax
    guard let distance else {
      let numbers = source[range].split { !QueryLexer.isDigit($0) }.map { QueryLexer.number($0) ?? limit }
      let guess = max(1, min(limit, numbers.last ?? Limits.nearDistanceDefault))
      find(
        .distanceOutOfRange, range, "`\(slice(range))` has no distance of the form N or M..N.",
        hint: "Distances are whole numbers from 1 to \(limit); NOT NEAR takes one number.",
        fixes: [[.replace(range, by: "\(name)/\(guess)")]])
      return
    }
    if distance.minimum > distance.maximum {
      find(
        .distanceOutOfRange, range, "The range of distances ends before it begins.",
        hint: "Write the smaller distance first.",
        fixes: [[.replace(range, by: "\(name)/\(distance.maximum)..\(distance.minimum)")]])
    } else if distance.maximum < 1 || distance.maximum > limit {
      let nearest = distance.maximum < 1 ? 1 : limit
      let text = distance.minimum > 0 ? "\(min(distance.minimum, nearest))..\(nearest)" : "\(nearest)"
      find(
        .distanceOutOfRange, range, "The distance \(distance.maximum) is not from 1 to \(limit).",
        hint: "Adjacent words are 1 apart. For operands in any distance use AND, BEFORE or PARA.",
        fixes: [[.replace(range, by: "\(name)/\(text)")]])
    }
  }

  // MARK: Chains

  private mutating func checkMixed(_ operators: [InfixOperator], _ units: [Range<Int>]) {
    let kinds = operators.compactMap(\.kind)
    guard kinds.count == operators.count, let first = kinds.first,
      let other = kinds.firstIndex(where: { $0 != first })
    else { return }
    let last = units.count - 1
    let left = (1..<last).flatMap { TextEdit.bracket(units[0].lowerBound..<units[$0].upperBound) }
    let right = (1..<last).flatMap { TextEdit.bracket(units[$0].lowerBound..<units[last].upperBound) }
    let isDistance = kinds.allSatisfy { $0.name == first.name }
    find(
      isDistance ? .mixedDistance : .mixedOperators, operators[other].range,
      isDistance
        ? "Two different distances stand in one chain." : "Two different proximity operators stand in one chain.",
      hint: "Say with brackets which pair is measured first.", fixes: [left, right])
  }
}

extension ProximityOperator {
  /// The name without the distance.
  var name: String {
    switch self {
    case .near: "NEAR"
    case .precedes: "PRE"
    case .before: "BEFORE"
    case .notNear: "NOT NEAR"
    case .sentence: "SENT"
    case .paragraph: "PARA"
    }
  }
}
