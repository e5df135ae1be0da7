internal import Base

/// For each pair (or triple) by number: its heaviest documents so far, and the front of those that were dropped.
struct TierCandidates: ~Copyable {
  /// Eight bytes: all tiers' entries are more than a cache holds. The weight is quarters times the factor of the norm.
  struct Entry: BitwiseCopyable {
    var document: DocID
    var quarters: UInt32
  }

  private var arena = ScratchArena()
  /// Room for `entriesMax` entries each, and how many there are.
  private let entries: Slots<Entry>
  private let counts: Slots<Int32>
  /// Documents that have the pair.
  private let totals: Slots<UInt32>
  /// What is not heavier has no chance any more.
  private let least: Slots<Float>
  /// For each norm that was dropped the most quarters by pair.
  private let rest: Slots<Slots<UInt32>>
  /// The norm of each document, and what a quarter weighs in documents of each norm.
  private var norms: [UInt8] = []
  private let factors: Slots<Float>
  // Scratch: numbers and quarters of one document; weights and dropped entries of one tier.
  private let heavy: Slots<UInt32>
  private let heavyQuarters: Slots<UInt32>
  private let weights: Slots<Float>
  private let light: Slots<Entry>

  private static let entriesMax = 2 * NearTier.documentsMax
  private static let noEntry = Entry(document: 0, quarters: 0)

  init(count: Int) {
    entries = arena.room(count * Self.entriesMax, of: Entry.self)
    counts = arena.slots(count, repeating: 0)
    totals = arena.slots(count, repeating: 0)
    least = arena.slots(count, repeating: 0)
    let noRest = arena.slots(0, of: UInt32.self)
    rest = arena.slots(256, repeating: noRest)
    factors = arena.slots(256, repeating: 0)
    heavy = arena.slots(count, repeating: 0)
    heavyQuarters = arena.slots(count, repeating: 0)
    weights = arena.slots(Self.entriesMax, repeating: 0)
    light = arena.slots(Self.entriesMax, repeating: Self.noEntry)
  }

  /// A tier pays where it saves most of the documents.
  func isWorthIt(_ number: Int) -> Bool { Int(totals[number]) >= 4 * NearTier.documentsMax }

  /// Adds a document above all before it with the nearness of each pair it has; takes the sums out.
  /// - Parameters:
  ///   - factor: What a quarter weighs in a document of this length: the same for the same norm.
  ///   - sums: The nearness by number, 0 for what the document does not have.
  mutating func addDocument(_ document: DocID, norm: UInt8, factor: Float, _ sums: Slots<Float>) {
    factors[Int(norm)] = factor
    while norms.count < Int(document) { norms.append(0) }  // without a common word
    norms.append(norm)
    let kept = KeptNearness(totals: totals, dropped: rest(norm), least: least, factor: factor)
    let found = sums.drain(into: kept, heavy: heavy, quarters: heavyQuarters)
    // Each entry goes to a place of its own, which is in no cache.
    for i in 0..<found { entries.prefetch(place(Int(heavy[i]))) }
    for i in 0..<found {
      add(Entry(document: document, quarters: heavyQuarters[i]), to: Int(heavy[i]))
    }
  }

  /// What was dropped of documents of this length; made when the first one comes.
  private mutating func rest(_ norm: UInt8) -> Slots<UInt32> {
    if rest[Int(norm)].count == 0 { rest[Int(norm)] = arena.slots(counts.count, repeating: UInt32(0)) }
    return rest[Int(norm)]
  }

  /// The entries of a tier.
  private func candidates(_ number: Int) -> Slots<Entry> {
    entries.part(from: number &* Self.entriesMax, count: Self.entriesMax)
  }

  /// Where the next entry of a tier goes.
  @inline(__always)
  private func place(_ number: Int) -> Int { number &* Self.entriesMax &+ Int(counts[number]) }

  @inline(__always)
  private mutating func add(_ entry: Entry, to number: Int) {
    if Int(counts[number]) == Self.entriesMax { shrink(number) }
    entries[place(number)] = entry
    counts[number] &+= 1
  }

  /// Keeps the heaviest: by the weight that so many reach, found among the weights alone.
  private mutating func shrink(_ number: Int) {
    let candidates = self.candidates(number)
    let (weights, light, factors, norms) = (self.weights, self.light, self.factors, self.norms)
    let count = Int(counts[number])
    for i in 0..<count {
      let entry = candidates[i]
      weights[i] = Float(entry.quarters) * factors[Int(norms[Int(entry.document)])]
    }
    let bound = weights.largest(NearTier.documentsMax, count: count)
    let kept = candidates.keepHeaviest(NearTier.documentsMax, weights, count: count, bound: bound, light: light)
    for i in 0..<count - kept {
      let entry = light[i]
      let rest = self.rest[Int(norms[Int(entry.document)])]
      rest[number] = max(rest[number], entry.quarters)
    }
    counts[number] = Int32(kept)
    least[number] = bound
  }

  /// Writes the list of one tier; answers its payload.
  mutating func write<E: Error>(
    _ number: Int, _ encoder: inout PostingListEncoder, into writer: inout ExtentWriter<E>
  ) throws(E) -> [UInt8] {
    if Int(counts[number]) > NearTier.documentsMax { shrink(number) }
    encoder.reset()
    // They came in the order of their documents, and dropping some keeps it.
    let candidates = self.candidates(number)
    for i in 0..<Int(counts[number]) {
      let entry = candidates[i]
      encoder.add(entry.document, frequency: entry.quarters, norm: norms[Int(entry.document)], positions: Span())
    }
    return NearTier.payload(rest: front(number), list: try encoder.finish(into: &writer))
  }

  /// The Pareto front of what was dropped.
  private func front(_ number: Int) -> [(norm: UInt8, quarters: UInt32)] {
    var front: [(norm: UInt8, quarters: UInt32)] = []
    for norm in 0..<rest.count where rest[norm].count > 0 {
      let dropped = rest[norm][number]
      if dropped > front.last?.quarters ?? 0 { front.append((UInt8(norm), dropped)) }
    }
    return front
  }
}
