/// What an explanation says of an operator without a match, by brute force over all pairs of matches.
extension Oracle {
  /// The distance of the pair that came closest to what was asked; nil where no pair can be measured.
  public mutating func closest(_ query: OracleQuery) throws(TooMuch) -> Int? {
    switch query {
    case .near(let min, let max, let a, let b):
      return Self.nearest(try pairs(a, b).map { Self.distance($0, $1) }, min, max)
    case .precedes(let min, let max, let a, let b):
      let all = try pairs(a, b)
      let forward = all.filter { Self.hi($0) < Self.lo($1) }.map { Self.lo($1) - Self.hi($0) }
      let backward = all.filter { Self.hi($1) < Self.lo($0) }.map { Self.lo($0) - Self.hi($1) }
      return Self.nearest(forward, min, max) ?? backward.min()
    case .notNear(_, let a, let b):
      let others = try evaluate(b)
      // Of each place its nearest one to be avoided; of these the farthest.
      return try evaluate(a).compactMap { x in
        others.filter { x & $0 == 0 }.map { Self.distance(x, $0) }.min()
      }.max()
    case .sentence(let a, let b): return try pairs(a, b).map { span($0 | $1, document.sentence) }.min()
    case .paragraph(let a, let b): return try pairs(a, b).map { span($0 | $1, document.paragraph) }.min()
    case .window(_, let operands):
      return try (0..<64).firstValue { n throws(TooMuch) in
        try !evaluate(.window(limit: n, operands)).isEmpty
      }
    case .loosePhrase(_, let items):
      return try (0..<64).firstValue { n throws(TooMuch) in
        try !evaluate(.loosePhrase(extra: n, items)).isEmpty
      }
    case .phrase(let items):
      return try (0..<64).firstValue { n throws(TooMuch) in
        try !evaluate(.loosePhrase(extra: n, items.compactMap { $0 })).isEmpty
      }
    case .word, .alternatives, .and, .or, .andNot: return nil
    }
  }

  private mutating func pairs(_ a: OracleQuery, _ b: OracleQuery) throws(TooMuch) -> [(Bits, Bits)] {
    let first = try evaluate(a)
    let second = try evaluate(b)
    return first.flatMap { x in second.filter { x & $0 == 0 }.map { (x, $0) } }
  }

  private func span(_ union: Bits, _ units: [Int]) -> Int { units[Self.hi(union)] - units[Self.lo(union)] }

  /// The distance that misses the range by least; of two the greater.
  private static func nearest(_ distances: [Int], _ min: Int, _ max: Int) -> Int? {
    let farther = distances.filter { $0 > max }.min()
    let nearer = distances.filter { $0 < min }.max()
    guard let farther, let nearer else { return farther ?? nearer }
    return farther - max <= min - nearer ? farther : nearer
  }
}

extension Range<Int> {
  fileprivate func firstValue(
    where holds: (Int) throws(Oracle.TooMuch) -> Bool
  ) throws(Oracle.TooMuch) -> Int? {
    for value in self where try holds(value) { return value }
    return nil
  }
}
