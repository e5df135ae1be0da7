internal import Base

/// A plan that is one phrase, NEAR or PRE of single lists: block after block of its rarest word.
///
/// Four sieves stand before the positions, each cheaper than the next: the words' block bounds before a block is
/// unpacked; the bound of every document of the block from the rarest word's frequency and the norm, computed and
/// compared with the floor by the kernels that score words; the other words' documents; the bound from the least of the
/// frequencies (architecture.md, point 7).
extension Executor {
  /// What the loop keeps at hand.
  struct UnitLoop {
    let number: Int
    let scale: Float
    /// The lists of its words, each once, rarest first.
    let lists: Slots<Int>
    /// What bounds the frequency: this many times the least frequency of a word.
    let multiplier: Float
    /// `inverse` times the multiplier.
    let inverse: Slots<Float>
    let scores: Slots<Float>
    let indexes: Slots<UInt32>
    /// The bound of the documents from where it was asked for to `boundEnd`.
    var bound = Float.infinity
    var boundEnd: DocID = 0
    var hasBound = false
    /// Documents that are decided already, ascending, and the first of them that is still ahead.
    var decided: Slots<DocID>
    var nextDecided = 0
  }

  /// The unit that is the whole plan, if it has a loop of its own and scores.
  func loneUnit() -> Int? {
    let node = nodes[root]
    guard node.kind == .positional, units[node.unit].scored, units[node.unit].path.kind != .none else { return nil }
    return node.unit
  }

  mutating func runUnit(_ number: Int) throws(ExecutionError) {
    var loop = makeLoop(number)
    if prunes, usesFrequencyBounds, try runTier(&loop) { return }
    let lead = loop.lists[0]
    var target: DocID = 0
    while true {
      if prunes {
        guard let next = nextPromising(&loop, target) else { return }
        target = next
      }
      lists[lead].advance(to: target)
      guard !lists[lead].isExhausted else { return }
      let last = lists[lead].blockLast
      try runBlock(&loop)
      guard !lists[lead].isExhausted, last < .terminated - 1 else { return }
      target = last + 1
    }
  }

  private mutating func makeLoop(_ number: Int) -> UnitLoop {
    let unit = units[number]
    var distinct: [Int] = []
    for i in 0..<unit.path.wordCount {
      let list = leaves[words[unit.path.firstWord + i].leaf].first
      if !distinct.contains(list) { distinct.append(list) }
    }
    distinct.sort { (lists[$0].reference.documentFrequency, $0) < (lists[$1].reference.documentFrequency, $1) }
    let ordered = arena.slots(distinct.count, repeating: 0)
    for i in distinct.indices { ordered[i] = distinct[i] }
    let multiplier: Float = unit.path.kind == .pair || unit.path.kind == .window ? Float(unit.path.wordCount) : 1
    var factors = inverse
    if multiplier > 1 {
      factors = arena.slots(inverse.count, repeating: 0)
      for i in 0..<inverse.count { factors[i] = inverse[i] * multiplier * LeafCursor.slack }
    }
    for i in 0..<ordered.count where !lists[ordered[i]].isLong { lists[ordered[i]].advance(to: 0) }
    return UnitLoop(
      number: number, scale: unit.scale, lists: ordered, multiplier: multiplier, inverse: factors,
      scores: arena.slots(PostingListFormat.blockCount, repeating: 0),
      indexes: arena.slots(PostingListFormat.blockCount, repeating: 0), decided: arena.slots(0, of: DocID.self))
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
      guard loop.boundEnd < .terminated - 1 else { return nil }
      target = loop.boundEnd + 1
    }
  }

  /// Makes the bound one of documents from `target` on: from the least of the words' blocks there. It ends with the
  /// first of the blocks, or further on where the best word's alone keeps everything below the floor.
  private mutating func updateBound(_ loop: inout UnitLoop, _ target: DocID) {
    guard !loop.hasBound || target > loop.boundEnd else { return }
    loop.hasBound = true
    var least = Float.infinity
    var end = DocID.terminated
    for i in 0..<loop.lists.count {
      let list = loop.lists[i]
      lists[list].seekBlock(target)
      guard !lists[list].isExhausted else {
        (loop.bound, loop.boundEnd) = (-.infinity, .terminated)
        return
      }
      let ratio = lists[list].blockRatio(inverse, norms: view)
      let last = lists[list].blockLast
      let slack: Float = loop.multiplier > 1 ? loop.multiplier * LeafCursor.slack : 1
      if BM25.score(scale: loop.scale, ratio: ratio * slack) <= floor {
        // This word's block alone is too weak: all of it is.
        (loop.bound, loop.boundEnd) = (-.infinity, last)
        return
      }
      least = min(least, ratio * slack)
      end = min(end, last)
    }
    loop.bound = BM25.score(scale: loop.scale, ratio: least)
    loop.boundEnd = end
  }

  // MARK: - Documents

  /// The documents of the leader's block from where it stands on.
  private mutating func runBlock(_ loop: inout UnitLoop) throws(ExecutionError) {
    let lead = loop.lists[0]
    if !lists[lead].hasFrequencies { lists[lead].decodeFrequencies() }
    guard !lists[lead].isExhausted else { return }
    let documents = lists[lead].documents
    let first = lists[lead].index
    let count = lists[lead].documentsOf(block: lists[lead].decodedBlock) - first
    let usesBounds = usesFrequencyBounds
    var found = count
    if usesBounds {
      view.score(
        documents.part(from: first, count: count), lists[lead].frequencies.part(from: first, count: count),
        count: count, inverse: loop.inverse, scale: loop.scale, into: loop.scores)
      if prunes { found = SegmentView.above(floor, loop.scores, count: count, into: loop.indexes) }
    }
    for i in 0..<found {
      let place = prunes && usesBounds ? Int(loop.indexes[i]) : i
      let document = documents[first + place]
      if prunes {
        if usesBounds, loop.scores[place] <= floor { continue }
        updateBound(&loop, document)
        if loop.bound <= floor { continue }
      }
      guard !isDecided(&loop, document), align(loop, document, from: 1), !view.isDeleted(document) else { continue }
      lists[lead].stand(at: first + place)
      let mayEnter = !usesBounds || loop.scores[place] > floor && documentBound(loop, document) > floor
      guard mayEnter || isCounting else { continue }
      try evaluate(loop, document, mayEnter: mayEnter)
    }
  }

  @inline(__always)
  private func isDecided(_ loop: inout UnitLoop, _ document: DocID) -> Bool {
    guard loop.decided.count > 0 else { return false }
    while loop.nextDecided < loop.decided.count, loop.decided[loop.nextDecided] < document { loop.nextDecided += 1 }
    return loop.nextDecided < loop.decided.count && loop.decided[loop.nextDecided] == document
  }

  /// Whether the words from `first` on are in the document.
  @inline(__always)
  mutating func align(_ loop: UnitLoop, _ document: DocID, from first: Int) -> Bool {
    for i in first..<max(loop.lists.count, first) {
      let list = loop.lists[i]
      if lists[list].document < document || lists[list].decodedBlock < 0 { lists[list].advance(to: document) }
      if lists[list].document != document { return false }
    }
    return true
  }

  /// A bound of the score from the least frequency, before any position is read.
  @inline(__always)
  private mutating func documentBound(_ loop: UnitLoop, _ document: DocID) -> Float {
    var least = lists[loop.lists[0]].frequency()
    for i in 1..<max(loop.lists.count, 1) { least = min(least, lists[loop.lists[i]].frequency()) }
    return BM25.score(scale: loop.scale, ratio: Float(least) * loop.inverse[Int(view.norm(document))])
  }

  @inline(__always)
  mutating func evaluate(_ loop: UnitLoop, _ document: DocID, mayEnter: Bool) throws(ExecutionError) {
    counters.documentsVerified &+= 1
    unitFloor = isCounting ? -.infinity : floor
    let frequency = try pathFrequency(loop.number, document)
    guard frequency > 0 else { return }
    count(document)
    guard mayEnter else { return }
    counters.documentsScored &+= 1
    collect(document, BM25.score(scale: loop.scale, ratio: frequency * inverse[Int(view.norm(document))]))
  }
}
