/// A word of a match: the how-manieth word of the query took which position.
public struct OracleWord: Sendable, Hashable {
  public var slot: Int
  public var position: Int
}

/// The words of a hit by brute force: every way to assign the positions of every match.
extension Oracle {
  public typealias Assignments = [Bits: Set<[OracleWord]>]

  /// For the hull: of its matches the one whose ascending positions are smallest, and of its assignments the one whose
  /// positions in query order, then whose words, are smallest.
  public mutating func words(_ query: OracleQuery, lo: Int, hi: Int) throws(TooMuch) -> [OracleWord] {
    var slot = 0
    let all = try assignments(query, &slot)
    let matches = all.keys.filter { Self.lo($0) == lo && Self.hi($0) == hi }
    let smallest = matches.min { Self.positions($0).lexicographicallyPrecedes(Self.positions($1)) }
    guard let smallest, let ways = all[smallest] else { return [] }
    return ways.min { first, second in
      let one = first.map(\.position)
      let other = second.map(\.position)
      if one != other { return one.lexicographicallyPrecedes(other) }
      return first.map(\.slot).lexicographicallyPrecedes(second.map(\.slot))
    } ?? []
  }

  public static func positions(_ match: Bits) -> [Int] { (0..<64).filter { match & (1 << Bits($0)) != 0 } }

  /// Every match with every assignment of its positions to the words of the query.
  private mutating func assignments(_ query: OracleQuery, _ slot: inout Int) throws(TooMuch) -> Assignments {
    switch query {
    case .word(let forms): return word(forms, &slot)
    case .alternatives(let operands):
      var result: Assignments = [:]
      for operand in operands { result.merge(try assignments(operand, &slot)) { $0.union($1) } }
      return result
    case .phrase(let items):
      let matches = try evaluate(query)
      let start = slot
      slot += items.count { $0 != nil }
      var result: Assignments = [:]
      for match in matches {
        result[match] = [Self.positions(match).enumerated().map { OracleWord(slot: start + $0, position: $1) }]
      }
      return result
    case .notNear(_, let a, let b):
      let kept = try evaluate(query)
      let all = try assignments(a, &slot)
      _ = try assignments(b, &slot)
      return all.filter { kept.contains($0.key) }
    case .loosePhrase(let extra, let items):
      let operands = items.map { word($0, &slot) }
      return try choose(operands) { Self.length($0.reduce(0, |)) <= items.count + extra }
    case .window(let limit, let expressions):
      var operands: [Assignments] = []
      for expression in expressions { operands.append(try assignments(expression, &slot)) }
      return try choose(operands) { choice in
        Self.length(choice.reduce(0, |)) - 1 <= limit + choice.reduce(0) { $0 + Self.length($1) - 1 }
      }
    case .near(let min, let max, let a, let b):
      return try pairs(a, b, &slot) { (min...max).contains(Self.distance($0, $1)) }
    case .precedes(let min, let max, let a, let b):
      return try pairs(a, b, &slot) {
        Self.hi($0) < Self.lo($1) && (min...max).contains(Self.lo($1) - Self.hi($0))
      }
    case .sentence(let a, let b):
      let units = document.sentence
      return try pairs(a, b, &slot) { x, y in Set(units[Self.lo(x | y)...Self.hi(x | y)]).count == 1 }
    case .paragraph(let a, let b):
      let units = document.paragraph
      return try pairs(a, b, &slot) { x, y in Set(units[Self.lo(x | y)...Self.hi(x | y)]).count == 1 }
    case .and, .or, .andNot: preconditionFailure("Boolean operators stand above positional ones")
    }
  }

  private func word(_ forms: Bits, _ slot: inout Int) -> Assignments {
    let number = slot
    slot += 1
    var result: Assignments = [:]
    for position in document.words.indices where document.words[position] & forms != 0 {
      result[1 << Bits(position)] = [[OracleWord(slot: number, position: position)]]
    }
    return result
  }

  private mutating func pairs(
    _ a: OracleQuery, _ b: OracleQuery, _ slot: inout Int, where isAdmissible: (Bits, Bits) -> Bool
  ) throws(TooMuch) -> Assignments {
    let first = try assignments(a, &slot)
    let second = try assignments(b, &slot)
    return try choose([first, second]) { isAdmissible($0[0], $0[1]) }
  }

  /// Pairwise disjoint choices of one match of each operand, with all their assignments.
  private func choose(_ operands: [Assignments], where isAdmissible: ([Bits]) -> Bool) throws(TooMuch) -> Assignments {
    var partial: [(chosen: [Bits], union: Bits, words: Set<[OracleWord]>)] = [([], 0, [[]])]
    for operand in operands {
      guard partial.count * operand.count <= 300_000 else { throw TooMuch() }
      var extended: [(chosen: [Bits], union: Bits, words: Set<[OracleWord]>)] = []
      for (chosen, union, words) in partial {
        for (match, ways) in operand where match & union == 0 {
          var all: Set<[OracleWord]> = []
          for before in words { for after in ways { all.insert(before + after) } }
          extended.append((chosen + [match], union | match, all))
        }
      }
      partial = extended
    }
    var result: Assignments = [:]
    for (chosen, union, words) in partial where isAdmissible(chosen) { result[union, default: []].formUnion(words) }
    return result
  }
}
