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
}
