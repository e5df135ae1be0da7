internal import Base

/// Upper bounds of scores, added up in query order: as rounding is monotone, no score exceeds its bound by one bit.
extension Executor {
  /// A bound of the score of every document from `target` to `end`.
  mutating func planBound(from target: DocID) -> (bound: Float, end: DocID) {
    var bound: Float = 0
    var end = DocID.terminated
    for number in 0..<units.count where units[number].scored {
      let (ratio, unitEnd) = unitBound(number, from: target)
      bound += BM25.score(scale: units[number].scale, ratio: ratio)
      end = min(end, unitEnd)
    }
    return (bound, end)
  }

  /// A bound of a unit's f / K over the documents from `target` to `end`.
  @inline(__always)
  mutating func unitBound(_ number: Int, from target: DocID) -> (ratio: Float, end: DocID) {
    let unit = units[number]
    if unit.verifier < 0 { return leaves[unit.firstLeaf].bound(from: target, lists, inverse, view) }
    var least = Float.infinity
    var end = DocID.terminated
    for i in unit.firstTerm..<unit.firstTerm + unit.termCount {
      let term = terms[i]
      var sum: Float = 0
      for k in term.first..<term.first + term.count {
        let (ratio, leafEnd) = leaves[termLeaves[k]].bound(from: target, lists, inverse, view)
        sum += ratio
        end = min(end, leafEnd)
      }
      least = min(least, term.multiplier == 1 && term.count == 1 ? sum : sum * term.multiplier * LeafCursor.slack)
    }
    return (least, end)
  }

  /// A bound of the score of `document` from its frequencies, before any position is read. Exact for plain words.
  mutating func documentBound(_ document: DocID) -> Float {
    let factor = inverse[Int(view.norm(document))]
    var bound: Float = 0
    for number in 0..<units.count where units[number].scored {
      let unit = units[number]
      let frequency: Float
      if unit.verifier < 0 {
        frequency = Float(leafFrequency(unit.firstLeaf, document))
      } else if unit.knownDocument == document, unit.isMatch, unit.frequency >= 0 {
        frequency = unit.frequency
      } else {
        frequency = frequencyBound(unit, document)
      }
      if frequency > 0 { bound += BM25.score(scale: unit.scale, ratio: frequency * factor) }
    }
    return bound
  }

  /// A bound of a positional unit's frequency in `document`.
  @inline(__always)
  func frequencyBound(_ unit: PlanUnit, _ document: DocID) -> Float {
    var least = Float.infinity
    for i in unit.firstTerm..<unit.firstTerm + unit.termCount {
      let term = terms[i]
      var sum: UInt64 = 0
      for k in term.first..<term.first + term.count { sum += UInt64(leafFrequency(termLeaves[k], document)) }
      least = min(least, Float(sum) * term.multiplier)
    }
    return least
  }
}
