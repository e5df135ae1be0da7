internal import Base

/// For each pair (or triple) by number: its heaviest documents so far, and the front of those that were dropped.
struct TierCandidates: ~Copyable {
  struct Entry: BitwiseCopyable {
    var weight: Float
    var document: DocID
    var quarters: UInt32
    var norm: UInt8
  }

  private var arena = ScratchArena()
  /// Room for entries, which grows to `entriesMax`, and how many there are.
  private let entries: Slots<Slots<Entry>>
  private let counts: Slots<Int32>
  /// Documents that have the pair.
  private let totals: Slots<UInt32>
  /// What is not heavier has no chance any more.
  private let least: Slots<Float>
  /// For each norm that was dropped the most quarters by pair.
  private var rest: [Slots<UInt32>?]
  private let weights: Slots<Float>

  private static let entriesMax = 2 * NearTier.documentsMax
  private static let entriesFirst = 32

  init(count: Int) {
    let none = arena.slots(0, of: Entry.self)
    entries = arena.slots(count, repeating: none)
    counts = arena.slots(count, repeating: 0)
    totals = arena.slots(count, repeating: 0)
    least = arena.slots(count, repeating: 0)
    rest = Array(repeating: nil, count: 256)
    weights = arena.slots(Self.entriesMax, repeating: 0)
  }

  /// A tier pays where it saves most of the documents.
  func isWorthIt(_ number: Int) -> Bool { Int(totals[number]) >= 4 * NearTier.documentsMax }

  /// Adds a document above all before it with the nearness of each pair it has; takes the sums out.
  /// - Parameter factor: What a quarter weighs in a document of this length.
  mutating func addDocument(_ document: DocID, norm: UInt8, factor: Float, _ sums: NearnessSums) {
    let dropped = rest(norm)
    sums.drain { number, sum in
      let quarters = Self.quarters(sum)
      let weight = Float(quarters) * factor
      totals[number] &+= 1
      if weight > least[number] {
        add(Entry(weight: weight, document: document, quarters: quarters, norm: norm), to: number)
      } else {
        dropped[number] = max(dropped[number], quarters)
      }
    }
  }

  /// The nearness in quarters, rounded up; the query adds up the same addends in another order.
  @inline(__always)
  static func quarters(_ nearness: Float) -> UInt32 {
    let exact = nearness / NearTier.unit * LeafCursor.slack
    guard exact < 4e9 else { return UInt32(4e9) }
    let whole = UInt32(exact)
    return Float(whole) < exact ? whole &+ 1 : whole
  }

  private mutating func rest(_ norm: UInt8) -> Slots<UInt32> {
    if let known = rest[Int(norm)] { return known }
    let new = arena.slots(entries.count, repeating: UInt32(0))
    rest[Int(norm)] = new
    return new
  }

  @inline(__always)
  private mutating func add(_ entry: Entry, to number: Int) {
    let count = Int(counts[number])
    if count == entries[number].count { makeRoom(number) }
    entries[number][Int(counts[number])] = entry
    counts[number] &+= 1
  }

  /// Grows a tier's room or, where that is at its most, drops half of it.
  @inline(never)
  private mutating func makeRoom(_ number: Int) {
    let old = entries[number]
    if old.count == Self.entriesMax { return shrink(number) }
    let room = old.count == 0 ? Self.entriesFirst : old.count * 4
    let larger = arena.slots(min(room, Self.entriesMax), repeating: Entry(weight: 0, document: 0, quarters: 0, norm: 0))
    for i in 0..<old.count { larger[i] = old[i] }
    entries[number] = larger
  }

  /// Keeps the heaviest: by the weight that so many reach, found among the weights alone.
  private mutating func shrink(_ number: Int) {
    let candidates = entries[number]
    let count = Int(counts[number])
    for i in 0..<count { weights[i] = candidates[i].weight }
    let bound = Self.largest(NearTier.documentsMax, of: weights, count: count)
    // Those above it are fewer than a tier holds; of those that equal it the first fill it up.
    var room = NearTier.documentsMax
    for i in 0..<count { room &-= candidates[i].weight > bound ? 1 : 0 }
    var kept = 0
    for i in 0..<count {
      let entry = candidates[i]
      if entry.weight > bound || entry.weight == bound && room > 0 {
        if entry.weight == bound { room -= 1 }
        candidates[kept] = entry
        kept += 1
      } else {
        let dropped = rest(entry.norm)
        dropped[number] = max(dropped[number], entry.quarters)
      }
    }
    counts[number] = Int32(kept)
    least[number] = bound
  }

  /// The `rank`-th largest of the first `count` values, which change places (Hoare's selection, 1961).
  private static func largest(_ rank: Int, of values: Slots<Float>, count: Int) -> Float {
    var low = 0
    var high = count - 1
    let target = rank - 1
    while low < high {
      let pivot = values[(low + high) / 2]
      var i = low
      var j = high
      while i <= j {
        while values[i] > pivot { i += 1 }
        while values[j] < pivot { j -= 1 }
        guard i <= j else { break }
        (values[i], values[j]) = (values[j], values[i])
        i += 1
        j -= 1
      }
      if target <= j { high = j } else if target >= i { low = i } else { break }
    }
    return values[target]
  }

  /// Writes the list of one tier; answers its payload.
  mutating func write<E: Error>(
    _ number: Int, _ encoder: inout PostingListEncoder, into writer: inout ExtentWriter<E>
  ) throws(E) -> [UInt8] {
    if Int(counts[number]) > NearTier.documentsMax { shrink(number) }
    encoder.reset()
    // They came in the order of their documents, and dropping some keeps it.
    for i in 0..<Int(counts[number]) {
      let entry = entries[number][i]
      encoder.add(entry.document, frequency: entry.quarters, norm: entry.norm, positions: Span())
    }
    return NearTier.payload(rest: front(number), list: try encoder.finish(into: &writer))
  }

  /// The Pareto front of what was dropped.
  private func front(_ number: Int) -> [(norm: UInt8, quarters: UInt32)] {
    var front: [(norm: UInt8, quarters: UInt32)] = []
    for norm in rest.indices {
      guard let dropped = rest[norm], dropped[number] > front.last?.quarters ?? 0 else { continue }
      front.append((UInt8(norm), dropped[number]))
    }
    return front
  }
}
