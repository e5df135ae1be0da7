internal import Index

/// Which of some documents tell one story: the connected components of the relation *near* between fingerprints.
///
/// Two documents are near when their fingerprints agree in 12 of 16 places (`Fingerprint`); a story is everything that a
/// chain of near documents reaches. So the stories are a property of the set of documents alone: neither their order
/// nor the segments they lie in, nor scores, change them.
///
/// Near documents differ in at most four places, so of five blocks of places one agrees whole (Manku, Jain, Das Sarma
/// 2007, for places instead of bits): only documents that share a block are compared, and of those that are known to
/// be of one story only up to the first that is near. Fingerprints that are equal are looked at once.
///
/// Complexity: for n different fingerprints spread evenly n²/2,000 comparisons; memory linear in the documents.
struct NearDuplicates {
  /// Bits of the blocks: four of three places, one of four.
  private static let blocks: [(shift: UInt64, width: UInt64)] = [(0, 12), (12, 12), (24, 12), (36, 12), (48, 16)]
  /// So few are compared each with each.
  private static let comparedAllMax = 128

  private let fingerprints: [UInt64]
  private var forest: DisjointSets
  /// Documents with different fingerprints, each the first of its kind.
  private var distinct: [Int32] = []
  /// The document behind each in its group of the block at hand; -1 at the end.
  private var following: [Int32]

  /// - Parameters:
  ///   - fingerprints: 0 for a document without one, which is a story of its own.
  ///   - checkTime: called now and then; what it throws ends the work.
  /// - Returns: For each document the first one of its story.
  static func firstOfStory<Failure>(
    _ fingerprints: [UInt64], checkTime: () throws(Failure) -> Void
  ) throws(Failure) -> [Int] {
    var finder = NearDuplicates(fingerprints)
    finder.joinEqual()
    if finder.distinct.count <= comparedAllMax {
      try finder.join(finder.distinct[...], checkTime)
    } else {
      for block in blocks { try finder.join(shift: block.shift, width: block.width, checkTime) }
    }
    return finder.first()
  }

  private init(_ fingerprints: [UInt64]) {
    self.fingerprints = fingerprints
    forest = DisjointSets(count: fingerprints.count)
    following = [Int32](repeating: -1, count: fingerprints.count)
  }

  private mutating func joinEqual() {
    var known: [UInt64: Int32] = [:]
    for document in fingerprints.indices where fingerprints[document] != 0 {
      if let first = known[fingerprints[document]] {
        forest.join(Int(first), document)
      } else {
        known[fingerprints[document]] = Int32(document)
        distinct.append(Int32(document))
      }
    }
  }

  /// Joins what is near and has the same bits in a block: a counting sort by them, then bucket by bucket.
  private mutating func join<Failure>(
    shift: UInt64, width: UInt64, _ checkTime: () throws(Failure) -> Void
  ) throws(Failure) {
    let mask = (UInt64(1) << width) - 1
    var ends = [Int](repeating: 0, count: 1 << Int(width) + 1)
    for document in distinct { ends[Int(fingerprints[Int(document)] >> shift & mask) + 1] += 1 }
    for bucket in 1..<ends.count { ends[bucket] += ends[bucket - 1] }
    let starts = ends
    var ordered = [Int32](repeating: 0, count: distinct.count)
    for document in distinct {
      let bucket = Int(fingerprints[Int(document)] >> shift & mask)
      ordered[ends[bucket]] = document
      ends[bucket] += 1
    }
    for bucket in 0..<starts.count - 1 where starts[bucket + 1] - starts[bucket] > 1 {
      try join(ordered[starts[bucket]..<starts[bucket + 1]], checkTime)
    }
  }

  /// Joins all near pairs among some documents. They stand in groups of what is joined already; a document is compared
  /// with a group up to the first that is near.
  private mutating func join<Failure>(
    _ documents: ArraySlice<Int32>, _ checkTime: () throws(Failure) -> Void
  ) throws(Failure) {
    var groups: [(first: Int32, last: Int32)] = []
    for (count, document) in documents.enumerated() {
      if count % 256 == 255 { try checkTime() }
      following[Int(document)] = -1
      var home: Int?
      var group = 0
      while group < groups.count {
        guard isNear(document, toGroup: groups[group].first) else {
          group += 1
          continue
        }
        forest.join(Int(document), Int(groups[group].first))
        if let target = home {
          following[Int(groups[target].last)] = groups[group].first
          groups[target].last = groups[group].last
          groups.swapAt(group, groups.count - 1)
          groups.removeLast()
        } else {
          home = group
          group += 1
        }
      }
      if let home {
        following[Int(groups[home].last)] = document
        groups[home].last = document
      } else {
        groups.append((document, document))
      }
    }
  }

  @inline(__always)
  private func isNear(_ document: Int32, toGroup first: Int32) -> Bool {
    var other = first
    while other >= 0 {
      if Fingerprint.agreement(fingerprints[Int(document)], fingerprints[Int(other)]) >= Fingerprint.agreementMin {
        return true
      }
      other = following[Int(other)]
    }
    return false
  }

  private mutating func first() -> [Int] {
    var firstOfRoot = [Int](repeating: -1, count: fingerprints.count)
    var first: [Int] = []
    first.reserveCapacity(fingerprints.count)
    for document in fingerprints.indices {
      let root = forest.root(of: document)
      if firstOfRoot[root] < 0 { firstOfRoot[root] = document }
      first.append(firstOfRoot[root])
    }
    return first
  }
}

/// Union-find with path halving and union by size (Tarjan, van Leeuwen 1984).
struct DisjointSets {
  private var parents: [Int32]
  private var sizes: [Int32]

  init(count: Int) {
    parents = Array(0..<Int32(count))
    sizes = [Int32](repeating: 1, count: count)
  }

  mutating func root(of element: Int) -> Int {
    var place = element
    while Int(parents[place]) != place {
      parents[place] = parents[Int(parents[place])]
      place = Int(parents[place])
    }
    return place
  }

  mutating func join(_ a: Int, _ b: Int) {
    var small = root(of: a)
    var large = root(of: b)
    guard small != large else { return }
    if sizes[small] > sizes[large] { swap(&small, &large) }
    parents[small] = Int32(large)
    sizes[large] += sizes[small]
  }
}
