/// The reference semantics of positional queries by brute force: `oracle.py` in Swift, slow and obvious on purpose.
///
/// A match is a set of word positions, here the bits of a number. Every operator maps sets of matches to a set of
/// matches. Inside a query nothing is minimised.
public struct Oracle {
  public let document: OracleDocument
  /// Pairs of matches that may still be tried; an answer that would take more is not given.
  private var allowance: Int

  /// The work of a query was more than was allowed.
  public struct TooMuch: Error {}

  public init(_ document: OracleDocument, allowance: Int = 5_000_000) {
    self.document = document
    self.allowance = allowance
  }

  // MARK: The definition

  static func lo(_ match: Bits) -> Int { match.trailingZeroBitCount }
  static func hi(_ match: Bits) -> Int { 63 - match.leadingZeroBitCount }
  static func length(_ match: Bits) -> Int { hi(match) - lo(match) + 1 }

  /// 0 when the hulls overlap or interleave, else the position difference of the facing ends (adjacent = 1).
  static func distance(_ x: Bits, _ y: Bits) -> Int { max(0, max(lo(x), lo(y)) - min(hi(x), hi(y))) }

  private func word(_ forms: Bits) -> Set<Bits> {
    Set(document.words.indices.filter { document.words[$0] & forms != 0 }.map { 1 << Bits($0) })
  }

  private mutating func unions(
    _ first: Set<Bits>, _ second: Set<Bits>, where isAdmissible: (Bits, Bits) -> Bool
  ) throws(TooMuch) -> Set<Bits> {
    allowance -= first.count * second.count
    guard allowance >= 0 else { throw TooMuch() }
    var result: Set<Bits> = []
    for x in first {
      for y in second where x & y == 0 && isAdmissible(x, y) { result.insert(x | y) }
    }
    return result
  }

  /// Pairwise disjoint choices of one match of each set, kept where `isAdmissible` says so.
  private mutating func combine(
    _ sets: [Set<Bits>], where isAdmissible: ([Bits]) -> Bool
  ) throws(TooMuch) -> Set<Bits> {
    var result: Set<Bits> = []
    try choose(sets, [], 0, isAdmissible, &result)
    return result
  }

  private mutating func choose(
    _ sets: [Set<Bits>], _ chosen: [Bits], _ union: Bits, _ isAdmissible: ([Bits]) -> Bool, _ result: inout Set<Bits>
  ) throws(TooMuch) {
    if chosen.count == sets.count {
      if isAdmissible(chosen) { result.insert(union) }
      return
    }
    allowance -= sets[chosen.count].count
    guard allowance >= 0 else { throw TooMuch() }
    for x in sets[chosen.count] where x & union == 0 {
      try choose(sets, chosen + [x], union | x, isAdmissible, &result)
    }
  }

  private func isWithinOne(_ units: [Int], _ union: Bits) -> Bool {
    units[Self.lo(union)...Self.hi(union)].allSatisfy { $0 == units[Self.lo(union)] }
  }

  private func phrase(_ items: [Bits?]) -> Set<Bits> {
    var result: Set<Bits> = []
    for start in 0..<max(0, document.words.count - items.count + 1) {
      let fits = items.indices.allSatisfy { place in
        items[place].map { document.words[start + place] & $0 != 0 } ?? true
      }
      guard fits else { continue }
      result.insert(items.indices.filter { items[$0] != nil }.reduce(0) { $0 | 1 << Bits(start + $1) })
    }
    return result
  }

  /// ⟦query⟧.
  public mutating func evaluate(_ query: OracleQuery) throws(TooMuch) -> Set<Bits> {
    switch query {
    case .word(let forms): return word(forms)
    case .alternatives(let operands):
      var result: Set<Bits> = []
      for operand in operands { result.formUnion(try evaluate(operand)) }
      return result
    case .near(let min, let max, let a, let b):
      return try unions(evaluate(a), evaluate(b)) { (min...max).contains(Self.distance($0, $1)) }
    case .precedes(let min, let max, let a, let b):
      return try unions(evaluate(a), evaluate(b)) {
        Self.hi($0) < Self.lo($1) && (min...max).contains(Self.lo($1) - Self.hi($0))
      }
    case .notNear(let max, let a, let b):
      let others = try evaluate(b)
      return try evaluate(a).filter { x in !others.contains { x & $0 == 0 && Self.distance(x, $0) <= max } }
    case .sentence(let a, let b):
      let units = self
      return try unions(evaluate(a), evaluate(b)) { units.isWithinOne(units.document.sentence, $0 | $1) }
    case .paragraph(let a, let b):
      let units = self
      return try unions(evaluate(a), evaluate(b)) { units.isWithinOne(units.document.paragraph, $0 | $1) }
    case .phrase(let items): return phrase(items)
    case .loosePhrase(let extra, let items):
      return try combine(items.map(word)) { Self.length($0.reduce(0, |)) <= items.count + extra }
    case .window(let limit, let operands):
      var sets: [Set<Bits>] = []
      for operand in operands { sets.append(try evaluate(operand)) }
      return try combine(sets) { choice in
        Self.length(choice.reduce(0, |)) - 1 <= limit + choice.reduce(0) { $0 + Self.length($1) - 1 }
      }
    case .and, .or, .andNot: preconditionFailure("Boolean operators stand above positional ones")
    }
  }

  /// Whether the document matches.
  public mutating func matches(_ query: OracleQuery) throws(TooMuch) -> Bool {
    switch query {
    case .and(let operands):
      for operand in operands where !(try matches(operand)) { return false }
      return true
    case .or(let operands):
      for operand in operands where try matches(operand) { return true }
      return false
    case .andNot(let wanted, let unwanted):
      guard try matches(wanted) else { return false }
      return try !matches(unwanted)
    default: return try !evaluate(query).isEmpty
    }
  }

  /// Of a document that matches: (lo, hi) of every hit, ascending.
  public mutating func hits(_ query: OracleQuery) throws(TooMuch) -> [[Int]] {
    switch query {
    case .and(let operands), .or(let operands):
      var all: Set<[Int]> = []
      for operand in operands where try matches(operand) { all.formUnion(try hits(operand)) }
      return all.sorted { $0.lexicographicallyPrecedes($1) }
    case .andNot(let wanted, _): return try hits(wanted)
    default: return Self.minimalHulls(try evaluate(query))
    }
  }

  public static func minimalHulls(_ matches: Set<Bits>) -> [[Int]] {
    let hulls = Set(matches.map { [lo($0), hi($0)] })
    return hulls.filter { hull in
      !hulls.contains { $0 != hull && hull[0] <= $0[0] && $0[1] <= hull[1] }
    }.sorted { $0.lexicographicallyPrecedes($1) }
  }
}
