/// The minimal windows that hold a position for each of k words, no position twice, where the words may share
/// positions (`NEAR/5(a, a, foo*, food)`).
///
/// Positions enter on the right in ascending order, with the set of words they can serve; a matching of words to
/// positions is kept maximum by augmenting paths (one for a position that enters, one for a word whose position
/// leaves). Whenever all words are served the left end moves in as far as that stays so: a minimal window.
///
/// - Complexity: O(k²) for each position that enters, O(k² + window) for each that leaves; at most 64 words.
struct DistinctWindow: Sendable {
  static let wordsMax = 64

  private struct Entry: Sendable, BitwiseCopyable {
    var position: UInt32
    /// Bit w: the position can serve word w.
    var words: UInt64
    /// The word it serves, or −1.
    var served: Int
  }

  private let leaves: [Int]
  private let lengthMax: Int
  private var nexts: [Int]
  private var ends: [Int]
  /// The window is `entries[first...]`.
  private var entries: [Entry] = []
  private var first = 0
  /// Index in `entries` of the position that serves each word, or −1.
  private var serving: [Int]
  private var servedCount = 0

  init(leaves: [Int], lengthMax: Int) {
    precondition(leaves.count <= Self.wordsMax)
    self.leaves = leaves
    self.lengthMax = lengthMax
    nexts = [Int](repeating: 0, count: leaves.count)
    ends = nexts
    serving = [Int](repeating: -1, count: leaves.count)
  }

  mutating func restart(_ ranges: [Range<Int>]) {
    for word in leaves.indices {
      nexts[word] = ranges[leaves[word]].lowerBound
      ends[word] = ranges[leaves[word]].upperBound
      serving[word] = -1
    }
    entries.removeAll(keepingCapacity: true)
    first = 0
    servedCount = 0
  }

  mutating func next(_ positions: Span<UInt32>) -> Hull {
    while enterNext(positions) {
      let last = entries[entries.count - 1].position
      while Int(last) - Int(entries[first].position) >= lengthMax { leaveFirst() }
      guard servedCount == leaves.count else { continue }
      // All are served: the window that begins here or later and ends here is minimal, since the one before was left
      // behind by its first position.
      while true {
        let lo = entries[first].position
        leaveFirst()
        if servedCount < leaves.count { return Hull(lo, last) }
      }
    }
    return .none
  }

  /// Takes in the least position that no word has passed; false at the end.
  private mutating func enterNext(_ positions: Span<UInt32>) -> Bool {
    var position = UInt32.max
    for word in leaves.indices where nexts[word] < ends[word] { position = min(position, positions[nexts[word]]) }
    guard position != .max else { return false }
    var entry = Entry(position: position, words: 0, served: -1)
    for word in leaves.indices where nexts[word] < ends[word] && positions[nexts[word]] == position {
      entry.words |= 1 << UInt64(word)
      nexts[word] += 1
    }
    if first > 1024, first * 2 > entries.count { forgetLeft() }
    entries.append(entry)
    if servedCount < leaves.count {
      var seen: UInt64 = 0
      if serve(from: entries.count - 1, &seen) { servedCount += 1 }
    }
    return true
  }

  /// Puts an entry to use: for a word that has no position, or one whose position can be put to use elsewhere.
  private mutating func serve(from entry: Int, _ seen: inout UInt64) -> Bool {
    var open = entries[entry].words & ~seen
    while open != 0 {
      let word = open.trailingZeroBitCount
      seen |= 1 << UInt64(word)
      let former = serving[word]
      if former < 0 || serve(from: former, &seen) {
        serving[word] = entry
        entries[entry].served = word
        return true
      }
      open &= ~seen
    }
    return false
  }

  private mutating func leaveFirst() {
    let word = entries[first].served
    first += 1
    guard word >= 0 else { return }
    serving[word] = -1
    servedCount -= 1
    // Any entry that serves nobody and reaches the word by exchanges takes over. A word seen in vain leads nowhere
    // for the next entry either.
    var seen: UInt64 = 0
    for entry in first..<entries.count where entries[entry].served < 0 {
      if serve(from: entry, &seen) {
        servedCount += 1
        return
      }
    }
  }

  private mutating func forgetLeft() {
    entries.removeFirst(first)
    for word in serving.indices where serving[word] >= 0 { serving[word] -= first }
    first = 0
  }
}
