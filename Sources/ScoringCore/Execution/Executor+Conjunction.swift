internal import Base

/// Flat conjunctions: words and positional units that all have to be there. Block-max AND (Ding, Suel 2011): the rarest
/// word leads, a document is looked up elsewhere only if its blocks' bounds and the leader's own frequency leave it a
/// chance, and positions are read only if all frequencies do.
extension Executor {
  /// The leaves that every match has, cheapest first, and the sets; nil where the plan is not a flat conjunction.
  func conjunctionLeaves() -> (leaves: [Int], sets: [Int])? {
    var found: [Int] = []
    var filters: [Int] = []
    func add(_ node: Int) -> Bool {
      let this = nodes[node]
      switch this.kind {
      case .words:
        if !found.contains(this.leaf) { found.append(this.leaf) }
        return true
      case .positional: return add(children[this.firstChild])
      case .and: return (0..<this.childCount).allSatisfy { add(children[this.firstChild + $0]) }
      case .documents:
        filters.append(this.leaf)
        return true
      case .nothing, .all, .or, .andNot, .andMaybe: return false
      }
    }
    guard add(root), !found.isEmpty else { return nil }
    let order = found.enumerated()
      .sorted { (leaves[$0.element].cost, $0.offset) < (leaves[$1.element].cost, $1.offset) }
    return (order.map(\.element), filters)
  }

  mutating func runConjunction(_ required: [Int], filteredBy filters: [Int]) throws(ExecutionError) {
    let order = arena.slots(required.count, repeating: 0)
    for i in required.indices { order[i] = required[i] }
    let filterSlots = arena.slots(filters.count, repeating: 0)
    for i in filters.indices { filterSlots[i] = filters[i] }
    for leaf in 0..<leaves.count { leaves[leaf].start(lists) }
    let lead = order[0]
    let unitBounds = arena.slots(units.count, repeating: Float(0))
    let leadMultipliers = self.leadMultipliers(lead)
    let usesBounds = optimisations.contains(.blockBounds)
    var target = view.range.lowerBound
    var bound = Float.infinity
    var boundEnd: DocID = 0
    var hasBound = false
    while true {
      target = permitted(from: target, filterSlots)
      guard target != .terminated else { return }
      // Bounds before documents: a block that cannot enter is not even unpacked.
      if usesBounds, !hasBound || target > boundEnd {
        hearFloor()
        (bound, boundEnd) = conjunctionBound(from: target, unitBounds)
        hasBound = true
      }
      if prunes, bound <= floor {
        guard boundEnd != .terminated else { return }
        target = boundEnd + 1
        continue
      }
      if leaves[lead].document < target { leaves[lead].advance(to: target, lists) }
      let document = leaves[lead].document
      guard document < view.range.upperBound else { return }
      if usesBounds, document > boundEnd {
        target = document
        continue
      }
      target = permitted(from: document, filterSlots)
      if target != document { continue }
      target = document + 1
      if prunes, leadBound(lead, document, unitBounds, leadMultipliers) <= floor { continue }
      let aligned = align(order, document)
      if aligned == document {
        if !view.isDeleted(document) { try evaluateConjunction(document, mayEnter: bound > floor) }
      } else if aligned == .terminated {
        return
      } else {
        target = aligned
      }
    }
  }

  /// The first document from `target` on that is in all sets; a bit test where it is `target` itself.
  @inline(__always)
  private func permitted(from target: DocID, _ filters: Slots<Int>) -> DocID {
    var document = target
    var agreed = 0
    var i = 0
    while agreed < filters.count {
      let next = sets[filters[i]].first(from: document)
      if next == .terminated { return next }
      agreed = next == document ? agreed &+ 1 : 1
      document = next
      i = i &+ 1 == filters.count ? 0 : i &+ 1
    }
    return document
  }

  /// Moves the other leaves to `document`; answers it if all stand there, else the first document that one of them has.
  @inline(__always)
  private mutating func align(_ order: Slots<Int>, _ document: DocID) -> DocID {
    for i in 1..<max(order.count, 1) {
      let leaf = order[i]
      if leaves[leaf].document < document { leaves[leaf].advance(to: document, lists) }
      if leaves[leaf].document != document { return leaves[leaf].document }
    }
    return document
  }

  /// `planBound`, the bounds of the units kept.
  private mutating func conjunctionBound(
    from target: DocID, _ unitBounds: Slots<Float>
  ) -> (bound: Float, end: DocID) {
    var bound: Float = 0
    var end = DocID.terminated
    for number in 0..<units.count where units[number].scored {
      let (ratio, unitEnd) = unitBound(number, from: target)
      unitBounds[number] = BM25.score(scale: units[number].scale, ratio: ratio)
      bound += unitBounds[number]
      end = min(end, unitEnd)
    }
    return (bound, end)
  }

  /// How many times the leader's frequency bounds each unit's; infinite where it does not.
  private mutating func leadMultipliers(_ lead: Int) -> Slots<Float> {
    let multipliers = arena.slots(units.count, repeating: Float.infinity)
    for number in 0..<units.count {
      let unit = units[number]
      if unit.verifier < 0 {
        if unit.firstLeaf == lead { multipliers[number] = 1 }
        continue
      }
      for i in unit.firstTerm..<unit.firstTerm + unit.termCount
      where terms[i].count == 1 && termLeaves[terms[i].first] == lead {
        multipliers[number] = min(multipliers[number], terms[i].multiplier)
      }
    }
    return multipliers
  }

  /// A bound of the score of the leader's document from its frequency there and the other words' block bounds.
  @inline(__always)
  private mutating func leadBound(
    _ lead: Int, _ document: DocID, _ unitBounds: Slots<Float>, _ multipliers: Slots<Float>
  ) -> Float {
    let frequency = Float(leaves[lead].frequency(lists))
    let factor = inverse[Int(view.norm(document))]
    var bound: Float = 0
    for number in 0..<units.count where units[number].scored {
      let multiplier = multipliers[number]
      if multiplier == .infinity {
        bound += unitBounds[number]
      } else {
        let score = BM25.score(scale: units[number].scale, ratio: multiplier * frequency * factor)
        bound += min(unitBounds[number], score)
      }
    }
    return bound
  }

  /// Verifies, counts and scores a document that has all words.
  private mutating func evaluateConjunction(_ document: DocID, mayEnter: Bool) throws(ExecutionError) {
    var canEnter = mayEnter
    if canEnter, optimisations.contains(.frequencyBounds) {
      canEnter = documentBound(document) > floor
      if !canEnter, !isCounting { return }
    }
    for number in 0..<units.count where units[number].verifier >= 0 {
      guard try verify(number, document, wantsFrequency: canEnter && units[number].scored) else { return }
    }
    count(document)
    guard canEnter else { return }
    let factor = inverse[Int(view.norm(document))]
    var score: Float = 0
    for number in 0..<units.count where units[number].scored {
      let unit = units[number]
      let frequency = unit.verifier < 0 ? Float(leaves[unit.firstLeaf].frequency(lists)) : unit.frequency
      score += BM25.score(scale: unit.scale, ratio: frequency * factor)
    }
    counters.documentsScored &+= 1
    collect(document, score)
  }
}
