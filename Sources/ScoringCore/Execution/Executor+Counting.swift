internal import Base

/// The exact number of documents of a union, by bit sets of 4,096 documents: no frequency is unpacked, nothing scored.
extension Executor {
  /// Counts the documents that hold one of the words; leaves the cursors as it found them.
  mutating func countUnion(_ words: [Int]) {
    let bits = arena.slots(LeafCursor.windowCount / 64, repeating: UInt64(0))
    guard lists.count > 0 else { return }
    let saved = arena.slots(lists.count, repeating: lists[0])
    for i in 0..<lists.count { saved[i] = lists[i] }
    for word in words { startLists(of: units[word].firstLeaf) }
    var start: DocID = 0
    while start < view.documentCount {
      let end = min(start + DocID(LeafCursor.windowCount), view.documentCount)
      bits.fill(0)
      var next = DocID.terminated
      for word in words { next = min(next, mark(units[word].firstLeaf, start, end, bits)) }
      countBits(bits, start)
      guard next != .terminated else { break }
      start = next & ~DocID(LeafCursor.windowCount - 1)
    }
    for i in 0..<lists.count {
      lists[i].restore(saved[i])
    }
  }

  /// Counts the documents of a set.
  mutating func countSet(_ set: DocumentBits) {
    var document = set.first(from: 0)
    while document != .terminated {
      if !view.isDeleted(document) { count(document) }
      document = set.first(from: document + 1)
    }
  }

  private mutating func startLists(of leaf: Int) {
    for i in leaves[leaf].first..<leaves[leaf].first + leaves[leaf].count { lists[i].advance(to: 0) }
  }

  /// Sets the bits of a word's documents below `end`; answers the first document behind them.
  private mutating func mark(_ leaf: Int, _ start: DocID, _ end: DocID, _ bits: Slots<UInt64>) -> DocID {
    var next = DocID.terminated
    for i in leaves[leaf].first..<leaves[leaf].first + leaves[leaf].count {
      while lists[i].document < end {
        let documents = lists[i].documents
        var index = lists[i].index
        // Terminators behind the last document end the loop.
        while documents[index] < end {
          let slot = Int(documents[index] &- start)
          bits[slot >> 6] |= 1 &<< UInt64(slot & 63)
          index &+= 1
        }
        lists[i].advance(to: documents[index - 1] + 1)
      }
      next = min(next, lists[i].document)
    }
    return next
  }

  private mutating func countBits(_ bits: Slots<UInt64>, _ start: DocID) {
    for word in 0..<bits.count where bits[word] != 0 {
      let live = bits[word] & ~view.deletedWord(start / 64 + DocID(word))
      matchCount += live.nonzeroBitCount
      if matched.count > 0 { matched[Int(start / 64) + word] = live }
    }
  }
}
