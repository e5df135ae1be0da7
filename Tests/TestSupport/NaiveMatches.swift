/// The matches of a positional query in one field value, straight from the definition: a match is a set of positions.
///
/// Nothing is minimised on the way and every combination is tried, so the cost is the product of the operands'
/// matches: for short documents only.
struct NaiveMatches {
  let positions: [[String]]
  let familyName: (String) -> String

  /// Each match as its positions in ascending order.
  func matches(of query: NaiveQuery) -> Set<[Int]> {
    switch query {
    case .exact(let word):
      return places { $0.contains(word) }
    case .stem(let word):
      let family = familyName(word)
      return places { $0.contains { familyName(base(of: $0)) == family } }
    case .phrase(let words):
      return phrase(words)
    case .loosePhrase(let words, let extra):
      return disjointUnions(words.map { .exact($0) }) { $0.last! - $0[0] + 1 <= words.count + extra }
    case .near(let range, let a, let b):
      return pairs(a, b) { range.contains(distance($0, $1)) }
    case .precedes(let range, let a, let b):
      return pairs(a, b) { $0.last! < $1[0] && range.contains(distance($0, $1)) }
    case .window(let size, let operands):
      return window(size, operands)
    case .field(_, let inner):
      return matches(of: inner)
    case .and, .or, .andNot:
      preconditionFailure("Boolean operators have no matches of their own")
    }
  }

  /// Inclusion-minimal hulls, ascending.
  static func minimalHulls(of matches: Set<[Int]>) -> [ClosedRange<Int>] {
    let hulls = Set(matches.map { $0[0]...$0.last! })
    return hulls
      .filter { hull in
        !hulls.contains { $0 != hull && $0.lowerBound >= hull.lowerBound && $0.upperBound <= hull.upperBound }
      }
      .sorted { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }
  }

  /// A possessive belongs to the family of its base.
  private func base(of form: String) -> String { form.hasSuffix("'s") ? String(form.dropLast(2)) : form }

  private func places(where accepts: ([String]) -> Bool) -> Set<[Int]> {
    Set(positions.indices.filter { accepts(positions[$0]) }.map { [$0] })
  }

  private func phrase(_ words: [String?]) -> Set<[Int]> {
    var result: Set<[Int]> = []
    for start in positions.indices where start + words.count <= positions.count {
      let fits = words.indices.allSatisfy { index in
        words[index].map { positions[start + index].contains($0) } ?? true
      }
      // A place for an arbitrary word is no position of the match: another operand may stand there.
      if fits { result.insert(words.indices.filter { words[$0] != nil }.map { start + $0 }) }
    }
    return result
  }

  /// 0 where the hulls overlap, else the position difference of the facing ends.
  private func distance(_ x: [Int], _ y: [Int]) -> Int {
    if x.last! < y[0] { return y[0] - x.last! }
    if y.last! < x[0] { return x[0] - y.last! }
    return 0
  }

  private func pairs(_ a: NaiveQuery, _ b: NaiveQuery, where admits: ([Int], [Int]) -> Bool) -> Set<[Int]> {
    let right = matches(of: b)
    var result: Set<[Int]> = []
    for x in matches(of: a) {
      for y in right where Set(x).isDisjoint(with: y) && admits(x, y) { result.insert((x + y).sorted()) }
    }
    return result
  }

  private func window(_ size: Int, _ operands: [NaiveQuery]) -> Set<[Int]> {
    var partial: [(positions: [Int], lengths: Int)] = [([], 0)]
    for operand in operands {
      let found = matches(of: operand)
      partial = partial.flatMap { chosen in
        found.filter { Set(chosen.positions).isDisjoint(with: $0) }
          .map { (chosen.positions + $0, chosen.lengths + $0.last! - $0[0]) }
      }
    }
    return Set(partial.map { ($0.positions.sorted(), $0.lengths) }
      .filter { $0.0.last! - $0.0[0] <= size + $0.1 }.map(\.0))
  }

  private func disjointUnions(_ operands: [NaiveQuery], where admits: ([Int]) -> Bool) -> Set<[Int]> {
    var partial: Set<[Int]> = [[]]
    for operand in operands {
      let found = matches(of: operand)
      partial = Set(partial.flatMap { chosen in
        found.filter { Set(chosen).isDisjoint(with: $0) }.map { (chosen + $0).sorted() }
      })
    }
    return partial.filter(admits)
  }
}
