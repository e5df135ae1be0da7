internal import Base
internal import ScoringCore

/// A query with its words resolved over a whole snapshot; each segment's plan is read off it.
indirect enum PlannedNode: Sendable {
  /// Every document.
  case all
  /// The documents that pass a filter.
  case filter(PlannedFilter)
  /// A scored unit of words.
  case word(PlannedWord, field: PlannedField, boost: Float)
  /// A scored unit of positions.
  case unit(PlannedUnit)
  case and([PlannedNode])
  case or([PlannedNode])
  case andNot(PlannedNode, PlannedNode)

  /// What the scoring core runs for the segment with this place in the snapshot.
  func plan(segment: Int) -> MatchPlan {
    switch self {
    case .all: .all
    case .filter(let filter): .documents(filter.sets[segment])
    case .word(let word, let field, let boost):
      .words(word.leaf(segment: segment, weight: word.idf * boost, scored: true, field: field))
    case .unit(let unit): .positional(unit.plan(segment: segment))
    case .and(let operands): .and(operands.map { $0.plan(segment: segment) })
    case .or(let operands): .or(operands.map { $0.plan(segment: segment) })
    case .andNot(let positive, let negative): .andNot(positive.plan(segment: segment), negative.plan(segment: segment))
    }
  }

  /// The positional units and words in query order, as the scoring core counts them, with their places in the query.
  var unitRanges: [Range<Int>?] {
    switch self {
    case .all, .filter: []
    case .word: [nil]
    case .unit(let unit): [unit.range]
    case .and(let operands), .or(let operands): operands.flatMap(\.unitRanges)
    case .andNot(let positive, let negative): positive.unitRanges + negative.unitRanges
    }
  }
}
