/// A parsed query as the suite hands it to the engine's core: words that are analysed already, and operators over them.
indirect enum CoreQuery {
  /// A scored unit: one word, a phrase or a proximity.
  case unit(Unit)
  case and([CoreQuery])
  case or([CoreQuery])
  case andNot(CoreQuery, CoreQuery)
  /// The second only ranks.
  case andMaybe(CoreQuery, CoreQuery)

  struct Unit {
    enum Shape {
      case word
      case phrase
      /// Greatest minus least position at most N.
      case window(Int)
      case ordered(Int)
      case loose(Int)
    }

    let shape: Shape
    /// Forms, or with `usesStems` stems, in query order.
    let words: [[UInt8]]
    var usesStems = false
  }

  /// Words, each as often as it stands there.
  var wordCount: Int {
    switch self {
    case .unit(let unit): unit.words.count
    case .and(let operands), .or(let operands): operands.reduce(0) { $0 + $1.wordCount }
    case .andNot(let first, let second), .andMaybe(let first, let second): first.wordCount + second.wordCount
    }
  }

  /// Calls `visit` with each unit, in the order of the query.
  func forEachUnit(_ visit: (Unit) -> Void) {
    switch self {
    case .unit(let unit): visit(unit)
    case .and(let operands), .or(let operands): for operand in operands { operand.forEachUnit(visit) }
    case .andNot(let first, let second), .andMaybe(let first, let second):
      first.forEachUnit(visit)
      second.forEachUnit(visit)
    }
  }
}
