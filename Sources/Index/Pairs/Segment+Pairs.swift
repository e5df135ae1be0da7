internal import Base
public import ScoringCore

extension Segment {
  /// The plan with what this segment's phrase layer knows of its phrases and proximities. Answers do not change by it,
  /// only the time they take. Complexity: a lookup for each two neighbouring common words.
  public func withPairs(_ plan: MatchPlan) throws(IndexError) -> MatchPlan {
    guard !body.common.isEmpty else { return plan }
    switch plan {
    case .positional(let unit):
      let pairs = try pairs(of: unit)
      if pairs.isEmpty { return plan }
      var known = unit
      known.pairs = pairs
      return .positional(known)
    case .and(let operands): return .and(try operands.map { operand throws(IndexError) in try withPairs(operand) })
    case .or(let operands): return .or(try operands.map { operand throws(IndexError) in try withPairs(operand) })
    case .andNot(let positive, let negative): return .andNot(try withPairs(positive), try withPairs(negative))
    case .andMaybe(let required, let optional): return .andMaybe(try withPairs(required), try withPairs(optional))
    default: return plan
    }
  }

  private func pairs(of unit: PositionalUnit) throws(IndexError) -> UnitPairs {
    var pairs = UnitPairs()
    guard unit.leaves.contains(where: { $0.lists.contains { commonNumber($0) != nil } }), unit.leaves.allSatisfy({ !$0.needsPositions }) else {
      return pairs
    }
    switch unit.expression {
    case .phrase(let places):
      let common = commonForms(of: unit.leaves)
      for (first, second) in zip(places, places.dropFirst()) {
        guard let first, let second, let a = common[first]?.number, let b = common[second]?.number else { continue }
        pairs.adjacent.append(UnitPairs.Adjacent(first: first, second: second, list: try neighbours(a, b)))
      }
      for (number, leaf) in unit.leaves.enumerated() where leaf.lists.count > 1 {
        guard let form = common[number], pairs.adjacent.contains(where: { $0.first == number || $0.second == number })
        else { continue }
        pairs.commonForms.append((number, form.place))
        for place in leaf.lists.indices where place != form.place { pairs.otherForms.append(leaf.lists[place]) }
      }
    case .near, .precedes, .window, .loosePhrase:
      // A common form of each leaf, in every way.
      var choices: [[Int]] = [[]]
      for leaf in unit.leaves {
        let numbers = leaf.lists.map { commonNumber($0) }
        choices = choices.flatMap { choice in numbers.compactMap { $0.map { choice + [$0] } } }
        guard (1...UnitPairs.tiersMax).contains(choices.count) else { return UnitPairs() }
        for (list, number) in zip(leaf.lists, numbers) where number == nil { pairs.otherForms.append(list) }
      }
      if case .precedes(_, _, .leaf(let first), .leaf(let second)) = unit.expression, pairs.otherForms.isEmpty,
        choices.count == 1
      {
        let list = try neighbours(choices[0][first], choices[0][second])
        pairs.adjacent.append(UnitPairs.Adjacent(first: first, second: second, list: list))
      }
      if pairs.otherForms.reduce(0, { $0 + Int($1.documentFrequency) }) <= UnitPairs.tierPostingsMax {
        pairs.tiers = try tiers(choices)
      }
    default: break
    }
    return pairs
  }

  /// Where the second of two common words stands directly behind the first; nil where it never does.
  private func neighbours(_ first: Int, _ second: Int) throws(IndexError) -> PostingListReference? {
    guard let payload = try pairPayload(PairKey.adjacent(first, second)) else { return nil }
    return try reference(payload, withPositions: true)
  }

  /// The number of a common word, by its list.
  private func commonNumber(_ list: PostingListReference) -> Int? {
    list.longListAddress.flatMap { body.common.number(of: $0) }
  }

  /// `commonForm` of each leaf of a phrase; of one form only, where the other forms have too many documents to be looked
  /// at one by one.
  private func commonForms(of leaves: [WordLeaf]) -> [(number: Int, place: Int)?] {
    let found = leaves.map { commonForm(of: $0) }
    guard leaves.contains(where: { $0.lists.count > 1 }) else { return found }
    let others = zip(leaves, found).reduce(0) { sum, leaf in
      guard let form = leaf.1 else { return sum }
      return leaf.0.lists.indices.reduce(sum) { $0 + ($1 == form.place ? 0 : Int(leaf.0.lists[$1].documentFrequency)) }
    }
    if others <= UnitPairs.otherPostingsMax { return found }
    return zip(leaves, found).map { $0.0.lists.count == 1 ? $0.1 : nil }
  }

  /// The one form of a word that is a common word, and its place among the word's lists; nil where none is, or several.
  private func commonForm(of leaf: WordLeaf) -> (number: Int, place: Int)? {
    var found: (number: Int, place: Int)?
    for (place, list) in leaf.lists.enumerated() {
      guard let number = commonNumber(list) else { continue }
      guard found == nil else { return nil }
      found = (number, place)
    }
    return found
  }

  /// The key of the tier of all leaves of a proximity, where there may be one.
  private static func tierKey(_ numbers: [Int]) -> [UInt8]? {
    switch numbers.count {
    case 2: PairKey.near(numbers[0], numbers[1])
    case 3 where numbers.allSatisfy { $0 < PairKey.tripleWordsMax }: PairKey.near(numbers[0], numbers[1], numbers[2])
    default: nil
    }
  }

  private func pairPayload(_ key: [UInt8]) throws(IndexError) -> [UInt8]? {
    try body.reading(.pairs) { () throws(DictionaryReader.Damage) in try body.pairs.payload(of: key) }
  }

  /// The tier of each choice of common words; none where one is not there.
  private func tiers(_ choices: [[Int]]) throws(IndexError) -> [NearTier] {
    var tiers: [NearTier] = []
    for choice in choices {
      guard let key = Self.tierKey(choice), let payload = try pairPayload(key) else { return [] }
      tiers.append(try tier(payload))
    }
    return tiers
  }

  private func tier(_ payload: [UInt8]) throws(IndexError) -> NearTier {
    let tier: NearTier
    do { tier = try NearTier(payload: payload) } catch { throw corrupt(.pairs) }
    try body.check(tier.list)
    return tier
  }
}
