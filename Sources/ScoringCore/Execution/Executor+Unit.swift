internal import Base

/// A plan that is one phrase, NEAR or PRE of words that have runs: block after block of its rarest word.
///
/// Five sieves stand before the unit is evaluated, each cheaper than the next: the words' block bounds before a block is
/// unpacked; the bound of every document of the block from the rarest word's frequency and the norm, computed and
/// compared with the floor by the kernels that score words; the other words' documents; the bound from the least of the
/// frequencies; whether the two rarest words stand near each other at all (architecture.md, point 7).
extension Executor {
  /// What the loop keeps at hand.
  struct UnitLoop {
    let number: Int
    let scale: Float
    /// Its leaves, each once, rarest first.
    let leaves: Slots<Int>
    /// What bounds the frequency: this many times the least frequency of a word.
    let multiplier: Float
    /// Where the second word has to stand from the first.
    var reach: Reach?
    /// The unit if it is two words that bits find, and the place of the rarer in their order.
    let pair: PairSearch?
    let leadPlace: UInt32
    /// `inverse` times the multiplier.
    let inverse: Slots<Float>
    let scores: Slots<Float>
    let indexes: Slots<UInt32>
    /// The documents of a run that are above the floor, and those of them that the second word has too.
    let candidates: Slots<UInt32>
    let matches: Matches
    /// The bound of the documents from where it was asked for to `boundEnd`.
    var bound = Float.infinity
    var boundEnd: DocID = 0
    var hasBound = false
    /// Documents that are decided already, ascending, and the first of them that is still ahead.
    var decided: Slots<DocID>
    var nextDecided = 0
    /// Whether the best are known already, and what is left is to count.
    var isRanked = false
  }

  /// The unit that is the whole plan, if it has a loop of its own and scores.
  func loneUnit() -> Int? {
    let node = nodes[root]
    guard node.kind == .positional, units[node.unit].scored, units[node.unit].path.kind != .none else { return nil }
    return node.unit
  }

  mutating func runUnit(_ number: Int) throws(ExecutionError) {
    var loop = makeLoop(number)
    if usesFrequencyBounds, try runTier(&loop) {
      guard isCounting else { return }
      loop.isRanked = true
    }
    var target = view.range.lowerBound
    while target < view.range.upperBound {
      hearFloor()
      if prunes {
        guard let next = nextPromising(&loop, target) else { return }
        target = next
      }
      guard let run = nextRun(loop.leaves[0], from: target), run.documents[0] < view.range.upperBound else { return }
      try runDocuments(&loop, run)
      target = run.last + 1
    }
  }

  private mutating func makeLoop(_ number: Int) -> UnitLoop {
    let unit = units[number]
    let ordered = distinctLeaves(unit)
    let multiplier = frequencyMultiplier(unit)
    var factors = inverse
    if multiplier != 1 {
      factors = arena.unwritten(inverse.count, of: Float.self)
      for i in 0..<inverse.count { factors[i] = inverse[i] * multiplier * LeafCursor.slack }
    }
    let runCount = leaves[ordered[0]].runRoom
    let isUnion = optimisations.contains(.unionForms) && ordered.count > 1 && leaves[ordered[1]].mode == .few
    return UnitLoop(
      number: number, scale: unit.scale, leaves: ordered, multiplier: multiplier, reach: reach(unit, ordered),
      pair: PairSearch(number, unit, optimisations), leadPlace: words[unit.path.firstWord].place, inverse: factors,
      scores: arena.unwritten(runCount, of: Float.self), indexes: arena.unwritten(runCount, of: UInt32.self),
      candidates: arena.unwritten(runCount, of: UInt32.self), matches: Matches(room: runCount, isUnion: isUnion, &arena),
      decided: arena.slots(0, of: DocID.self))
  }

  /// How often the least frequency of a word bounds the unit's: see `FrequencyBound`. Two words in order that are never
  /// neighbours stand at least two apart, and each of their hits weighs at most a half.
  private func frequencyMultiplier(_ unit: PlanUnit) -> Float {
    switch unit.path.kind {
    case .pair, .window: Float(unit.path.wordCount)
    case .orderedPair: unit.knowsNeighbours && unit.neighbourList < 0 ? 0.5 : 1
    case .phrase, .none: 1
    }
  }

  /// The leaves of a unit, each once, rarest first: as its words are ordered.
  private mutating func distinctLeaves(_ unit: PlanUnit) -> Slots<Int> {
    let ordered = arena.slots(unit.path.wordCount, repeating: 0)
    var count = 0
    for i in 0..<unit.path.wordCount {
      let leaf = words[unit.path.firstWord + i].leaf
      var place = 0
      while place < count, ordered[place] != leaf { place += 1 }
      guard place == count else { continue }
      ordered[count] = leaf
      count += 1
    }
    return ordered.part(from: 0, count: count)
  }

  private var usesFrequencyBounds: Bool {
    optimisations.contains(.frequencyBounds) && optimisations.contains(.blockBounds)
  }

  // MARK: - Blocks

  /// The first document from `target` on whose blocks' bounds reach above the floor; nil where none does.
  @inline(__always)
  private mutating func nextPromising(_ loop: inout UnitLoop, _ target: DocID) -> DocID? {
    var target = target
    while true {
      updateBound(&loop, target)
      if loop.bound > floor { return target }
      guard loop.boundEnd < view.range.upperBound - 1 else { return nil }
      target = loop.boundEnd + 1
    }
  }

  /// Makes the bound one of documents from `target` on: from the least of the words' blocks there. It ends with the
  /// leader's block, or further on where another word's alone keeps everything below the floor.
  private mutating func updateBound(_ loop: inout UnitLoop, _ target: DocID) {
    guard !loop.hasBound || target > loop.boundEnd else { return }
    loop.hasBound = true
    let slack: Float = loop.multiplier != 1 ? loop.multiplier * LeafCursor.slack : 1
    var least = Float.infinity
    var end = DocID.terminated
    for i in 0..<loop.leaves.count {
      var (ratio, last) = runBound(loop.leaves[i], from: target)
      if last < end, i > 0, ratio > 0 {
        // Blocks of a common word are short: its bound is the one over the leader's block.
        ratio = leaves[loop.leaves[i]].bound(from: target, through: end, lists, inverse, view)
        last = end
      }
      if BM25.score(scale: loop.scale, ratio: ratio * slack) <= floor {
        // This word's blocks alone are too weak, or the word has come to its end: all of it is.
        (loop.bound, loop.boundEnd) = (-.infinity, last)
        return
      }
      least = min(least, ratio * slack)
      if i == 0 { end = last }
    }
    loop.bound = BM25.score(scale: loop.scale, ratio: least)
    loop.boundEnd = end
  }

  // MARK: - Documents

  /// The documents of a run of the leader: those above the floor, of these what the second word has too, a block of it
  /// at a time, and of these one by one what is left.
  private mutating func runDocuments(_ loop: inout UnitLoop, _ run: PostingRun) throws(ExecutionError) {
    var candidates = run.documents
    var count = run.count
    let isFiltered = prunes && usesFrequencyBounds
    if usesFrequencyBounds {
      view.score(
        run.documents, run.frequencies, count: run.count, inverse: loop.inverse, scale: loop.scale, into: loop.scores)
    }
    if isFiltered {
      count = SegmentView.above(floor, loop.scores, count: run.count, into: loop.indexes)
      for i in 0..<count { loop.candidates[i] = run.documents[Int(loop.indexes[i])] }
      candidates = loop.candidates
    }
    let isUnion = loop.matches.forms.count > 0
    let isBlockwise = loop.leaves.count > 1 && (isUnion || leaves[loop.leaves[1]].mode == .single)
    var next = 0
    while next < count {
      if prunes {
        updateBound(&loop, candidates[next])
        if loop.bound <= floor {
          repeat { next &+= 1 } while next < count && candidates[next] <= loop.boundEnd
          continue
        }
      }
      guard isBlockwise else {
        try runCandidate(&loop, run, at: isFiltered ? Int(loop.indexes[next]) : next, alignedWords: 1)
        next &+= 1
        continue
      }
      let first = next
      let (found, end) =
        isUnion
        ? intersectUnion(loop.leaves[1], candidates, from: first, count: count, into: loop.matches)
        : intersect(loop.leaves[1], candidates, from: first, count: count, into: loop.matches)
      next = end
      for i in 0..<found {
        let place = first &+ Int(loop.matches.candidates[i])
        if isUnion {
          leaves[loop.leaves[1]].present = loop.matches.forms[i]
        } else {
          lists[leaves[loop.leaves[1]].first].stand(at: Int(loop.matches.documents[i]), on: candidates[place])
        }
        try runCandidate(&loop, run, at: isFiltered ? Int(loop.indexes[place]) : place, alignedWords: 2)
      }
    }
  }

  /// One document of a run, at which the first words are known to stand.
  @inline(__always)
  private mutating func runCandidate(
    _ loop: inout UnitLoop, _ run: PostingRun, at place: Int, alignedWords: Int
  ) throws(ExecutionError) {
    let document = run.documents[place]
    let usesBounds = usesFrequencyBounds
    if prunes {
      if usesBounds, loop.scores[place] <= floor { return }
      updateBound(&loop, document)
      if loop.bound <= floor { return }
    }
    let isDecided = isDecided(&loop, document)
    guard !isDecided || isCounting, align(&loop, document, from: alignedWords), !view.isDeleted(document) else { return }
    let lead = loop.leaves[0]
    if leaves[lead].mode == .single {
      lists[leaves[lead].first].stand(at: run.first + place, on: document)
    } else if optimisations.contains(.unionForms) {
      stand(lead, on: document, forms: run.forms[place], occurrences: run.frequencies[place])
    } else {
      _ = moves(lead, to: document)
    }
    if let pair = loop.pair {
      let mayEnter = !isDecided && !loop.isRanked && (!usesBounds || floor == -.infinity || loop.scores[place] > floor)
      return try runPair(&loop, pair, document, leadFrequency: run.frequencies[place], mayEnter: mayEnter)
    }
    // Before there are k documents every one enters: no frequency has to be unpacked for that.
    let mayEnter =
      !isDecided && !loop.isRanked
      && (!usesBounds || floor == -.infinity
        || loop.scores[place] > floor && documentBound(&loop, document, run.frequencies[place]) > floor)
    guard mayEnter || isCounting else { return }
    guard try mayStand(&loop, document) else { return }
    try evaluate(&loop, document, mayEnter: mayEnter)
  }

  @inline(__always)
  private func isDecided(_ loop: inout UnitLoop, _ document: DocID) -> Bool {
    guard loop.decided.count > 0 else { return false }
    while loop.nextDecided < loop.decided.count, loop.decided[loop.nextDecided] < document { loop.nextDecided += 1 }
    return loop.nextDecided < loop.decided.count && loop.decided[loop.nextDecided] == document
  }

  /// Whether the words from `first` on are in the document.
  @inline(__always)
  mutating func align(_ loop: inout UnitLoop, _ document: DocID, from first: Int) -> Bool {
    for i in first..<max(loop.leaves.count, first) {
      guard moves(loop.leaves[i], to: document) else { return false }
    }
    return true
  }

  /// A bound of the score from the least frequency, before any position is read.
  @inline(__always)
  mutating func documentBound(_ loop: inout UnitLoop, _ document: DocID, _ leadFrequency: UInt32) -> Float {
    var least = leadFrequency
    for i in 1..<max(loop.leaves.count, 1) { least = min(least, frequency(of: loop.leaves[i], in: document)) }
    var bound = Float(least)
    let neighbours = units[loop.number].neighbourList
    if neighbours >= 0 {
      // Neighbours weigh 1, all other hits of two words in order at most a half.
      let most = lists[neighbours].moves(to: document) ? min(least, lists[neighbours].frequency()) : 0
      bound = (bound + Float(most)) * 0.5 * LeafCursor.slack
    }
    return BM25.score(scale: loop.scale, ratio: bound * loop.inverse[Int(view.norm(document))])
  }

  @inline(__always)
  mutating func evaluate(_ loop: inout UnitLoop, _ document: DocID, mayEnter: Bool) throws(ExecutionError) {
    counters.documentsVerified &+= 1
    unitFloor = floor
    matchMatters = isCounting
    take(&loop, document, try pathFrequency(loop.number, document, matchOnly: !mayEnter), mayEnter: mayEnter)
  }

  /// Counts a document of this frequency, and offers it.
  @inline(__always)
  mutating func take(_ loop: inout UnitLoop, _ document: DocID, _ frequency: Float, mayEnter: Bool) {
    guard frequency > 0 else { return }
    count(document)
    guard mayEnter else { return }
    counters.documentsScored &+= 1
    collect(document, BM25.score(scale: loop.scale, ratio: frequency * inverse[Int(view.norm(document))]))
  }
}
