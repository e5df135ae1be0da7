/// Random queries over a vocabulary, in the shapes that users combine: Boolean above, proximity and phrases below.
public struct QueryGenerator: Sendable {
  public let vocabulary: Vocabulary
  /// Nesting of Boolean operators, and below them of proximity operators.
  public var booleanDepth = 2
  public var proximityDepth = 2
  /// Whether unquoted words (stem classes) are drawn as well as exact forms.
  public var usesStems = true
  /// Text fields that `field:` names.
  public var fields = ["title", "body"]

  public init(vocabulary: Vocabulary = .news) { self.vocabulary = vocabulary }

  public func query(using random: inout some RandomNumberGenerator) -> NaiveQuery {
    boolean(depth: booleanDepth, using: &random)
  }

  private func boolean(depth: Int, using random: inout some RandomNumberGenerator) -> NaiveQuery {
    guard depth > 0 else { return unit(using: &random) }
    switch Int.random(in: 0..<8, using: &random) {
    case 0, 1:
      return .and((0..<Int.random(in: 2...3, using: &random)).map { _ in boolean(depth: depth - 1, using: &random) })
    case 2, 3:
      return .or((0..<Int.random(in: 2...4, using: &random)).map { _ in boolean(depth: depth - 1, using: &random) })
    case 4:
      return .andNot(boolean(depth: depth - 1, using: &random), boolean(depth: depth - 1, using: &random))
    default: return unit(using: &random)
    }
  }

  private func unit(using random: inout some RandomNumberGenerator) -> NaiveQuery {
    let inner = positional(depth: proximityDepth, using: &random)
    guard !fields.isEmpty, Int.random(in: 0..<10, using: &random) == 0 else { return inner }
    return .field(fields[Int.random(in: 0..<fields.count, using: &random)], inner)
  }

  private func positional(depth: Int, using random: inout some RandomNumberGenerator) -> NaiveQuery {
    guard depth > 0 else { return leaf(using: &random) }
    switch Int.random(in: 0..<8, using: &random) {
    case 0, 1:
      return .near(distance(using: &random), operand(depth, using: &random), operand(depth, using: &random))
    case 2:
      return .precedes(distance(using: &random), operand(depth, using: &random), operand(depth, using: &random))
    case 3:
      let operands = (0..<Int.random(in: 2...3, using: &random)).map { _ in leaf(using: &random) }
      return .window(Int.random(in: 1...10, using: &random), operands)
    default: return leaf(using: &random)
    }
  }

  private func operand(_ depth: Int, using random: inout some RandomNumberGenerator) -> NaiveQuery {
    positional(depth: depth - 1, using: &random)
  }

  private func distance(using random: inout some RandomNumberGenerator) -> ClosedRange<Int> {
    let most = Int.random(in: 1...12, using: &random)
    let least = Int.random(in: 0..<6, using: &random) == 0 ? Int.random(in: 1...most, using: &random) : 0
    return least...most
  }

  private func leaf(using random: inout some RandomNumberGenerator) -> NaiveQuery {
    switch Int.random(in: 0..<10, using: &random) {
    case 0..<4 where usesStems: return .stem(vocabulary.sample(using: &random))
    case 0..<7: return .exact(vocabulary.sample(using: &random))
    case 7:
      return .loosePhrase(words(2...3, using: &random), extra: Int.random(in: 0...3, using: &random))
    default:
      var places: [String?] = words(2...4, using: &random)
      if places.count > 2, Int.random(in: 0..<4, using: &random) == 0 { places[1] = nil }
      return .phrase(places)
    }
  }

  private func words(_ count: ClosedRange<Int>, using random: inout some RandomNumberGenerator) -> [String] {
    (0..<Int.random(in: count, using: &random)).map { _ in vocabulary.sample(using: &random) }
  }
}
