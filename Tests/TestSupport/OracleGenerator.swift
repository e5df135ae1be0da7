public import Base

/// Random documents and queries, as `make_cases.py` makes them, with what it leaves out: several forms at one position,
/// words that accept several forms, distance ranges, NEAR/0, `*` at the ends of phrases, wider windows.
public struct OracleGenerator: Sendable {
  /// Form numbers: the words that queries use, then those that only fill documents.
  public static let queryForms = 5
  public static let fillerForms = 3

  public var random: SplitMix64
  /// Whether words may share forms or positions.
  public var allowsOverlap: Bool

  public init(seed: UInt64, allowsOverlap: Bool = true) {
    random = SplitMix64(seed: seed)
    self.allowsOverlap = allowsOverlap
  }

  private mutating func chance(_ probability: Double) -> Bool { Double.random(in: 0..<1, using: &random) < probability }
  private mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
  private mutating func form() -> Bits { 1 << Bits(number(0...Self.queryForms - 1)) }

  public mutating func document(words range: ClosedRange<Int> = 4...36) -> OracleDocument {
    var document = OracleDocument()
    var sentence = 0
    var paragraph = 0
    for _ in 0..<number(range) {
      var forms = chance(0.6) ? form() : 1 << Bits(number(Self.queryForms...Self.queryForms + Self.fillerForms - 1))
      if allowsOverlap, chance(0.08) { forms |= form() }
      document.words.append(forms)
      document.sentence.append(sentence)
      document.paragraph.append(paragraph)
      let end = Double.random(in: 0..<1, using: &random)
      if end < 0.17 { sentence += 1 }
      if end < 0.05 { paragraph += 1 }
    }
    return document
  }

  private mutating func word() -> Bits {
    allowsOverlap && chance(0.12) ? form() | form() : form()
  }

  private mutating func unit(_ depth: Int) -> OracleQuery {
    let kind = Double.random(in: 0..<1, using: &random)
    if depth <= 0 || kind < 0.45 { return .word(word()) }
    if kind < 0.55 { return .alternatives((0..<number(2...3)).map { _ in unit(depth - 1) }) }
    if kind < 0.65 { return phrase() }
    if kind < 0.70 { return .loosePhrase(extra: number(0...4), (0..<number(2...3)).map { _ in word() }) }
    return positional(depth)
  }

  private mutating func phrase() -> OracleQuery {
    var items: [Bits?] = (0..<number(2...3)).map { _ in word() }
    if chance(0.3) { items.insert(nil, at: 1) }
    if chance(0.3), let first = items[0] { items[0] = first | form() }
    if chance(0.1) { items.insert(nil, at: 0) }
    if chance(0.1) { items.append(nil) }
    return .phrase(items)
  }

  /// A query without Boolean operators.
  public mutating func positional(_ depth: Int) -> OracleQuery {
    let first = unit(depth - 1)
    let second = unit(depth - 1)
    let kind = Double.random(in: 0..<1, using: &random)
    let distance = [0, 1, 1, 2, 3, 4, 6, 10, 25][number(0...8)]
    let least = chance(0.15) ? number(0...distance) : 0
    if kind < 0.38 { return .near(min: least, max: distance, first, second) }
    if kind < 0.58 { return .precedes(min: least, max: distance, first, second) }
    if kind < 0.68 { return .notNear(max: distance, first, second) }
    if kind < 0.80 {
      let others = (0..<number(0...2)).map { _ in unit(depth - 1) }
      return .window(limit: distance, [first, second] + others)
    }
    if kind < 0.87 { return .sentence(first, second) }
    if kind < 0.94 { return .paragraph(first, second) }
    return .precedes(min: 0, max: .max, first, second)
  }
}
