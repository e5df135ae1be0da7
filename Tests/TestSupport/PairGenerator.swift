public import Base

/// A query as it is typed and as the reference means it.
public struct TypedQuery: Sendable {
  public var text: String
  public var meaning: OracleQuery
  /// Needs no brackets as an operand.
  var isAtom: Bool
}

/// A document of several values, as texts and as the reference sees them.
public struct TypedDocument: Sendable {
  public struct Value: Sendable {
    /// Place in `PairGenerator.fields`.
    public var field: Int
    public var text: String
    public var words: OracleDocument
  }

  public var values: [Value] = []
}

/// Random documents and queries of one shape. A word of a query accepts surfaces; of `title:word` those of one field
/// only, so a set of accepted surfaces has a bit for each surface and field.
public struct PairGenerator: Sendable {
  public static let fields = ["title", "body"]
  static let surfacesMax = 32

  public var random: SplitMix64
  let shape: PairShape

  public init(_ shape: PairShape, seed: UInt64) {
    self.shape = shape
    random = SplitMix64(seed: seed)
  }

  mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
  mutating func pick<T>(_ choices: [T]) -> T { choices[number(0...choices.count - 1)] }
  mutating func chance(_ inTen: Int) -> Bool { number(1...10) <= inTen }

  // MARK: Documents

  public mutating func document() -> TypedDocument {
    var document = TypedDocument()
    for _ in 0..<number(shape.values) { document.values.append(value(field: number(0...1))) }
    return document
  }

  private mutating func value(field: Int) -> TypedDocument.Value {
    var words = OracleDocument()
    var text = ""
    var sentence = 0
    var paragraph = 0
    for index in 0..<number(shape.words) {
      if index > 0 {
        // `!` ends a sentence whatever follows.
        switch number(0...19) {
        case 0:
          text += "!\n\n"
          sentence += 1
          paragraph += 1
        case 1, 2, 3:
          text += "! "
          sentence += 1
        case 4: text += "; "
        case 5: text += "\n"
        default: text += " "
        }
      }
      let surface = pick(shape.surfaces)
      text += Surfaces.all[surface].text
      words.words.append(1 << Bits(surface + field * Self.surfacesMax))
      words.sentence.append(sentence)
      words.paragraph.append(paragraph)
    }
    return TypedDocument.Value(field: field, text: text, words: words)
  }

  // MARK: Queries

  public mutating func query() -> TypedQuery {
    chance(shape.booleans) ? boolean(depth: number(1...2)) : positional()
  }

  private mutating func boolean(depth: Int) -> TypedQuery {
    guard depth > 0 else { return positional() }
    let operands = (0..<number(2...3)).map { _ in chance(5) ? positional() : boolean(depth: depth - 1) }
    let texts = operands.map(Self.operand)
    switch number(0...3) {
    case 0, 1:
      let text = texts.joined(separator: pick([" AND ", " "]))
      return TypedQuery(text: text, meaning: .and(operands.map(\.meaning)), isAtom: false)
    case 2:
      return TypedQuery(text: texts.joined(separator: " OR "), meaning: .or(operands.map(\.meaning)), isAtom: false)
    default:
      return TypedQuery(
        text: "\(texts[0]) \(pick(["NOT ", "AND NOT ", "-"]))\(texts[1])",
        meaning: .andNot(operands[0].meaning, operands[1].meaning), isAtom: false)
    }
  }

  static func operand(_ query: TypedQuery) -> String { query.isAtom ? query.text : "(\(query.text))" }

  /// One field for the whole operator, or for some of its words.
  private mutating func positional() -> TypedQuery {
    let field = chance(shape.fields) ? number(0...1) : nil
    let depth = number(shape.depth)
    guard let field, chance(5) else { return unit(depth, Scope(field: field, isWhole: false)) }
    let inner = unit(depth, Scope(field: field, isWhole: true))
    return TypedQuery(text: "\(Self.fields[field]):\(Self.operand(inner))", meaning: inner.meaning, isAtom: false)
  }

  /// Which field words may name, and whether all are in it because it stands above them.
  struct Scope {
    var field: Int?
    var isWhole: Bool
  }

  mutating func unit(_ depth: Int, _ scope: Scope) -> TypedQuery {
    if depth <= 0 { return chance(8) ? word(scope) : phrase(scope) }
    switch number(0...9) {
    case 0, 1: return word(scope)
    case 2: return phrase(scope)
    case 3:
      let operands = (0..<number(2...3)).map { _ in unit(depth - 1, scope) }
      let isBar = operands.allSatisfy(\.isAtom) && chance(5)
      let text = operands.map(Self.operand).joined(separator: isBar ? "|" : " OR ")
      // OR joins documents, unless an operator above makes it join matches.
      let meaning: OracleQuery =
        isBar ? .alternatives(operands.map { Self.matches($0.meaning) }) : .or(operands.map(\.meaning))
      return TypedQuery(text: "(\(text))", meaning: meaning, isAtom: true)
    default: return proximity(depth, scope)
    }
  }

  private mutating func proximity(_ depth: Int, _ scope: Scope) -> TypedQuery {
    let first = unit(depth - 1, scope)
    let second = unit(depth - 1, scope)
    let most = pick([1, 1, 2, 3, 4, 6, 10, 25])
    let least = number(1...most)
    func infix(_ name: String, _ meaning: OracleQuery) -> TypedQuery {
      TypedQuery(text: "\(Self.operand(first)) \(name) \(Self.operand(second))", meaning: meaning, isAtom: false)
    }
    let (a, b) = (Self.matches(first.meaning), Self.matches(second.meaning))
    switch pick(shape.operators) {
    case .near: return infix("\(pick(["NEAR", "w", "near"]))/\(most)", .near(min: 0, max: most, a, b))
    case .nearRange: return infix("NEAR/\(least)..\(most)", .near(min: least, max: most, a, b))
    case .bare: return infix("near", .near(min: 0, max: 50, a, b))
    case .pre: return infix("PRE/\(most)", .precedes(min: 0, max: most, a, b))
    case .preRange: return infix("pre/\(least)..\(most)", .precedes(min: least, max: most, a, b))
    case .before: return infix("BEFORE", .precedes(min: 0, max: .max, a, b))
    case .notNear: return infix("NOT NEAR/\(most)", .notNear(max: most, a, b))
    case .sentence: return infix("SENT", .sentence(a, b))
    case .paragraph: return infix("PARA", .paragraph(a, b))
    case .window:
      let operands = [first, second] + (0..<number(0...2)).map { _ in unit(min(depth - 1, 1), scope) }
      let texts = operands.map(Self.operand).joined(separator: ", ")
      return TypedQuery(
        text: "NEAR/\(most)(\(texts))", meaning: .window(limit: most, operands.map { Self.matches($0.meaning) }),
        isAtom: true)
    }
  }

  /// What OR means below an operator on matches.
  private static func matches(_ query: OracleQuery) -> OracleQuery {
    if case .or(let operands) = query { .alternatives(operands.map(matches)) } else { query }
  }
}
