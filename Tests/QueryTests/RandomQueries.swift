import Base
import Query

/// Random trees in the shape that the parser gives them.
struct RandomQueries {
  var random: SplitMix64
  private let words = ["alpha", "bravo", "near", "or", "u.s.", "city's", "1,000", "zürich", "日"]

  init(random: SplitMix64) { self.random = random }

  /// A query: at least one operand says what is looked for.
  mutating func query(depth: Int) -> QueryNode {
    switch Int.random(in: 0..<5, using: &random) {
    case 0 where depth > 0:
      var operands = [query(depth: depth - 1)]
      for _ in 0..<Int.random(in: 1...3, using: &random) { operands.append(conjunct(depth: depth - 1)) }
      return QueryNode(.and(operands))
    case 1 where depth > 0: return QueryNode(.or([query(depth: depth - 1), query(depth: depth - 1)]))
    case 2 where depth > 0:
      return QueryNode(.field(pick(["title", "body"]), fieldOperand(depth: depth - 1)))
    default: return unit(depth: depth)
    }
  }

  private mutating func fieldOperand(depth: Int) -> QueryNode {
    let operand = query(depth: depth)
    return Bool.random(using: &random) ? operand : positional(depth: depth)
  }

  private mutating func conjunct(depth: Int) -> QueryNode {
    switch Int.random(in: 0..<4, using: &random) {
    case 0: QueryNode(.not(query(depth: depth)))
    case 1: QueryNode(.filter(filter()))
    default: query(depth: depth)
    }
  }

  private mutating func unit(depth: Int) -> QueryNode {
    let node = positional(depth: depth)
    if Int.random(in: 0..<8, using: &random) > 0 { return node }
    if case .boost = node.kind { return node }
    return QueryNode(.boost(pick([0.5, 2, 1.25]), node))
  }

  private mutating func positional(depth: Int) -> QueryNode {
    guard depth > 0 else { return leaf() }
    switch Int.random(in: 0..<6, using: &random) {
    case 0: return QueryNode(.alternatives([positional(depth: depth - 1), positional(depth: depth - 1)]))
    case 1:
      let operands = (0..<Int.random(in: 2...4, using: &random)).map { _ in unit(depth: depth - 1) }
      return QueryNode(.window(distance: Int.random(in: 1...20, using: &random), operands))
    case 2: return leaf()
    default: return QueryNode(.proximity(proximity(), unit(depth: depth - 1), unit(depth: depth - 1)))
    }
  }

  private mutating func proximity() -> ProximityOperator {
    let number = Int.random(in: 1...30, using: &random)
    let range = DistanceRange(minimum: pick([0, 0, 1, number]), maximum: number)
    return switch Int.random(in: 0..<6, using: &random) {
    case 0: .near(range)
    case 1: .precedes(range)
    case 2: .before
    case 3: .notNear(number)
    case 4: .sentence
    default: .paragraph
    }
  }

  private mutating func leaf() -> QueryNode {
    if Int.random(in: 0..<3, using: &random) > 0 { return QueryNode(.term(term(pick([.stem, .exact, .verbatim])))) }
    let sense: QueryWordTerm.Sense = pick([.stem, .exact, .verbatim])
    var items: [QueryPhrase.Item] = [.oneOf([term(sense)])]
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      let terms = [term(sense), Self.wildcard("al*a", sense)]
      items.append(.oneOf(Bool.random(using: &random) ? terms : [terms[0]]))
    }
    let isLoose = Bool.random(using: &random)
    if !isLoose, Bool.random(using: &random) {
      items.insert(.anyWord, at: Int.random(in: 0...items.count, using: &random))
    }
    let extra = isLoose ? Int.random(in: 0...5, using: &random) : nil
    return QueryNode(.phrase(QueryPhrase(sense: sense, items: items, extraWords: extra)))
  }

  private mutating func term(_ sense: QueryWordTerm.Sense) -> QueryTerm {
    switch Int.random(in: 0..<8, using: &random) {
    case 0: return Self.wildcard(pick(["al*", "*ha", "a?p*a", "alph?"]), sense)
    case 1 where sense != .verbatim: return .fuzzy(FuzzyWord(form: pick(["alpha", "bravo"]), edits: pick([1, 2])))
    default: return Self.word(pick(words), sense)
    }
  }

  private mutating func filter() -> QueryFilter {
    switch Int.random(in: 0..<3, using: &random) {
    case 0:
      .date(
        field: pick(["date", "published"]),
        DateRange(from: QueryDate(year: 2015, month: 2), to: pick([nil, QueryDate(year: 2016, month: 2, day: 29)])))
    case 1: .keyword(field: "lang", value: "en")
    default: .number(field: "pages", minimum: pick([nil, 3]), maximum: 10.5)
    }
  }

  private mutating func pick<T>(_ choices: [T]) -> T { choices[Int.random(in: 0..<choices.count, using: &random)] }

  private static func wildcard(_ text: String, _ sense: QueryWordTerm.Sense) -> QueryTerm {
    .wildcard(WildcardPattern(text: text, verbatim: sense == .verbatim ? text : nil))
  }

  /// The word as the parser gives it.
  static func word(_ text: String, _ sense: QueryWordTerm.Sense) -> QueryTerm {
    guard case .term(.word(let word)) = QueryReader().parse("\"\(text)\"").root?.kind else {
      fatalError("\(text) is not one word")
    }
    return .word(QueryWordTerm(sense: sense, form: word.form, stem: word.stem, verbatim: text))
  }
}
