internal import Base

/// A conjunction of words of one list each: block-max AND (Ding, Suel 2011), a run of the rarest word's block at a time.
///
/// A run is what of the block the bounds of the other words' blocks reach over. Its documents are scored by the kernel,
/// and only those are looked up elsewhere whose own score and the others' bounds together pass the floor.
extension Executor {
  private struct WordLoop {
    /// Units in query order; their lists; places in both by rising document frequency.
    let units: Slots<Int>
    let lists: Slots<Int>
    let order: Slots<Int>
    let scores: Slots<Float>
    let indexes: Slots<UInt32>
    /// Bounds of the documents up to `end`: of all words' scores together, and of all but the leader's.
    var bound = Float.infinity
    var others = Float.infinity
    var end: DocID = 0
    var hasBound = false
  }

  /// The units of a conjunction of different words that all score and have one list each; nil for other plans.
  func flatWords() -> [Int]? {
    let this = nodes[root]
    guard this.kind == .and, this.childCount > 1 else { return nil }
    var found: [Int] = []
    for i in 0..<this.childCount {
      let child = nodes[children[this.firstChild + i]]
      guard child.kind == .words, child.unit >= 0, units[child.unit].scored, leaves[child.leaf].mode == .single else {
        return nil
      }
      found.append(child.unit)
    }
    return found
  }

  mutating func runWords(_ words: [Int]) throws(ExecutionError) {
    var loop = makeWordLoop(words)
    let lead = loop.lists[loop.order[0]]
    var target: DocID = 0
    while true {
      if optimisations.contains(.blockBounds) {
        updateBounds(&loop, target)
        if prunes, loop.bound <= floor {
          guard loop.end < .terminated - 1 else { return }
          target = loop.end + 1
          continue
        }
      } else {
        (loop.bound, loop.others, loop.end) = (.infinity, .infinity, .terminated)
      }
      lists[lead].advance(to: target)
      guard !lists[lead].isExhausted else { return }
      if lists[lead].document > loop.end {
        target = lists[lead].document
        continue
      }
      let last = min(lists[lead].blockLast, loop.end)
      runRun(loop, through: last)
      guard last < .terminated - 1 else { return }
      target = last + 1
    }
  }

  private mutating func makeWordLoop(_ words: [Int]) -> WordLoop {
    let count = words.count
    let loop = WordLoop(
      units: arena.slots(count, repeating: 0), lists: arena.slots(count, repeating: 0),
      order: arena.slots(count, repeating: 0), scores: arena.slots(PostingListFormat.blockCount, repeating: 0),
      indexes: arena.slots(PostingListFormat.blockCount, repeating: 0))
    for i in 0..<count {
      loop.units[i] = words[i]
      loop.lists[i] = leaves[units[words[i]].firstLeaf].first
      if !lists[loop.lists[i]].isLong { lists[loop.lists[i]].advance(to: 0) }
      var place = i
      let frequency = lists[loop.lists[i]].reference.documentFrequency
      while place > 0, lists[loop.lists[loop.order[place - 1]]].reference.documentFrequency > frequency {
        loop.order[place] = loop.order[place - 1]
        place -= 1
      }
      loop.order[place] = i
    }
    return loop
  }

  private mutating func updateBounds(_ loop: inout WordLoop, _ target: DocID) {
    guard !loop.hasBound || target > loop.end else { return }
    loop.hasBound = true
    loop.bound = 0
    loop.others = 0
    loop.end = .terminated
    for i in 0..<loop.lists.count {
      let list = loop.lists[i]
      lists[list].seekBlock(target)
      guard !lists[list].isExhausted else {
        (loop.bound, loop.end) = (-.infinity, .terminated)
        return
      }
      let score = BM25.score(scale: units[loop.units[i]].scale, ratio: lists[list].blockRatio(inverse, norms: view))
      loop.bound += score
      if i != loop.order[0] { loop.others += score }
      loop.end = min(loop.end, lists[list].blockLast)
    }
  }

  /// The leader's documents from where it stands through `last`.
  private mutating func runRun(_ loop: WordLoop, through last: DocID) {
    let lead = loop.lists[loop.order[0]]
    if !lists[lead].hasFrequencies { lists[lead].decodeFrequencies() }
    guard !lists[lead].isExhausted else { return }
    let documents = lists[lead].documents
    let first = lists[lead].index
    var stop = lists[lead].documentsOf(block: lists[lead].decodedBlock)
    if lists[lead].blockLast > last {
      stop = first
      while documents[stop] <= last { stop += 1 }
    }
    let count = stop - first
    view.score(
      documents.part(from: first, count: count), lists[lead].frequencies.part(from: first, count: count), count: count,
      inverse: inverse, scale: units[loop.units[loop.order[0]]].scale, into: loop.scores)
    // Sums are made in another order here than in the score.
    let slack = DisjunctionState.slack
    let needed = prunes ? floor / slack - loop.others : -.infinity
    let filters = needed >= 0
    let found = filters ? SegmentView.above(needed, loop.scores, count: count, into: loop.indexes) : count
    for i in 0..<found {
      let place = filters ? Int(loop.indexes[i]) : i
      if prunes, (loop.scores[place] + loop.others) * slack <= floor { continue }
      let document = documents[first + place]
      guard alignWords(loop, document), !view.isDeleted(document) else { continue }
      self.count(document)
      collect(document, score(loop, document, lead: loop.scores[place]))
    }
  }

  @inline(__always)
  private mutating func alignWords(_ loop: WordLoop, _ document: DocID) -> Bool {
    for i in 1..<loop.order.count {
      let list = loop.lists[loop.order[i]]
      if lists[list].document < document || lists[list].decodedBlock < 0 { lists[list].advance(to: document) }
      if lists[list].document != document { return false }
    }
    return true
  }

  /// The sum in query order.
  @inline(__always)
  private mutating func score(_ loop: WordLoop, _ document: DocID, lead: Float) -> Float {
    let factor = inverse[Int(view.norm(document))]
    var sum: Float = 0
    for i in 0..<loop.lists.count {
      if i == loop.order[0] {
        sum += lead
      } else {
        let ratio = Float(lists[loop.lists[i]].frequency()) * factor
        sum += BM25.score(scale: units[loop.units[i]].scale, ratio: ratio)
      }
    }
    counters.documentsScored &+= 1
    return sum
  }
}
