/// The words of several buffers as one ascending sequence: for each word the terms that it is in the buffers that have
/// it, in their order.
struct MemoryWords {
  struct Place: BitwiseCopyable {
    private var partNumber: UInt32
    private var termNumber: UInt32
    var part: Int { Int(partNumber) }
    var term: Int { Int(termNumber) }

    init(part: Int, term: UInt32) {
      partNumber = UInt32(part)
      termNumber = term
    }
  }

  private var all: [Place] = []
  /// The words' bytes, end to end and in order, so that whoever goes over them reads memory from front to back.
  private var keyBytes: [UInt8] = []
  private var keyEnds: [UInt32] = []
  private var frequencies: [UInt32] = []
  /// Where the places of each word begin, and the end; empty where there is one buffer, and so one place a word.
  private var starts: [Int] = []

  /// Complexity: a comparison a word and buffer.
  init(_ parts: [MemorySource.Part]) {
    order(parts)
    copyKeys(parts)
  }

  private mutating func copyKeys(_ parts: [MemorySource.Part]) {
    keyEnds.reserveCapacity(count)
    frequencies.reserveCapacity(count)
    // A word's place in memory is asked for some words ahead.
    let ahead = 16
    for word in 0..<count {
      if word + 2 * ahead < count { prefetchEntry(word + 2 * ahead, parts) }
      if word + ahead < count { prefetch(word + ahead, parts) { $0.prefetchKey($1) } }
      let place = first(word)
      parts[place.part].table.appendKey(place.term, to: &keyBytes)
      keyEnds.append(UInt32(keyBytes.count))
      frequencies.append(places(word).reduce(0) { $0 + parts[$1.part].table.documentFrequency($1.term) })
    }
  }

  @inline(__always)
  private func prefetch(_ word: Int, _ parts: [MemorySource.Part], _ body: (BorrowedTable, Int) -> Void) {
    let place = first(word)
    body(parts[place.part].table, place.term)
  }

  private mutating func order(_ parts: [MemorySource.Part]) {
    all.reserveCapacity(parts.reduce(0) { $0 + $1.order.count })
    if parts.count == 1 {
      for term in parts[0].order { all.append(Place(part: 0, term: term)) }
      return
    }
    var next = [Int](repeating: 0, count: parts.count)
    while true {
      var holders: [Int] = []
      for part in parts.indices where next[part] < parts[part].order.count {
        guard let first = holders.first else {
          holders = [part]
          continue
        }
        let order = parts[part].table.compare(
          Int(parts[part].order[next[part]]), with: parts[first].table, Int(parts[first].order[next[first]]))
        if order < 0 { holders = [part] } else if order == 0 { holders.append(part) }
      }
      if holders.isEmpty { break }
      starts.append(all.count)
      for part in holders {
        all.append(Place(part: part, term: parts[part].order[next[part]]))
        next[part] += 1
      }
    }
    starts.append(all.count)
  }

  var count: Int { starts.isEmpty ? all.count : starts.count - 1 }

  func places(_ word: Int) -> ArraySlice<Place> {
    starts.isEmpty ? all[word..<word + 1] : all[starts[word]..<starts[word + 1]]
  }

  private func keyRange(_ word: Int) -> Range<Int> {
    (word == 0 ? 0 : Int(keyEnds[word - 1]))..<Int(keyEnds[word])
  }

  func key(_ word: Int) -> [UInt8] { [UInt8](keyBytes[keyRange(word)]) }

  /// The same without a copy.
  var keys: Keys { Keys(bytes: keyBytes, ends: keyEnds) }

  /// The words' bytes by number.
  struct Keys {
    fileprivate let bytes: [UInt8]
    fileprivate let ends: [UInt32]

    subscript(word: Int) -> Span<UInt8> {
      @_lifetime(borrow self)
      get { bytes.span.extracting((word == 0 ? 0 : Int(ends[word - 1]))..<Int(ends[word])) }
    }
  }

  /// Documents that have a word.
  func documentFrequency(_ word: Int) -> UInt32 { frequencies[word] }

  // Memory that is read soon: what is known of a word; then the beginning of its postings.
  func prefetchEntry(_ word: Int, _ parts: [MemorySource.Part]) { prefetch(word, parts) { $0.prefetchEntry($1) } }
  func prefetchPostings(_ word: Int, _ parts: [MemorySource.Part]) { prefetch(word, parts) { $0.prefetchPostings($1) } }

  /// The number of a word; nil where there is none. Complexity: log2(count).
  func find(_ form: [UInt8], _ parts: [MemorySource.Part]) -> Int? {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      let place = first(middle)
      if parts[place.part].table.precedes(place.term, form) { low = middle + 1 } else { high = middle }
    }
    guard low < count, parts[first(low).part].table.equals(first(low).term, form) else { return nil }
    return low
  }

  private func first(_ word: Int) -> Place { starts.isEmpty ? all[word] : all[starts[word]] }
}
