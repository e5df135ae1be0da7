internal import Base

/// Flat disjunctions of words: block-max MAXSCORE in windows of 4,096 documents (Turtle, Flood 1995; Chakrabarti et al.
/// 2011; the bulk form is Lucene's). In each window the words whose bounds together cannot enter the k best are looked
/// up only for documents that the others bring up.
struct DisjunctionState: BitwiseCopyable {
  static let windowCount = LeafCursor.windowCount
  /// The first window where a word is common; each is twice the one before until all are whole.
  static let firstWindowCount = 512
  /// What a word's scale is at least, so that no document that holds it has score 0.
  static let leastScale: Float = 1e-20
  /// Documents of a window that are looked at together.
  static let partCount = 512

  /// Words in query order: unit, and the leaf that looks documents up beside the one that is read through.
  let units: Slots<Int>
  let lookups: Slots<Int>
  /// Bounds of the words in the window; words by falling bound; sum of the bounds from a rank on.
  let bounds: Slots<Float>
  let ranked: Slots<Int>
  let rest: Slots<Float>
  /// How many of `ranked` are essential.
  var essentialCount = 0
  let isEssential: Slots<Bool>
  /// Sums of the essential words' scores for each document of the window.
  let sums: Slots<Float>
  /// Places in a part of the window.
  let slots: Slots<UInt32>
  /// Scores of one run of postings.
  let scores: Slots<Float>

  /// Sums in different orders differ by less than this factor.
  static let slack: Float = 1.00004
}

extension Executor {
  /// Ranks the disjunction of the words of some units; those that do not score play no part.
  mutating func runDisjunction(_ words: [Int]) {
    var state = makeState(words)
    let hasCommonWord = hasCommonWord(words)
    let seed = hasCommonWord ? seed(&state) : view.range.lowerBound..<view.range.lowerBound
    for i in 0..<leaves.count { leaves[i].start(lists) }
    var start = view.range.lowerBound
    var width = hasCommonWord ? DisjunctionState.firstWindowCount : DisjunctionState.windowCount
    while start < view.range.upperBound {
      hearFloor()
      var end = min(start + DocID(width), view.range.upperBound)
      if start < seed.upperBound, end > seed.lowerBound, !seed.isEmpty {
        guard start < seed.lowerBound else {
          start = seed.upperBound
          continue
        }
        end = seed.lowerBound
      }
      // The first document anywhere decides which window comes next.
      guard let least = advance(state, to: start) else { return }
      if least >= end {
        start = end < seed.upperBound ? end : least & ~63
        continue
      }
      if partition(&state, from: start, through: end - 1) { scoreWindow(state, start, end) }
      start = end
      width = min(2 * width, DisjunctionState.windowCount)
    }
  }

  /// Moves the words to the window that begins with `start`; the first document that one of them is at.
  mutating func advance(_ state: DisjunctionState, to start: DocID) -> DocID? {
    var least = DocID.terminated
    for i in 0..<state.units.count {
      let leaf = units[state.units[i]].firstLeaf
      if leaves[leaf].document < start { leaves[leaf].advance(to: start, lists) }
      least = min(least, leaves[leaf].document)
    }
    return least == .terminated ? nil : least
  }

  /// With a common word the first windows are small: until there are k documents nothing can be left out.
  private func hasCommonWord(_ words: [Int]) -> Bool {
    let most = words.reduce(UInt64(0)) { max($0, leaves[units[$1].firstLeaf].cost) }
    return most >= UInt64(view.documentCount) / 2
  }

  private mutating func makeState(_ words: [Int]) -> DisjunctionState {
    let count = words.count
    let state = DisjunctionState(
      units: arena.slots(count, repeating: 0), lookups: arena.slots(count, repeating: 0),
      bounds: arena.slots(count, repeating: 0), ranked: arena.slots(count, repeating: 0),
      rest: arena.slots(count + 1, repeating: 0), isEssential: arena.slots(count, repeating: false),
      sums: arena.slots(DisjunctionState.windowCount, repeating: 0),
      slots: arena.slots(DisjunctionState.partCount, repeating: 0),
      scores: arena.slots(words.reduce(0) { max($0, leaves[units[$1].firstLeaf].runRoom) }, repeating: 0))
    for i in 0..<count { state.units[i] = words[i] }
    addTwins(state)
    return state
  }

  /// Doubles lists and leaves: one half is read through, the other half looks single documents up.
  private mutating func addTwins(_ state: DisjunctionState) {
    let listCount = lists.count
    let leafCount = leaves.count
    guard listCount > 0 else { return }
    let allLists = arena.slots(2 * listCount, repeating: lists[0])
    for i in 0..<listCount {
      allLists[i] = lists[i]
      allLists[listCount + i] = lists[i].twin(&arena)
    }
    let allLeaves = arena.slots(2 * leafCount, repeating: leaves[0])
    for i in 0..<leafCount {
      allLeaves[i] = leaves[i]
      var twin = leaves[i]
      twin.first += listCount
      twin.bits = arena.slots(twin.bits.count, repeating: 0)
      twin.frequencies = arena.slots(twin.frequencies.count, repeating: 0)
      allLeaves[leafCount + i] = twin
    }
    lists = allLists
    leaves = allLeaves
    for i in 0..<state.units.count { state.lookups[i] = leafCount + units[state.units[i]].firstLeaf }
  }

  /// Computes the window's bounds and the essential words; false where no document of the window can enter.
  mutating func partition(_ state: inout DisjunctionState, from start: DocID, through last: DocID) -> Bool {
    let count = state.units.count
    let prunes = optimisations.contains(.blockBounds)
    for i in 0..<count {
      let unit = units[state.units[i]]
      let ratio = prunes ? leaves[unit.firstLeaf].bound(from: start, through: last, lists, inverse, view) : .infinity
      state.bounds[i] = BM25.score(scale: unit.scale, ratio: ratio)
      // Insertion into the ranking: few words, nearly the same order from window to window.
      var place = i
      while place > 0, state.bounds[state.ranked[place - 1]] < state.bounds[i] {
        state.ranked[place] = state.ranked[place - 1]
        place -= 1
      }
      state.ranked[place] = i
    }
    state.rest[count] = 0
    for rank in stride(from: count - 1, through: 0, by: -1) {
      state.rest[rank] = state.rest[rank + 1] + state.bounds[state.ranked[rank]]
    }
    var essential = count
    while prunes, essential > 0, state.rest[essential - 1] * DisjunctionState.slack <= floor { essential -= 1 }
    state.essentialCount = essential
    for rank in 0..<count { state.isEssential[state.ranked[rank]] = rank < essential }
    return essential > 0
  }

  /// Adds up the essential words over the window, then completes the documents that can still enter.
  mutating func scoreWindow(_ state: DisjunctionState, _ start: DocID, _ end: DocID) {
    let count = Int(end - start)
    state.sums.part(from: 0, count: count).fill(0)
    for i in 0..<state.units.count where state.isEssential[i] { addWord(state, i, start, end) }
    let rest = state.rest[state.essentialCount]
    // A part at a time: what enters raises the floor for the next.
    var first = 0
    while first < count {
      let part = min(DisjunctionState.partCount, count - first)
      // Documents without an essential word have sum 0 and stay below.
      let needed = max(floor / DisjunctionState.slack - rest, 0)
      let found = SegmentView.above(
        needed, state.sums.part(from: first, count: part), count: part, into: state.slots)
      for i in 0..<found { complete(state, start, first + Int(state.slots[i])) }
      first += part
    }
  }

  /// Adds one word's scores to the window.
  private mutating func addWord(_ state: DisjunctionState, _ i: Int, _ start: DocID, _ end: DocID) {
    let unit = units[state.units[i]]
    let leaf = unit.firstLeaf
    guard isRunnable(leaf) else {
      while leaves[leaf].document < end {
        let document = leaves[leaf].document
        let ratio = Float(leaves[leaf].frequency(lists)) * inverse[Int(view.norm(document))]
        let slot = Int(document - start)
        state.sums[slot] += BM25.score(scale: unit.scale, ratio: ratio)
        leaves[leaf].advance(to: document + 1, lists)
      }
      return
    }
    while leaves[leaf].document < end, let whole = nextRun(leaf, from: leaves[leaf].document) {
      let run = whole.through(end - 1)
      view.score(run.documents, run.frequencies, count: run.count, inverse: inverse, scale: unit.scale, into: state.scores)
      for k in 0..<run.count { state.sums[Int(run.documents[k] &- start)] += state.scores[k] }
      counters.documentsScored &+= run.count
      leaves[leaf].advance(to: run.last + 1, lists)
    }
  }

  /// Looks a document up in the other words, best bound first, while it can still enter; collects its exact score.
  private mutating func complete(_ state: DisjunctionState, _ start: DocID, _ slot: Int) {
    let document = start + DocID(slot)
    guard !view.isDeleted(document) else { return }
    let count = state.units.count
    var sum = state.sums[slot]
    guard state.essentialCount < count else { return collect(document, sum) }
    guard (sum + state.rest[state.essentialCount]) * DisjunctionState.slack > floor else { return }
    var isComplete = true
    for rank in state.essentialCount..<count {
      guard (sum + state.rest[rank]) * DisjunctionState.slack > floor else { return }
      let score = lookUp(state, state.ranked[rank], document)
      if score > 0 {
        sum += score
        isComplete = false
      }
    }
    // Two addends give one sum in either order; more of them are added up again in query order.
    if isComplete || count == 2 { return collect(document, sum) }
    guard sum * DisjunctionState.slack > floor else { return }
    var exact: Float = 0
    for i in 0..<count { exact += lookUp(state, i, document) }
    collect(document, exact)
  }

  /// The score of one word in a document, 0 where it is not there.
  @inline(__always)
  private mutating func lookUp(_ state: DisjunctionState, _ i: Int, _ document: DocID) -> Float {
    let leaf = state.lookups[i]
    if leaves[leaf].document < document { leaves[leaf].advance(to: document, lists) }
    guard leaves[leaf].document == document else { return 0 }
    let ratio = Float(leaves[leaf].frequency(lists)) * inverse[Int(view.norm(document))]
    return BM25.score(scale: units[state.units[i]].scale, ratio: ratio)
  }
}
