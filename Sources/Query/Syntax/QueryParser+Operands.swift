internal import Base

/// What may stand inside a proximity operator: matches of one field, nothing Boolean, no filters.
extension QueryParser {
  /// Checks the operands of an infix chain.
  mutating func checkOperands(_ units: [ParsedUnit], of operators: [Range<Int>]) {
    let shape = ProximityShape(
      range: units[0].range.lowerBound..<units[units.count - 1].range.upperBound,
      units: units.map(\.range), spelling: operators.first.map { slice($0) } ?? "",
      isWindow: false)
    check(units, in: shape, separators: operators)
  }

  /// Checks the operands of `NEAR/N(…)`.
  mutating func checkWindow(_ units: [ParsedUnit], range: Range<Int>, spelling: String, separators: [Range<Int>]) {
    let shape = ProximityShape(range: range, units: units.map(\.range), spelling: spelling, isWindow: true)
    check(units, in: shape, separators: separators)
  }

  private mutating func check(_ units: [ParsedUnit], in shape: ProximityShape, separators: [Range<Int>]) {
    for (index, unit) in units.enumerated() {
      guard let node = unit.node, let offender = Self.offender(in: node) else { continue }
      if case .filter = offender.kind {
        reportFilter(offender, in: shape)
      } else {
        reportBoolean(offender, operand: index, isWhole: offender.range == node.range, units: units, in: shape)
      }
    }
    checkFields(units, in: shape, separators: separators)
  }

  /// The first node below that is about documents and not about matches.
  private static func offender(in node: QueryNode) -> QueryNode? {
    switch node.kind {
    case .and, .not, .filter: node
    case .alternatives, .or, .field, .boost: node.children.lazy.compactMap(offender).first
    case .term, .phrase, .proximity, .window: nil
    }
  }

  // MARK: Boolean operands

  private mutating func reportBoolean(
    _ node: QueryNode, operand: Int, isWhole: Bool, units: [ParsedUnit], in shape: ProximityShape
  ) {
    let operands = if case .and(let all) = node.kind { all } else { [node] }
    let positive = operands.filter { !$0.isNegative }
    let negative = operands.compactMap { if case .not(let inner) = $0.kind { inner } else { nil } }
    var fixes: [[TextEdit]] = []
    if isWhole, negative.isEmpty {
      fixes = positiveFixes(positive, operand: operand, units: units, in: shape)
    } else if isWhole, let first = negative.first, positive.isEmpty {
      if shape.isNear, !shape.isWindow, shape.units.count == 2, operand == 1, negative.count == 1 {
        fixes.append([
          .replace(shape.range, by: "\(slice(shape.units[0])) NOT \(shape.spelling) \(text(first))")
        ])
      }
    } else if isWhole, let first = negative.first {
      let kept = positive.count == 1 ? text(positive[0]) : "NEAR/1(" + positive.map(text).joined(separator: ", ") + ")"
      let clear = shape.isNear ? "NOT \(shape.spelling) \(text(first))" : "AND NOT \(text(first))"
      let inner = chainText(replacing: operand, by: kept, in: shape)
      fixes.append([.replace(shape.range, by: "(\(inner)) \(clear)")])
      let rest = negative.map { "AND NOT \(text($0))" }.joined(separator: " ")
      fixes.append([.replace(shape.range, by: "(\(inner)) \(rest)")])
    }
    if let words = plainWords(operands) { fixes.append([.replace(node.range, by: "\"\(words)\"")]) }
    find(
      .booleanInProximity, node.range, "A proximity operator takes words, phrases and alternatives, not AND or NOT.",
      hint: "AND and NOT are about whole documents. For several words near each other use NEAR/N(a, b, c).",
      fixes: fixes)
  }

  private func positiveFixes(
    _ operands: [QueryNode], operand: Int, units: [ParsedUnit], in shape: ProximityShape
  ) -> [[TextEdit]] {
    let texts = operands.map(text)
    if shape.isWindow { return [[.replace(shape.units[operand], by: texts.joined(separator: ", "))]] }
    var fixes: [[TextEdit]] = []
    if shape.isNear {
      // Other operands of the same kind are opened too: each problem is offered the way out of all.
      let all = units.flatMap { unit -> [String] in
        guard case .and(let inner) = unit.node?.kind, !inner.contains(where: \.isNegative) else { return [slice(unit.range)] }
        return inner.map(text)
      }
      fixes.append([.replace(shape.range, by: "\(shape.windowName)(\(all.joined(separator: ", ")))")])
    }
    let each = texts.map { "(" + chainText(replacing: operand, by: $0, in: shape) + ")" }
    fixes.append([.replace(shape.range, by: each.joined(separator: " AND "))])
    return fixes
  }

  /// The whole operator with another text for one operand.
  private func chainText(replacing operand: Int, by text: String, in shape: ProximityShape) -> String {
    let all = shape.units.enumerated().map { $0.offset == operand ? text : slice($0.element) }
    if shape.isWindow { return "\(shape.spelling)(\(all.joined(separator: ", ")))" }
    return all.joined(separator: " \(shape.spelling) ")
  }

  /// A node's text with brackets where it needs them as an operand.
  private func text(_ node: QueryNode) -> String {
    let text = slice(node.range)
    switch node.kind {
    case .proximity, .and, .or, .not: return text.hasPrefix("(") && text.hasSuffix(")") ? text : "(\(text))"
    default: return text
    }
  }

  /// The words of operands that were written side by side without an operator.
  private func plainWords(_ operands: [QueryNode]) -> String? {
    guard operands.count > 1 else { return nil }
    for (left, right) in zip(operands, operands.dropFirst()) {
      let between = source[left.range.upperBound..<right.range.lowerBound]
      guard between.allSatisfy({ $0 == 0x20 || $0 == UInt8(ascii: ",") }) else { return nil }
    }
    let words = operands.compactMap { node -> String? in
      guard case .term(.word(let word)) = node.kind, word.sense == .stem else { return nil }
      return slice(node.range)
    }
    return words.count == operands.count ? words.joined(separator: " ") : nil
  }

  // MARK: Filters and fields

  private mutating func reportFilter(_ node: QueryNode, in shape: ProximityShape) {
    var fixes: [[TextEdit]] = []
    if let place = shape.units.firstIndex(of: node.range), shape.units.count > 1 {
      let others = shape.units.enumerated().filter { $0.offset != place }.map { slice($0.element) }
      let rest: String =
        if others.count == 1 {
          others[0]
        } else if shape.isWindow {
          "\(shape.spelling)(\(others.joined(separator: ", ")))"
        } else {
          "(" + others.joined(separator: " \(shape.spelling) ") + ")"
        }
      fixes = [[.replace(shape.range, by: "\(rest) \(slice(node.range))")]]
    }
    find(
      .noPositions, node.range, "`\(slice(node.range))` is a filter: it has no positions that could be near anything.",
      hint: "Write filters outside proximity operators.", fixes: fixes)
  }

  private mutating func checkFields(_ units: [ParsedUnit], in shape: ProximityShape, separators: [Range<Int>]) {
    var allowed: Set<String>?
    for unit in units {
      guard let node = unit.node, let named = Self.fields(of: node) else { continue }
      let before = allowed
      allowed = allowed?.intersection(named) ?? named
      guard allowed?.isEmpty == true, let before else { continue }
      let apart = separators.map { TextEdit.replace($0, by: shape.isWindow ? " AND" : "AND") }
      var fixes: [[TextEdit]] = []
      for name in before.sorted() + named.sorted() {
        let bare = units.map { unit -> String in
          if case .field(_, let inner) = unit.node?.kind { slice(inner.range) } else { slice(unit.range) }
        }
        let joined =
          shape.isWindow
          ? "\(shape.spelling)(\(bare.joined(separator: ", ")))"
          : "(" + bare.joined(separator: " \(shape.spelling) ") + ")"
        fixes.append([.replace(shape.range, by: "\(name):\(joined)")])
      }
      if !shape.isWindow { fixes.append(apart) }
      find(
        .fieldsInProximity, unit.range,
        "The operands name different fields; a match never crosses from one field to another.",
        hint: "Look for both in one field, or join them by AND.", fixes: fixes)
      return
    }
  }

  /// `title:(a NEAR/5 body:b)`: operands that name no field are looked for in the outer one.
  mutating func checkFields(below node: QueryNode, in outer: String, at name: Range<Int>) {
    let operands: [QueryNode]
    switch node.kind {
    case .field: return
    case .proximity(.notNear, let left, _): operands = [left]
    case .proximity, .window: operands = node.children
    default: operands = []
    }
    let named = operands.map { Self.fields(of: $0) ?? [outer] }
    guard named.dropFirst().reduce(named.first ?? [outer], { $0.intersection($1) }).isEmpty else {
      for child in node.children { checkFields(below: child, in: outer, at: name) }
      return
    }
    guard let other = operands.first(where: { Self.fields(of: $0)?.contains(outer) == false }) else { return }
    var fixes: [[TextEdit]] = []
    if case .field(let inner, let operand) = other.kind {
      let prefix: TextEdit = .replace(other.range.lowerBound..<operand.range.lowerBound, by: "")
      fixes = [[prefix], [.replace(name, by: inner), prefix]]
    }
    find(
      .fieldsInProximity, other.range,
      "The operands name different fields; a match never crosses from one field to another.",
      hint: "Look for both in one field, or join them by AND.", fixes: fixes)
  }

  /// The fields that a match of the node can lie in; nil for any.
  private static func fields(of node: QueryNode) -> Set<String>? {
    switch node.kind {
    case .term, .phrase, .filter: return nil
    case .field(let name, let operand): return fields(of: operand) ?? [name]
    case .boost(_, let operand), .not(let operand), .proximity(.notNear, let operand, _): return fields(of: operand)
    case .alternatives(let operands), .or(let operands):
      var union: Set<String> = []
      for operand in operands {
        guard let named = fields(of: operand) else { return nil }
        union.formUnion(named)
      }
      return union
    case .and(let operands), .window(_, let operands): return common(operands)
    case .proximity(_, let left, let right): return common([left, right])
    }
  }

  private static func common(_ operands: [QueryNode]) -> Set<String>? {
    operands.compactMap(fields).reduce(nil) { $0?.intersection($1) ?? $1 }
  }
}

/// A proximity operator and its operands as text.
private struct ProximityShape {
  let range: Range<Int>
  let units: [Range<Int>]
  /// `NEAR/5` and the like, as typed.
  let spelling: String
  let isWindow: Bool

  var isNear: Bool {
    let upper = spelling.uppercased()
    return upper.hasPrefix("NEAR") || upper.hasPrefix("W/")
  }

  /// `NEAR/N` for a window with the same distance.
  var windowName: String {
    let distance = spelling.split(separator: "/").dropFirst().first.map(String.init)
    return "NEAR/" + (distance?.split(separator: ".").last.map(String.init) ?? String(Limits.nearDistanceDefault))
  }
}
