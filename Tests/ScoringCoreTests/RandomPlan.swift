import Base

@testable import ScoringCore

/// A query over the words of a `RandomSegment`: compiled to a plan for the engine, and answered here from the documents.
indirect enum RandomPlan {
  case all
  /// A set of documents, by chance: of the runs of `run` documents one in `parts`.
  case chosen(seed: UInt64, parts: UInt64, run: Int)
  /// One word; all words of a class; one word in the first value's field.
  case word(Int, weight: Float)
  case family(Int, weight: Float)
  case titled(Int, weight: Float)
  /// Words of one class followed, within n positions, by words of another that has none of them; for an even n they may
  /// stand in any order.
  case families(Int, Int, Int, weight: Float)
  case phrase([Int], weight: Float)
  /// Distinct words, any order, within n positions.
  case near(Int, [Int], weight: Float)
  case precedes(Int, Int, Int, weight: Float)
  case and([RandomPlan])
  case or([RandomPlan])
  case andNot(RandomPlan, RandomPlan)
  /// The second only ranks.
  case andMaybe(RandomPlan, RandomPlan)

  // MARK: - Random queries

  /// Now and then none: the document matches and its score says nothing of it.
  private static func weight(_ random: inout SplitMix64) -> Float {
    Int.random(in: 0..<12, using: &random) == 0 ? 0 : Float.random(in: 0.1...8, using: &random)
  }

  static func random(_ segment: RandomSegment, _ random: inout SplitMix64, depth: Int = 2) -> RandomPlan {
    func word(_ random: inout SplitMix64) -> Int { Int.random(in: 0..<segment.wordCount, using: &random) }
    let weight = Self.weight(&random)
    switch Int.random(in: 0..<(depth > 0 ? 18 : 9), using: &random) {
    case 0: return .titled(word(&random), weight: weight)
    case 1: return .family(Int.random(in: 0..<segment.classCount, using: &random), weight: weight)
    case 2: return .phrase((0..<Int.random(in: 1...4, using: &random)).map { _ in word(&random) }, weight: weight)
    case 3:
      let words = Array(0..<segment.wordCount).shuffled(using: &random).prefix(Int.random(in: 2...4, using: &random))
      return .near(Int.random(in: words.count - 1...12, using: &random), Array(words), weight: weight)
    case 4 where segment.wordCount > 1:
      let words = Array(0..<segment.wordCount).shuffled(using: &random)
      return .precedes(Int.random(in: 1...12, using: &random), words[0], words[1], weight: weight)
    case 5 where segment.classCount > 1:
      let numbers = Array(0..<segment.classCount).shuffled(using: &random)
      return .families(Int.random(in: 1...6, using: &random), numbers[0], numbers[1], weight: weight)
    case 8: return chosen(&random)
    case 9, 10: return .or(operands(segment, &random, depth))
    case 11, 12: return .and(operands(segment, &random, depth))
    case 13:
      // What has loops of its own, filtered.
      let flat = operands(segment, &random, 0)
      return .and((Bool.random(using: &random) ? [.or(flat)] : flat) + [chosen(&random)])
    case 14:
      return .andNot(self.random(segment, &random, depth: depth - 1), chosen(&random))
    case 15:
      return .andNot(
        self.random(segment, &random, depth: depth - 1), self.random(segment, &random, depth: depth - 1))
    case 16:
      // The shape that has a loop of its own: words that must be there and words that may.
      let words = (0..<4).map { _ in
        Int.random(in: 0..<3, using: &random) > 0
          ? RandomPlan.word(word(&random), weight: Self.weight(&random))
          : .family(Int.random(in: 0..<segment.classCount, using: &random), weight: weight)
      }
      let required = Int.random(in: 1...3, using: &random)
      return .andMaybe(
        required == 1 ? words[0] : .and(Array(words[..<required])),
        required == 3 ? words[3] : .or(Array(words[required...])))
    case 17:
      return .andMaybe(
        self.random(segment, &random, depth: depth - 1), self.random(segment, &random, depth: depth - 1))
    case 7 where Int.random(in: 0..<10, using: &random) == 0: return .all
    default: return .word(word(&random), weight: weight)
    }
  }

  private static func chosen(_ random: inout SplitMix64) -> RandomPlan {
    .chosen(
      seed: random.next(), parts: [1, 2, 3, 20, 500].randomElement(using: &random)!,
      run: [1, 1, 64, 300].randomElement(using: &random)!)
  }

  private static func operands(_ segment: RandomSegment, _ random: inout SplitMix64, _ depth: Int) -> [RandomPlan] {
    (0..<Int.random(in: 1...5, using: &random)).map { _ in
      // Mostly flat: the shapes that have loops of their own.
      self.random(segment, &random, depth: Int.random(in: 0..<4, using: &random) == 0 ? depth - 1 : 0)
    }
  }

  // MARK: - For the engine

  func plan(_ segment: RandomSegment) -> MatchPlan {
    switch self {
    case .all: .all
    case .chosen: .documents(set(segment))
    case .word(let word, let weight): .words(Self.leaf(segment, [word], weight))
    case .family(let number, let weight): .words(Self.family(segment, number, weight))
    case .titled(let word, let weight):
      .words(Self.leaf(segment, [word], weight, field: FieldID(rawValue: 0)))
    case .phrase(let words, let weight):
      Self.unit(segment, words, weight) { .phrase(words.map { $0 }) }
    case .near(let n, let words, let weight) where words.count == 2:
      Self.unit(segment, words, weight) { .near(min: 0, max: n, .leaf(words[0]), .leaf(words[1])) }
    case .near(let n, let words, let weight) where n % 2 == 0:
      Self.unit(segment, words, weight) { .window(N: n, words.map { .leaf($0) }) }
    case .near(let n, let words, let weight):
      // The same matches by another name.
      Self.unit(segment, words, weight) { .loosePhrase(extra: n - words.count + 1, words) }
    case .precedes(let n, let first, let second, let weight):
      Self.unit(segment, [first, second], weight) { .precedes(min: 1, max: n, .leaf(first), .leaf(second)) }
    case .families(let n, let first, let second, let weight):
      .positional(Self.classUnit(segment, n, first, second, weight))
    case .and(let plans): .and(plans.map { $0.plan(segment) })
    case .or(let plans): .or(plans.map { $0.plan(segment) })
    case .andNot(let positive, let negative): .andNot(positive.plan(segment), negative.plan(segment))
    case .andMaybe(let required, let optional): .andMaybe(required.plan(segment), optional.plan(segment))
    }
  }

  private func set(_ segment: RandomSegment) -> DocumentSet {
    var bits = [UInt64](repeating: 0, count: segment.documents.count / 64 + 1)
    for document in segment.documents.indices where matches(segment, document) {
      bits[document / 64] |= 1 << UInt64(document % 64)
    }
    return DocumentSet(documentCount: UInt32(segment.documents.count), bits: bits)
  }

  private static func leaf(_ segment: RandomSegment, _ words: [Int], _ weight: Float, field: FieldID? = nil) -> WordLeaf {
    WordLeaf(lists: words.compactMap { segment.lists[$0] }, weight: weight, fieldFilter: field)
  }

  private static func family(_ segment: RandomSegment, _ number: Int, _ weight: Float) -> WordLeaf {
    var leaf = leaf(segment, members(segment, number), weight)
    // Some classes have a merged list and some have none.
    if number % 2 == 0 { leaf.classList = segment.classLists[number] }
    leaf.merged = segment.mergedLists[number]
    return leaf
  }

  private static func classUnit(
    _ segment: RandomSegment, _ n: Int, _ first: Int, _ second: Int, _ weight: Float
  ) -> PositionalUnit {
    // Neighbours in order are a phrase too.
    let expression: PositionalExpression =
      n == 1
      ? .phrase([0, 1])
      : n % 2 == 0 ? .near(min: 0, max: n, .leaf(0), .leaf(1)) : .precedes(min: 1, max: n, .leaf(0), .leaf(1))
    var unit = PositionalUnit(
      expression: expression, leaves: [family(segment, first, 0), family(segment, second, 0)],
      overlaps: .none(leafCount: 2), weight: weight)
    let common = [first, second].map { members(segment, $0).filter { $0 < segment.pairWordCount } }
    guard common.allSatisfy({ !$0.isEmpty }) else { return unit }
    if n == 1 {
      guard common.allSatisfy({ $0.count == 1 }) else { return unit }
      addPair(segment, [first, second], common.map { $0[0] }, to: &unit)
      return unit
    }
    // A word that is nowhere needs no tier.
    let choices = common[0].filter { segment.lists[$0] != nil }.flatMap { a in
      common[1].filter { segment.lists[$0] != nil }.map { b in segment.pairs[PairKey.near(a, b)] }
    }
    guard choices.count <= UnitPairs.tiersMax, choices.allSatisfy({ $0 != nil }) else { return unit }
    unit.pairs.tiers = choices.compactMap { $0.map { try! NearTier(payload: $0) } }
    unit.pairs.otherForms = [first, second].flatMap { members(segment, $0) }
      .filter { $0 >= segment.pairWordCount }.compactMap { segment.lists[$0] }
    return unit
  }

  /// What the segment's phrase layer knows of the commonest forms of two neighbours.
  private static func addPair(
    _ segment: RandomSegment, _ numbers: [Int], _ common: [Int], to unit: inout PositionalUnit
  ) {
    guard common.allSatisfy({ segment.lists[$0] != nil }) else { return }
    let payload = segment.pairs[PairKey.adjacent(common[0], common[1])]
    unit.pairs.adjacent = [
      UnitPairs.Adjacent(first: 0, second: 1, list: payload.map { try! PostingListReference($0) })
    ]
    for leaf in 0..<2 where unit.leaves[leaf].lists.count > 1 {
      let forms = members(segment, numbers[leaf]).filter { segment.lists[$0] != nil }
      unit.pairs.commonForms.append((leaf, forms.firstIndex(of: common[leaf])!))
      unit.pairs.otherForms += forms.filter { $0 != common[leaf] }.compactMap { segment.lists[$0] }
    }
  }

  private static func members(_ segment: RandomSegment, _ number: Int) -> [Int] {
    Array(stride(from: number, to: segment.wordCount, by: segment.classCount))
  }

  /// A unit whose leaves are the words in order of first use; the expression is written in words and renumbered.
  private static func unit(
    _ segment: RandomSegment, _ words: [Int], _ weight: Float, _ expression: () -> PositionalExpression
  ) -> MatchPlan {
    var distinct: [Int] = []
    for word in words where !distinct.contains(word) { distinct.append(word) }
    var unit = PositionalUnit(
      expression: renumber(expression(), distinct), leaves: distinct.map { leaf(segment, [$0], 0) },
      overlaps: .none(leafCount: distinct.count), weight: weight)
    unit.pairs = pairs(segment, unit.expression, distinct)
    return .positional(unit)
  }

  /// What the segment's phrase layer knows of the words.
  private static func pairs(
    _ segment: RandomSegment, _ expression: PositionalExpression, _ words: [Int]
  ) -> UnitPairs {
    var pairs = UnitPairs()
    if case .phrase(let places) = expression {
      for (first, second) in zip(places, places.dropFirst()) {
        guard let first, let second, max(words[first], words[second]) < segment.pairWordCount else { continue }
        let payload = segment.pairs[PairKey.adjacent(words[first], words[second])]
        let list = payload.map { try! PostingListReference($0) }
        pairs.adjacent.append(UnitPairs.Adjacent(first: first, second: second, list: list))
      }
    } else if (2...3).contains(words.count), words.allSatisfy({ $0 < segment.pairWordCount }) {
      let key = words.count == 2 ? PairKey.near(words[0], words[1]) : PairKey.near(words[0], words[1], words[2])
      pairs.tiers = segment.pairs[key].map { [try! NearTier(payload: $0)] } ?? []
      if case .precedes(_, _, .leaf(let first), .leaf(let second)) = expression {
        let list = segment.pairs[PairKey.adjacent(words[first], words[second])].map { try! PostingListReference($0) }
        pairs.adjacent.append(UnitPairs.Adjacent(first: first, second: second, list: list))
      }
    }
    return pairs
  }

  private static func renumber(_ expression: PositionalExpression, _ words: [Int]) -> PositionalExpression {
    func number(_ word: Int) -> Int { words.firstIndex(of: word)! }
    switch expression {
    case .leaf(let word): return .leaf(number(word))
    case .phrase(let places): return .phrase(places.map { $0.map(number) })
    case .near(let least, let most, let a, let b):
      return .near(min: least, max: most, renumber(a, words), renumber(b, words))
    case .precedes(let least, let most, let a, let b):
      return .precedes(min: least, max: most, renumber(a, words), renumber(b, words))
    case .window(let n, let operands): return .window(N: n, operands.map { renumber($0, words) })
    case .loosePhrase(let extra, let places): return .loosePhrase(extra: extra, places.map(number))
    default: preconditionFailure("not made here")
    }
  }

  // MARK: - From the documents

  /// The hulls of a unit, minimal, ascending; of a word its positions. Nil for Boolean operators.
  func hulls(_ segment: RandomSegment, _ document: Int) -> [(lo: Int, hi: Int)]? {
    let words = segment.positions(document)
    switch self {
    case .word(let word, _): return words.indices.filter { words[$0] == word }.map { ($0, $0) }
    case .family(let number, _):
      let members = Self.members(segment, number)
      return words.indices.filter { i in words[i].map { members.contains($0) } ?? false }.map { ($0, $0) }
    case .titled(let word, _):
      return segment.documents[document][0].indices.filter { words[$0] == word }.map { ($0, $0) }
    case .phrase(let phrase, _):
      return words.indices.filter { start in
        start + phrase.count <= words.count && phrase.indices.allSatisfy { words[start + $0] == phrase[$0] }
      }.map { ($0, $0 + phrase.count - 1) }
    case .near(let n, let wanted, _):
      return Self.minimal(words, n) { part in wanted.allSatisfy { part.contains($0) } }
    case .precedes(let n, let first, let second, _):
      return Self.minimal(words, n) { part in
        guard let a = part.firstIndex(of: first), let b = part.lastIndex(of: second) else { return false }
        return a < b
      }
    case .families(let n, let first, let second, _):
      let (before, after) = (Self.members(segment, first), Self.members(segment, second))
      return Self.minimal(words, n) { part in
        guard let a = part.firstIndex(where: { before.contains($0!) }),
          let b = part.lastIndex(where: { after.contains($0!) })
        else { return false }
        return a < b || n % 2 == 0
      }
    case .all, .chosen, .and, .or, .andNot, .andMaybe: return nil
    }
  }

  /// Minimal ranges, at most n positions wide and inside one value, that satisfy a monotone condition.
  private static func minimal(
    _ words: [Int?], _ n: Int, _ holds: (ArraySlice<Int?>) -> Bool
  ) -> [(lo: Int, hi: Int)] {
    var hulls: [(lo: Int, hi: Int)] = []
    for lo in words.indices {
      for hi in lo..<min(words.count, lo + n + 1) {
        let part = words[lo...hi]
        if part.contains(nil) { break }
        if holds(part) {
          hulls.append((lo, hi))
          break
        }
      }
    }
    return hulls.filter { hull in
      !hulls.contains { $0 != hull && $0.lo >= hull.lo && $0.hi <= hull.hi }
    }
  }

  func matches(_ segment: RandomSegment, _ document: Int) -> Bool {
    switch self {
    case .all: true
    case .chosen(let seed, let parts, let run):
      ((seed &+ UInt64(document / run)) &* 0x9E37_79B9_7F4A_7C15 >> 32) % parts == 0
    case .and(let plans): plans.allSatisfy { $0.matches(segment, document) }
    case .or(let plans): plans.contains { $0.matches(segment, document) }
    case .andNot(let positive, let negative):
      positive.matches(segment, document) && !negative.matches(segment, document)
    case .andMaybe(let required, _): required.matches(segment, document)
    default: !hulls(segment, document)!.isEmpty
    }
  }

  /// Adds the scores of what matches, in query order.
  func addScore(_ segment: RandomSegment, _ document: Int, _ ranking: BM25, _ score: inout Float) {
    switch self {
    case .all, .chosen: return
    case .and(let plans), .or(let plans):
      for plan in plans where plan.matches(segment, document) { plan.addScore(segment, document, ranking, &score) }
    case .andNot(let positive, _): positive.addScore(segment, document, ranking, &score)
    case .andMaybe(let required, let optional):
      for plan in [required, optional] where plan.matches(segment, document) {
        plan.addScore(segment, document, ranking, &score)
      }
    case .word(_, let weight), .family(_, let weight), .titled(_, let weight), .phrase(_, let weight),
      .near(_, _, let weight), .precedes(_, _, _, let weight), .families(_, _, _, let weight):
      let hulls = hulls(segment, document)!
      let least = leastLength
      var frequency: Float = 0
      for hull in hulls { frequency += 1 / Float(1 + hull.hi - hull.lo + 1 - least) }
      let norm = Norm.encode(length: UInt32(segment.documents[document].reduce(0) { $0 + $1.count }))
      score += ranking.score(weight: weight, frequency: frequency, norm: norm)
    }
  }

  private var leastLength: Int {
    switch self {
    case .phrase(let words, _), .near(_, let words, _): words.count
    case .precedes, .families: 2
    default: 1
    }
  }

  func addHits(_ segment: RandomSegment, _ document: Int, _ hits: inout [ClosedRange<Int>]) {
    switch self {
    case .all, .chosen: return
    case .and(let plans), .or(let plans):
      for plan in plans where plan.matches(segment, document) { plan.addHits(segment, document, &hits) }
    case .andNot(let positive, _): positive.addHits(segment, document, &hits)
    case .andMaybe(let required, let optional):
      for plan in [required, optional] where plan.matches(segment, document) { plan.addHits(segment, document, &hits) }
    default: hits.append(contentsOf: hulls(segment, document)!.map { $0.lo...$0.hi })
    }
  }
}
