internal import Base

/// The loop of its own that a unit has, if any: over raw positions of single lists, without the general matcher.
///
/// Both add up a frequency hit by hit in ascending order, so they agree bit for bit.
struct FastPath: BitwiseCopyable {
  enum Kind: UInt8, BitwiseCopyable {
    case none
    /// Words at consecutive places.
    case phrase
    /// Two distinct words within `max` positions of each other, in any order or the first before the second.
    case pair, orderedPair
    /// Three distinct words or more, all within `max` positions.
    case window
  }

  var kind = Kind.none
  var max: UInt32 = 0
  /// Its words in `PlanCompiler.words`.
  var firstWord = 0
  var wordCount = 0

  /// Words of a unit that has a loop of its own.
  static let wordsMax = 64

  /// A word of the unit: its leaf, and its place in a phrase or among the words.
  struct Word: BitwiseCopyable {
    var leaf: Int
    var place: UInt32
  }

  /// The loop for an expression, and the leaves and places of its words.
  static func choose(_ unit: PositionalUnit) -> (path: FastPath, words: [Word]) {
    switch unit.expression {
    case .phrase(let places) where places.count <= wordsMax && !places.contains(nil):
      let words = places.enumerated().map { Word(leaf: $0.element ?? 0, place: UInt32($0.offset)) }
      return (FastPath(kind: .phrase, wordCount: words.count), words)
    case .near(let least, let most, .leaf(let first), .leaf(let second)) where least <= 1:
      return distinctWords([first, second], within: most, unit.overlaps)
    case .precedes(let least, let most, .leaf(let first), .leaf(let second)) where least <= 1:
      var (path, words) = distinctWords([first, second], within: most, unit.overlaps)
      if path.kind == .pair { path.kind = .orderedPair }
      return (path, words)
    case .window(let most, let operands):
      var leaves: [Int] = []
      for case .leaf(let leaf) in operands { leaves.append(leaf) }
      guard leaves.count == operands.count else { return (FastPath(), []) }
      return distinctWords(leaves, within: most, unit.overlaps)
    case .loosePhrase(let extra, let leaves):
      return distinctWords(leaves, within: leaves.count + extra - 1, unit.overlaps)
    default: return (FastPath(), [])
    }
  }

  /// Words in any order, first and last at most `most` positions apart, where no two can share a position.
  private static func distinctWords(
    _ leaves: [Int], within most: Int, _ overlaps: LeafOverlap
  ) -> (path: FastPath, words: [Word]) {
    guard (2...wordsMax).contains(leaves.count), most >= 1 else { return (FastPath(), []) }
    for i in leaves.indices {
      for k in 0..<i where overlaps.contains(leaves[i], leaves[k]) { return (FastPath(), []) }
    }
    let path = FastPath(
      kind: leaves.count == 2 ? .pair : .window, max: UInt32(clamping: most), wordCount: leaves.count)
    return (path, leaves.enumerated().map { Word(leaf: $0.element, place: UInt32($0.offset)) })
  }
}
