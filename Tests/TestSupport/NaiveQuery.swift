/// A query as the definition has it, and its spelling in the query language.
///
/// What may stand where follows the language: `and`, `or`, `not` above the positional forms, never inside them.
public indirect enum NaiveQuery: Sendable {
  /// A quoted word: the exact form.
  case exact(String)
  /// An unquoted word: every form of its family.
  case stem(String)
  /// Consecutive positions; nil stands for exactly one arbitrary word.
  case phrase([String?])
  /// One occurrence of each word at distinct positions, any order, at most `extra` other words.
  case loosePhrase([String], extra: Int)
  case near(ClosedRange<Int>, NaiveQuery, NaiveQuery)
  case precedes(ClosedRange<Int>, NaiveQuery, NaiveQuery)
  /// NEAR/N(a, b, c).
  case window(Int, [NaiveQuery])
  /// `field:x` of a positional x.
  case field(String, NaiveQuery)
  case and([NaiveQuery])
  case or([NaiveQuery])
  /// The first, and not the second.
  case andNot(NaiveQuery, NaiveQuery)

  /// The query as a user would type it.
  public var text: String {
    switch self {
    case .exact(let word): "\"\(word)\""
    case .stem(let word): word
    case .phrase(let words): "\"" + words.map { $0 ?? "*" }.joined(separator: " ") + "\""
    case .loosePhrase(let words, let extra): "\"" + words.joined(separator: " ") + "\"~\(extra)"
    case .near(let range, let a, let b): "\(a.operand) NEAR/\(Self.spelled(range)) \(b.operand)"
    case .precedes(let range, let a, let b): "\(a.operand) PRE/\(Self.spelled(range)) \(b.operand)"
    case .window(let size, let operands):
      "NEAR/\(size)(" + operands.map(\.operand).joined(separator: ", ") + ")"
    case .field(let name, let inner): "\(name):\(inner.operand)"
    case .and(let operands): operands.map(\.operand).joined(separator: " AND ")
    case .or(let operands): operands.map(\.operand).joined(separator: " OR ")
    case .andNot(let positive, let negative): "\(positive.operand) AND NOT \(negative.operand)"
    }
  }

  /// The query as an operand of another: bracketed unless it is one unit.
  private var operand: String {
    switch self {
    case .exact, .stem, .phrase, .loosePhrase, .window, .field: text
    default: "(\(text))"
    }
  }

  private static func spelled(_ range: ClosedRange<Int>) -> String {
    range.lowerBound == 0 ? "\(range.upperBound)" : "\(range.lowerBound)..\(range.upperBound)"
  }

  /// The words of a positional query, each occurrence, as queries of their own.
  var words: [NaiveQuery] {
    switch self {
    case .exact, .stem: [self]
    case .phrase(let words): words.compactMap { $0 }.map { .exact($0) }
    case .loosePhrase(let words, _): words.map { .exact($0) }
    case .near(_, let a, let b), .precedes(_, let a, let b), .andNot(let a, let b): a.words + b.words
    case .window(_, let operands), .and(let operands), .or(let operands): operands.flatMap(\.words)
    case .field(_, let inner): inner.words
    }
  }

  /// The length of the shortest hull that a match of a positional query can have; where an operand has a gap inside
  /// (`"a * b"`, `PRE/3..5`), which another may or may not fit into, a lower bound.
  var leastLength: Int { leastShape.length }

  /// The words of a match at least, and its hull at least.
  private var leastShape: (words: Int, length: Int) {
    switch self {
    case .exact, .stem, .and, .or, .andNot: (1, 1)
    case .phrase(let words): (words.count { $0 != nil }, words.count)
    case .loosePhrase(let words, _): (words.count, words.count)
    case .near(let range, let a, let b):
      Self.joined(a.leastShape, b.leastShape, distance: range.lowerBound, mayOverlap: range.lowerBound <= 1)
    case .precedes(let range, let a, let b):
      Self.joined(a.leastShape, b.leastShape, distance: range.lowerBound, mayOverlap: false)
    case .window(_, let operands):
      operands.map(\.leastShape).reduce((0, 0)) { Self.joined($0, $1, distance: 1, mayOverlap: true) }
    case .field(_, let inner): inner.leastShape
    }
  }

  /// Side by side, or one in the gaps of the other, which has room for the words of both.
  private static func joined(
    _ a: (words: Int, length: Int), _ b: (words: Int, length: Int), distance: Int, mayOverlap: Bool
  ) -> (words: Int, length: Int) {
    let words = a.words + b.words
    let apart = a.length + b.length + max(distance, 1) - 1
    return (words, mayOverlap ? min(apart, max(words, a.length, b.length)) : apart)
  }
}
