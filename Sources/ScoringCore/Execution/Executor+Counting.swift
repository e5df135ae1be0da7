internal import Base

/// The exact number of documents of a flat union or conjunction of words, by bit sets of windows: no frequency is
/// unpacked, nothing scored, and blocks that are bit sets are taken over as they are.
extension Executor {
  /// Documents of one window: small enough for the first-level cache, large enough for the cost of a window not to show.
  private static let countingWindow = SegmentView.partMultiple

  /// Matches of a conjunction that are ranked as they were counted, at most, and so many postings of the rarest word for
  /// each of them and each word: to score one costs about as much as to walk past so many.
  private static let foundMax = 256
  private static let postingsPerFound = 2

  /// A conjunction is counted document by document where the other words' documents are more than so many times the
  /// rarest word's: to look one up costs about as much as to set so many bits.
  private static let markedPerLookUp: UInt64 = 24

  /// Counts the documents that hold one of the words; leaves the cursors as it found them.
  mutating func countUnion(_ words: [Int]) {
    if words.count == 1, let known = documentFrequency(of: units[words[0]].firstLeaf) {
      matchCount += known
      return
    }
    countWindows { (executor, start, end, bits, _) in
      var next = DocID.terminated
      for word in words { next = min(next, executor.mark(executor.units[word].firstLeaf, start, end, bits)) }
      return next
    }
  }

  /// Counts the documents that hold all of the words; leaves the cursors as it found them. False where it counted
  /// nothing, because another way is cheaper.
  mutating func countConjunction(_ words: [Int]) -> Bool {
    if words.count == 1, let known = documentFrequency(of: units[words[0]].firstLeaf) {
      matchCount += known
      return true
    }
    // In the arena: an array takes as long as a block of documents.
    let ordered = arena.slots(words.count, repeating: 0)
    var others: UInt64 = 0
    for i in words.indices {
      let leaf = units[words[i]].firstLeaf
      var place = i
      while place > 0, leaves[ordered[place - 1]].cost > leaves[leaf].cost {
        ordered[place] = ordered[place - 1]
        place -= 1
      }
      ordered[place] = leaf
      others += leaves[leaf].cost
    }
    let rarest = leaves[ordered[0]].cost
    others -= rarest
    guard others <= Self.markedPerLookUp * rarest else { return false }
    if floor < .infinity {
      // More of them are found sooner by bounds than one by one.
      let room = min(UInt64(Self.foundMax), rarest / UInt64(Self.postingsPerFound * words.count))
      foundDocuments = arena.slots(Int(room), repeating: 0)
    }
    countWindows { (executor, start, end, bits, other) in
      var next = executor.mark(ordered[0], start, end, bits)
      for i in 1..<ordered.count {
        other.fill(0)
        // Behind the farthest of the words' next documents there is the next candidate.
        let following = executor.mark(ordered[i], start, end, other)
        next = max(next, following)
        for i in 0..<bits.count { bits[i] &= other[i] }
      }
      return next
    }
    return true
  }

  /// Counts the documents of a set.
  mutating func countSet(_ set: DocumentBits) {
    var document = set.first(from: view.range.lowerBound)
    while document < view.range.upperBound {
      if !view.isDeleted(document) { count(document) }
      document = set.first(from: document + 1)
    }
  }

  /// What the list itself says; nil where documents have to be looked at.
  private func documentFrequency(of leaf: Int) -> Int? {
    guard !view.hasDeletions, matched.count == 0, leaves[leaf].mode == .single else { return nil }
    return Int(lists[leaves[leaf].first].reference.documentFrequency)
  }

  /// Writes down the documents of a window that match, where there is room for all.
  private mutating func noteFound(_ bits: Slots<UInt64>, _ start: DocID, _ matches: Int) {
    guard foundDocuments.count > 0, foundCount >= 0 else { return }
    guard foundCount + matches <= foundDocuments.count else {
      foundCount = -1
      return
    }
    for word in 0..<bits.count {
      var rest = bits[word]
      while rest != 0 {
        foundDocuments[foundCount] = start + DocID(64 * word + rest.trailingZeroBitCount)
        foundCount &+= 1
        rest &= rest &- 1
      }
    }
  }

  /// Scores the documents of a conjunction that counting has found; false, and nothing, where it has not found them all.
  mutating func rankFound(_ words: FlatWords) -> Bool {
    guard foundDocuments.count > 0, foundCount >= 0, words.optional.isEmpty else { return false }
    for i in 0..<foundCount {
      let document = foundDocuments[i]
      let factor = inverse[Int(view.norm(document))]
      counters.documentsScored &+= 1
      var sum: Float = 0
      for unit in words.required {
        let leaf = units[unit].firstLeaf
        // It is there, or bytes contradict themselves, which the cursor knows.
        guard moves(leaf, to: document) else { return true }
        sum += BM25.score(scale: units[unit].scale, ratio: Float(frequency(of: leaf, in: document)) * factor)
      }
      collect(document, sum)
    }
    return true
  }

  /// Calls `mark` for each window to set the bits of its documents; it answers where the next window may begin.
  private mutating func countWindows(
    _ mark: (inout Executor, _ start: DocID, _ end: DocID, _ bits: Slots<UInt64>, _ other: Slots<UInt64>) -> DocID
  ) {
    guard lists.count > 0 else { return }
    let bits = arena.unwritten(Int(Self.countingWindow) / 64, of: UInt64.self)
    let other = arena.unwritten(Int(Self.countingWindow) / 64, of: UInt64.self)
    let saved = arena.slots(copying: lists)
    var start = view.range.lowerBound
    while start < view.range.upperBound {
      let end = min(start + Self.countingWindow, view.range.upperBound)
      let words = (Int(end - start) + 63) / 64
      let here = bits.part(from: 0, count: words)
      here.fill(0)
      let next = mark(&self, start, end, here, other.part(from: 0, count: words))
      countBits(here, start)
      guard next != .terminated else { break }
      start = next & ~(Self.countingWindow - 1)
    }
    for i in 0..<lists.count { lists[i].restore(saved[i]) }
  }

  /// Sets the bits of a leaf's documents from `start` to `end`; answers a document that the next one is not below.
  private mutating func mark(_ leaf: Int, _ start: DocID, _ end: DocID, _ bits: Slots<UInt64>) -> DocID {
    var next = DocID.terminated
    for list in leaves[leaf].first..<leaves[leaf].first + leaves[leaf].count {
      next = min(next, lists[list].mark(from: start, to: end, in: bits))
    }
    return next
  }

  private mutating func countBits(_ bits: Slots<UInt64>, _ start: DocID) {
    if view.hasDeletions {
      for word in 0..<bits.count { bits[word] &= ~view.deletedWord(start / 64 + DocID(word)) }
    }
    let matches = bits.countBits()
    matchCount += matches
    noteFound(bits, start, matches)
    guard matched.count > 0 else { return }
    for word in 0..<bits.count { matched[Int(start / 64) + word] = bits[word] }
  }
}
