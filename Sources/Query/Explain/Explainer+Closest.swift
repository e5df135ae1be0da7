internal import Base
internal import Index
internal import ScoringCore

/// What came closest where a positional operator has no match.
///
/// Each question ("is there a pair at most n apart?") is put to the matcher with another n, which knows all matches of
/// the operands; a wider n never loses a match, so halving finds the exact distance.
extension Explainer {
  /// Adds why a unit has no match although its parts may have some.
  mutating func addReason(
    _ node: QueryNode, _ unit: PlannedUnit, to result: inout ExplanationNode
  ) throws(SearchError) {
    let needed =
      if case .proximity(.notNear, _, _) = node.kind { result.children.prefix(1) } else { result.children[...] }
    let missing = needed.filter { !$0.matches }
    if case .alternatives = node.kind { return }
    if case .or = node.kind { return }
    guard missing.isEmpty, !needed.isEmpty else {
      if case .phrase = node.kind { result.note = missing.isEmpty ? nil : "not all of its words are there" }
      return
    }
    switch node.kind {
    case .proximity(.near(let range), _, _): try addDistance(range, unit, isOrdered: false, to: &result)
    case .proximity(.precedes(let range), _, _): try addDistance(range, unit, isOrdered: true, to: &result)
    case .proximity(.before, _, _):
      try addDistance(DistanceRange(maximum: .max), unit, isOrdered: true, to: &result)
    case .proximity(.notNear(let distance), _, _): try addClearest(distance, unit, to: &result)
    case .proximity(.sentence, _, _): try addScope(.sentence, unit, to: &result)
    case .proximity(.paragraph, _, _): try addScope(.paragraph, unit, to: &result)
    case .window(let distance, _): try addWindow(distance, unit, to: &result)
    case .phrase(let phrase): try addPhrase(phrase, unit, to: &result)
    default: break
    }
  }

  // MARK: Distances

  private mutating func addDistance(
    _ range: DistanceRange, _ unit: PlannedUnit, isOrdered: Bool, to result: inout ExplanationNode
  ) throws(SearchError) {
    guard let (first, second) = unit.expression.pair else { return }
    func pair(_ least: Int, _ most: Int) -> PositionalExpression {
      isOrdered ? .precedes(min: least, max: most, first, second) : .near(min: least, max: most, first, second)
    }
    let asked = range.maximum == .max ? "" : ", you asked \(range.clause)"
    let farther =
      range.maximum == .max
      ? nil : try least(above: range.maximum) { explainer, n throws(SearchError) in
        try explainer.matches(unit, as: pair(range.minimum, n))
      }
    var nearer: Int?
    if range.minimum > 0, try matches(unit, as: pair(0, range.maximum)) {
      nearer = try greatest(below: range.minimum) { explainer, n throws(SearchError) in
        try explainer.matches(unit, as: pair(n, range.maximum))
      }
    }
    let found: Int? =
      switch (farther, nearer) {
      case (let far?, let near?): far - range.maximum <= range.minimum - near ? far : near
      default: farther ?? nearer
      }
    if let found {
      result.closest = .init(unit: .words, distance: found)
      result.note =
        "closest\(isOrdered ? " in this order" : ""): \(Self.count(found, "word")) apart\(asked)"
      return
    }
    let reversed =
      isOrdered
      ? try least(above: 0) { explainer, n throws(SearchError) in
        try explainer.matches(unit, as: .precedes(min: 0, max: n, second, first))
      } : nil
    if let reversed {
      result.closest = .init(unit: .words, distance: reversed)
      result.note = "only in the other order; closest: \(Self.count(reversed, "word")) apart"
    } else {
      result.note = try apart(unit, [first, second])
    }
  }

  /// The place of the first operand that is farthest from the second.
  private mutating func addClearest(
    _ distance: Int, _ unit: PlannedUnit, to result: inout ExplanationNode
  ) throws(SearchError) {
    guard let (first, second) = unit.expression.pair else { return }
    let clear = try greatest(below: distance) { explainer, n throws(SearchError) in
      try explainer.matches(unit, as: .notNear(max: n, first, second))
    }
    let clearest = clear.map { $0 + 1 } ?? 0
    result.closest = .init(unit: .words, distance: clearest)
    result.note =
      "every place is near one to be avoided; the clearest: \(Self.count(clearest, "word")) away, "
      + "you asked more than \(distance)"
  }

  private mutating func addWindow(
    _ distance: Int, _ unit: PlannedUnit, to result: inout ExplanationNode
  ) throws(SearchError) {
    guard case .window(_, let operands) = unit.expression else { return }
    let found = try least(above: distance) { explainer, n throws(SearchError) in
      try explainer.matches(unit, as: .window(N: n, operands))
    }
    if let found {
      result.closest = .init(unit: .words, distance: found)
      result.note = "closest: within \(Self.count(found, "word")), you asked \(distance)"
    } else {
      result.note = try apart(unit, operands)
    }
  }

  private mutating func addPhrase(
    _ phrase: QueryPhrase, _ unit: PlannedUnit, to result: inout ExplanationNode
  ) throws(SearchError) {
    let leaves: [Int]
    switch unit.expression {
    case .phrase(let places): leaves = places.compactMap { $0 }
    case .loosePhrase(_, let places): leaves = places
    default: return
    }
    guard leaves.count > 1 else { return }
    let found = try least(above: (phrase.extraWords ?? -1)) { explainer, n throws(SearchError) in
      try explainer.matches(unit, as: .loosePhrase(extra: n, leaves))
    }
    guard let found else {
      result.note = try apart(unit, leaves.map { .leaf($0) })
      return
    }
    result.closest = .init(unit: .extraWords, distance: found)
    result.note =
      phrase.extraWords.map { "closest: \(Self.count(found, "word")) more between, you asked \($0)" }
      ?? "all words are there, but not in these places; closest: in any order with "
      + "\(Self.count(found, "word")) more between"
  }

  // MARK: Sentences and paragraphs

  /// The pair of operands across the fewest boundaries. A shorter hull never crosses more, so the minimal hulls of all
  /// pairs say it.
  private mutating func addScope(
    _ scope: Scope, _ unit: PlannedUnit, to result: inout ExplanationNode
  ) throws(SearchError) {
    guard let (first, second) = unit.expression.pair else { return }
    let together = try hits(unit, as: .near(min: 0, max: .max, first, second))
    guard !together.isEmpty else {
      result.note = try apart(unit, [first, second])
      return
    }
    let layout = try layout()
    let starts = scope == .sentence ? layout.sentenceStarts : layout.paragraphStarts
    let crossed = together.map { hit in starts.count { $0 > hit.lo && $0 <= hit.hi } }.min() ?? 0
    result.closest = .init(unit: scope == .sentence ? .sentences : .paragraphs, distance: crossed)
    result.note = "closest: \(Self.count(crossed, scope == .sentence ? "sentence" : "paragraph")) apart"
  }

  private func layout() throws(SearchError) -> DocumentLayout {
    var layout = DocumentLayout()
    do {
      try segment.view.layouts.load(document, sentences: true, into: &layout)
    } catch {
      throw .index(.corrupt(segment: segment.id.rawValue, structure: .layouts, address: 0))
    }
    return layout
  }

  /// Operands that are never together at any distance: why.
  private mutating func apart(_ unit: PlannedUnit, _ operands: [PositionalExpression]) throws(SearchError) -> String {
    let layout = try layout()
    var common: Set<Int>?
    for operand in operands {
      let values = Set(try hits(unit, as: operand).compactMap { layout.locate($0.lo)?.value })
      common = common?.intersection(values) ?? values
    }
    return common?.isEmpty == false
      ? "they are there only by sharing words, and each needs its own" : "never in one field together"
  }

  // MARK: Searching

  private mutating func matches(_ unit: PlannedUnit, as expression: PositionalExpression) throws(SearchError) -> Bool {
    try matches(.unit(unit.with(expression)))
  }

  private mutating func hits(_ unit: PlannedUnit, as expression: PositionalExpression) throws(SearchError) -> [Hit] {
    try hits(.unit(unit.with(expression)))
  }

  /// The least n above `bound` for which `holds`, which holds for all greater ones too; nil where there is none.
  private mutating func least(
    above bound: Int, where holds: (inout Explainer, Int) throws(SearchError) -> Bool
  ) throws(SearchError) -> Int? {
    var high = max(bound + 1, Int(try layout().values.last?.end ?? 0))
    guard try holds(&self, high) else { return nil }
    var low = bound + 1
    while low < high {
      let middle = (low + high) / 2
      if try holds(&self, middle) { high = middle } else { low = middle + 1 }
    }
    return high
  }

  /// The greatest n from 0 to below `bound` for which `holds`, which holds for all smaller ones too.
  private mutating func greatest(
    below bound: Int, where holds: (inout Explainer, Int) throws(SearchError) -> Bool
  ) throws(SearchError) -> Int? {
    guard bound > 0, try holds(&self, 0) else { return nil }
    var low = 0
    var high = bound - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if try holds(&self, middle) { low = middle } else { high = middle - 1 }
    }
    return low
  }

  private static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}

extension PositionalExpression {
  /// The operands of an operator that has two.
  fileprivate var pair: (PositionalExpression, PositionalExpression)? {
    operands.count == 2 ? (operands[0], operands[1]) : nil
  }
}

extension PlannedUnit {
  fileprivate func with(_ expression: PositionalExpression) -> PlannedUnit {
    var unit = self
    unit.expression = expression
    return unit
  }
}
