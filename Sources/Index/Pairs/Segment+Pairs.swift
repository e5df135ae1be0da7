internal import Base
public import ScoringCore

extension Segment {
  /// The plan with what this segment's phrase layer knows of its phrases and proximities. Answers do not change by it,
  /// only the time they take. Complexity: a lookup for each two neighbouring common words.
  public func withPairs(_ plan: MatchPlan) throws(IndexError) -> MatchPlan {
    guard !body.commonLists.isEmpty else { return plan }
    switch plan {
    case .positional(var unit):
      unit.pairs = try pairs(of: unit)
      return .positional(unit)
    case .and(let operands): return .and(try operands.map { operand throws(IndexError) in try withPairs(operand) })
    case .or(let operands): return .or(try operands.map { operand throws(IndexError) in try withPairs(operand) })
    case .andNot(let positive, let negative): return .andNot(try withPairs(positive), try withPairs(negative))
    default: return plan
    }
  }

  private func pairs(of unit: PositionalUnit) throws(IndexError) -> UnitPairs {
    var pairs = UnitPairs()
    let common = unit.leaves.map { leaf -> Int? in
      guard leaf.lists.count == 1, !leaf.needsPositions, let address = leaf.lists[0].longListAddress else { return nil }
      return body.commonLists.firstIndex(of: address)
    }
    guard common.count(where: { $0 != nil }) > (unit.leaves.count == 1 ? 0 : 1) else { return pairs }
    switch unit.expression {
    case .phrase(let places):
      for (first, second) in zip(places, places.dropFirst()) {
        guard let first, let second, let a = common[first], let b = common[second] else { continue }
        let payload = try pairPayload(PairKey.adjacent(a, b))
        let list = try payload.map { payload throws(IndexError) in try reference(payload, withPositions: true) }
        pairs.adjacent.append(UnitPairs.Adjacent(first: first, second: second, list: list))
      }
    case .near, .precedes, .window, .loosePhrase:
      let numbers = common.compactMap { $0 }
      guard numbers.count == common.count, let key = Self.tierKey(numbers), let payload = try pairPayload(key) else {
        break
      }
      pairs.tier = try tier(payload)
    default: break
    }
    return pairs
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

  private func tier(_ payload: [UInt8]) throws(IndexError) -> NearTier {
    let tier: NearTier
    do { tier = try NearTier(payload: payload) } catch { throw corrupt(.pairs) }
    try body.check(tier.list)
    return tier
  }
}
