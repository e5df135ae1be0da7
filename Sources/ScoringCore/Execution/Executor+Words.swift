internal import Base

/// A conjunction of words that have runs: block-max AND (Ding, Suel 2011), a run of the rarest word's block at a time.
///
/// A run goes as far as the bounds of the other words' blocks reach. Its documents are scored by the kernel,
/// and only those are looked up elsewhere whose own score and the others' bounds together pass the floor.
extension Executor {
  private struct WordLoop {
    /// Units in query order, required words before optional ones; their leaves; places of the required in both by rising
    /// document frequency.
    let units: Slots<Int>
    let leaves: Slots<Int>
    let order: Slots<Int>
    let scores: Slots<Float>
    let indexes: Slots<UInt32>
    /// The documents of a run that can pass the floor, and those of them that the second word has too.
    let candidates: Slots<UInt32>
    let matches: Matches
    /// Bounds of the documents up to `end`: of all words' scores together, of all but the leader's, of the optional ones'.
    var bound = Float.infinity
    var others = Float.infinity
    var optional = Float.infinity
    var end: DocID = 0
    var hasBound = false
  }

  /// Words that must be there and words that may, in query order, by their units.
  struct FlatWords {
    var required: [Int]
    var optional: [Int] = []
  }

  /// The words of a flat conjunction, beside which there may be optional words; nil for other plans. All score and have
  /// runs.
  func flatWords() -> FlatWords? {
    let this = nodes[root]
    guard this.kind == .andMaybe else { return runnableWords(root, below: .and, least: 2).map { FlatWords(required: $0) } }
    guard let required = runnableWords(children[this.firstChild], below: .and, least: 1),
      let optional = runnableWords(children[this.firstChild + 1], below: .or, least: 1)
    else { return nil }
    return FlatWords(required: required, optional: optional)
  }

  /// The units of a word, or of at least `least` words below an operator, that score and have runs.
  private func runnableWords(_ node: Int, below kind: PlanNode.Kind, least: Int) -> [Int]? {
    let this = nodes[node]
    if this.kind == .words, least == 1 { return isRunnableWord(this) ? [this.unit] : nil }
    guard this.kind == kind, this.childCount >= least else { return nil }
    var found: [Int] = []
    for i in 0..<this.childCount {
      let child = nodes[children[this.firstChild + i]]
      guard child.kind == .words, isRunnableWord(child) else { return nil }
      found.append(child.unit)
    }
    return found
  }

  private func isRunnableWord(_ node: PlanNode) -> Bool {
    node.unit >= 0 && units[node.unit].scored && isRunnable(node.leaf)
  }

  /// Where the rarest word has fewer postings, a window that is read ahead does not pay.
  private static let seedPostingsMin = UInt64(64 * PostingListFormat.blockCount)

  mutating func runWords(_ words: FlatWords) throws(ExecutionError) {
    var loop = makeWordLoop(words)
    let range = view.range
    let lead = leaves[loop.leaves[loop.order[0]]].cost
    guard lead >= Self.seedPostingsMin, let start = seedStart else { return runDocuments(&loop, range) }
    // A window of long documents first (`Executor+Seed`), in which the rarest word has about two blocks.
    let saved = arena.slots(copying: lists)
    isSeeded = true
    let share = UInt64(range.count) * UInt64(2 * PostingListFormat.blockCount) / lead
    let window = start..<start + DocID(min(share, UInt64(range.upperBound - start)))
    runDocuments(&loop, window)
    for i in 0..<lists.count { lists[i].restore(saved[i]) }
    loop.hasBound = false
    loop.end = 0
    runDocuments(&loop, range.lowerBound..<window.lowerBound)
    runDocuments(&loop, window.upperBound..<range.upperBound)
  }

  private mutating func runDocuments(_ loop: inout WordLoop, _ range: Range<DocID>) {
    let lead = loop.leaves[loop.order[0]]
    var target = range.lowerBound
    while target < range.upperBound {
      hearFloor()
      if optimisations.contains(.blockBounds) {
        updateBounds(&loop, target)
        if prunes, loop.bound <= floor {
          guard loop.end < range.upperBound - 1 else { return }
          target = loop.end + 1
          continue
        }
      } else {
        (loop.bound, loop.others, loop.optional, loop.end) = (.infinity, .infinity, .infinity, .terminated)
      }
      guard let run = nextRun(lead, from: target), run.documents[0] < range.upperBound else { return }
      if run.documents[0] > loop.end {
        target = run.documents[0]
        continue
      }
      let last = min(run.last, loop.end, range.upperBound - 1)
      runRun(loop, run.through(last))
      target = last + 1
    }
  }

  private mutating func makeWordLoop(_ words: FlatWords) -> WordLoop {
    let all = words.required + words.optional
    var order: [Int] = []
    for i in words.required.indices {
      let cost = leaves[units[all[i]].firstLeaf].cost
      let place = order.firstIndex { leaves[units[all[$0]].firstLeaf].cost > cost } ?? order.count
      order.insert(i, at: place)
    }
    let runCount = leaves[units[all[order[0]]].firstLeaf].runRoom
    let loop = WordLoop(
      units: arena.slots(all.count, repeating: 0), leaves: arena.slots(all.count, repeating: 0),
      order: arena.slots(order.count, repeating: 0), scores: arena.slots(runCount, repeating: 0),
      indexes: arena.slots(runCount, repeating: 0), candidates: arena.slots(runCount, repeating: 0),
      matches: Matches(room: runCount, &arena))
    for i in all.indices {
      loop.units[i] = all[i]
      loop.leaves[i] = units[all[i]].firstLeaf
    }
    for i in order.indices { loop.order[i] = order[i] }
    return loop
  }

  /// Bounds over the leader's block: blocks of common words are short, and to stop at each of theirs would cost more than
  /// their tighter bounds save.
  private mutating func updateBounds(_ loop: inout WordLoop, _ target: DocID) {
    guard !loop.hasBound || target > loop.end else { return }
    loop.hasBound = true
    let lead = loop.order[0]
    let (leadRatio, end) = runBound(loop.leaves[lead], from: target)
    guard leadRatio > 0 else { return endBounds(&loop) }
    loop.bound = BM25.score(scale: units[loop.units[lead]].scale, ratio: leadRatio)
    (loop.others, loop.optional, loop.end) = (0, 0, end)
    for i in 0..<loop.leaves.count where i != lead {
      let ratio = leaves[loop.leaves[i]].bound(from: target, through: end, lists, inverse, view)
      let isRequired = i < loop.order.count
      guard ratio > 0 || !isRequired else { return endBounds(&loop) }
      let score = BM25.score(scale: units[loop.units[i]].scale, ratio: ratio)
      loop.others += score
      if !isRequired { loop.optional += score }
    }
    // Added up in another order than scores are.
    loop.bound = (loop.bound + loop.others) * DisjunctionState.slack
  }

  /// A required word has no document any more.
  private func endBounds(_ loop: inout WordLoop) { (loop.bound, loop.end) = (-.infinity, .terminated) }

  /// The documents of a run of the leader.
  private mutating func runRun(_ loop: WordLoop, _ run: PostingRun) {
    guard floor < .infinity else { return countRun(loop, run) }
    view.score(
      run.documents, run.frequencies, count: run.count, inverse: inverse,
      scale: units[loop.units[loop.order[0]]].scale, into: loop.scores)
    // Sums are made in another order here than in the score.
    let slack = DisjunctionState.slack
    let needed = prunes ? floor / slack - loop.others : -.infinity
    let filters = needed >= 0
    var candidates = run.documents
    var count = run.count
    if filters {
      count = SegmentView.above(needed, loop.scores, count: run.count, into: loop.indexes)
      for i in 0..<count { loop.candidates[i] = run.documents[Int(loop.indexes[i])] }
      candidates = loop.candidates
    }
    forEachAligned(loop, candidates, count: count) { (executor, i) in
      let place = filters ? Int(loop.indexes[i]) : i
      if executor.prunes, (loop.scores[place] + loop.others) * slack <= executor.floor { return }
      let document = run.documents[place]
      guard executor.alignWords(loop, document, from: 2), !executor.view.isDeleted(document) else { return }
      executor.count(document)
      executor.collect(document, executor.score(loop, document, lead: loop.scores[place]))
    }
  }

  /// Counts the documents of a run: none of them enters.
  private mutating func countRun(_ loop: WordLoop, _ run: PostingRun) {
    forEachAligned(loop, run.documents, count: run.count) { (executor, i) in
      let document = run.documents[i]
      guard executor.alignWords(loop, document, from: 2), !executor.view.isDeleted(document) else { return }
      executor.count(document)
    }
  }

  /// Calls `body` with the place of each candidate at which the second required word stands.
  @inline(__always)
  private mutating func forEachAligned(
    _ loop: WordLoop, _ candidates: Slots<UInt32>, count: Int, _ body: (inout Executor, Int) -> Void
  ) {
    guard loop.order.count > 1 else {
      for i in 0..<count { body(&self, i) }
      return
    }
    let second = loop.leaves[loop.order[1]]
    guard leaves[second].mode == .single else {
      for i in 0..<count where moves(second, to: candidates[i]) { body(&self, i) }
      return
    }
    var next = 0
    while next < count {
      let first = next
      let (found, end) = intersect(second, candidates, from: first, count: count, into: loop.matches)
      next = end
      for i in 0..<found {
        let place = first &+ Int(loop.matches.candidates[i])
        lists[leaves[second].first].stand(at: Int(loop.matches.documents[i]), on: candidates[place])
        body(&self, place)
      }
    }
  }

  /// Whether the required words, from the `first` by rarity on, are in the document.
  @inline(__always)
  private mutating func alignWords(_ loop: WordLoop, _ document: DocID, from first: Int) -> Bool {
    for i in first..<max(loop.order.count, first) {
      guard moves(loop.leaves[loop.order[i]], to: document) else { return false }
    }
    return true
  }

  /// The sum in query order; something at or below the floor where what is optional cannot lift it above.
  @inline(__always)
  private mutating func score(_ loop: WordLoop, _ document: DocID, lead: Float) -> Float {
    let factor = inverse[Int(view.norm(document))]
    counters.documentsScored &+= 1
    var sum: Float = 0
    for i in 0..<loop.order.count {
      if i == loop.order[0] {
        sum += lead
      } else {
        sum += wordScore(loop, i, document, factor)
      }
    }
    guard loop.leaves.count > loop.order.count else { return sum }
    if prunes, (sum + loop.optional) * DisjunctionState.slack <= floor { return -.infinity }
    for i in loop.order.count..<loop.leaves.count where moves(loop.leaves[i], to: document) {
      sum += wordScore(loop, i, document, factor)
    }
    return sum
  }

  @inline(__always)
  private mutating func wordScore(_ loop: WordLoop, _ i: Int, _ document: DocID, _ factor: Float) -> Float {
    let ratio = Float(frequency(of: loop.leaves[i], in: document)) * factor
    return BM25.score(scale: units[loop.units[i]].scale, ratio: ratio)
  }
}
