import Base
import TestSupport
import Testing

@testable import ScoringCore

/// Lists read back what was added, whatever their length, density and representation.
@Suite struct PostingListTests {
  struct Posting: Equatable {
    var document: DocID
    var positions: [UInt32]
    var norm: UInt8
  }

  @Test func everyListReadsBack() throws {
    try Property.check("a list reads back what was added", seconds: 4) { random in
      let withPositions = Int.random(in: 0..<4, using: &random) > 0
      let postings = Self.randomPostings(&random)
      let (reference, extents, documentCount) = try Self.write(postings, withPositions: withPositions, &random)
      let map = extents.map()
      try #require(Int(reference.documentFrequency) == postings.count)
      var cursor = try PostingWalk(reference, extents: map, documentCount: documentCount)
      var positions: [UInt32] = []
      for posting in postings {
        try #require(try cursor.next() == posting.document)
        // Reading is lazy: a cursor must not depend on everything having been asked for.
        if Int.random(in: 0..<3, using: &random) > 0 {
          try #require(Int(try cursor.frequency()) == posting.positions.count)
        }
        if Int.random(in: 0..<3, using: &random) > 0 {
          try cursor.positions(into: &positions)
          try #require(positions == (withPositions ? posting.positions : []))
        }
      }
      try #require(try cursor.next() == .terminated)
      try #require(try cursor.next() == .terminated)
    }
  }

  @Test func advanceFindsTheFirstDocumentNotBelowTheTarget() throws {
    try Property.check("advance equals a linear search", seconds: 4) { random in
      let postings = Self.randomPostings(&random)
      let (reference, extents, documentCount) = try Self.write(postings, withPositions: true, &random)
      let map = extents.map()
      let stepMax = max(1, documentCount / UInt32.random(in: 1...200, using: &random))
      var cursor = try PostingWalk(reference, extents: map, documentCount: documentCount)
      var target: UInt32 = 0
      var i = 0
      var positions: [UInt32] = []
      while i < postings.count {
        target += UInt32.random(in: 0...stepMax, using: &random)
        while i < postings.count, postings[i].document < target { i += 1 }
        let expected = i < postings.count ? postings[i].document : .terminated
        try #require(try cursor.advance(to: target) == expected)
        guard i < postings.count else { break }
        target = expected
        try cursor.positions(into: &positions)
        try #require(positions == postings[i].positions)
        if Bool.random(using: &random) { target += 1 }
      }
    }
  }

  @Test func bitSetsAreReadAsTheyAre() throws {
    try Property.check("a block of bits says what its documents say", seconds: 4) { random in
      let postings = Self.randomPostings(&random)
      let (reference, extents, documentCount) = try Self.write(postings, withPositions: true, &random)
      let map = extents.map()
      var arena = ScratchArena()
      var cursor = try ListCursor(reference, extents: map, documentCount: documentCount, usesBits: true, arena: &arena)
      let byDocument = Dictionary(uniqueKeysWithValues: postings.map { ($0.document, $0) })
      let buffer = arena.slots((postings.map(\.positions.count).max() ?? 0) + 1, repeating: UInt32(0))
      func check(_ document: DocID) throws {
        let expected = try #require(byDocument[document])
        try #require(cursor.document == document)
        // Reading is lazy: what was not asked for of one document must not be missed at the next.
        if Bool.random(using: &random) {
          let frequency = cursor.frequency()
          try #require(Int(frequency) == expected.positions.count)
        }
        guard Bool.random(using: &random) else { return }
        let isRead = cursor.readPositions(into: buffer, at: 0)
        try #require(isRead)
        try #require((0..<expected.positions.count).map { buffer[$0] } == expected.positions)
      }
      let stepMax = max(1, documentCount / UInt32.random(in: 1...500, using: &random))
      var target: UInt32 = 0
      while target < documentCount {
        switch Int.random(in: 0..<8, using: &random) {
        case 0:
          cursor.advance(to: target)
          try #require(cursor.document == postings.first { $0.document >= target }?.document ?? .terminated)
          if cursor.document != .terminated { try check(cursor.document) }
        case 1, 2:
          let candidates = Set((0..<Int.random(in: 1...100, using: &random)).map { _ in
            target + UInt32.random(in: 0...stepMax, using: &random)
          }).sorted()
          let asked = arena.slots(copying: candidates)
          let places = arena.slots(asked.count, repeating: UInt32(0))
          let blockPlaces = arena.slots(asked.count, repeating: UInt32(0))
          let (found, next) = cursor.intersect(asked, from: 0, count: asked.count, places: places, blockPlaces: blockPlaces)
          try #require((0..<found).map { asked[Int(places[$0])] } == candidates.prefix(next).filter { byDocument[$0] != nil })
          for i in 0..<found {
            cursor.stand(at: Int(blockPlaces[i]), on: asked[Int(places[i])])
            try check(cursor.document)
          }
          target = candidates[next - 1]
        default:
          let isThere = cursor.moves(to: target)
          try #require(isThere == (byDocument[target] != nil))
          if byDocument[target] != nil { try check(target) }
        }
        target += UInt32.random(in: 1...stepMax, using: &random)
      }
      try #require(cursor.failure == nil)
    }
  }

  @Test func boundsHoldAndAreReached() throws {
    try Property.check("no posting is above its block's bound", seconds: 3) { random in
      let postings = Self.randomPostings(&random)
      let norms = postings.map(\.norm)
      let (reference, extents, documentCount) = try Self.write(postings, withPositions: true, &random)
      let map = extents.map()
      let ranking = BM25(averageLength: Float.random(in: 1...500, using: &random))
      var arena = ScratchArena()
      let inverse = arena.slots(256, repeating: Float(0))
      for i in 0..<256 { inverse[i] = ranking.inverse[i] }
      let table = arena.slots(Int(documentCount), repeating: UInt8(0))
      for (posting, norm) in zip(postings, norms) { table[Int(posting.document)] = norm }
      // SAFETY: the table has a byte for each document and lives as long as the arena.
      let view = unsafe SegmentView(
        extents: map, documentCount: documentCount, norms: UnsafePointer(table.pointer()), deleted: nil,
        layouts: LayoutTable(extents: map, address: 0, documentCount: documentCount))
      var list = try ListCursor(reference, extents: map, documentCount: documentCount, arena: &arena)
      let whole = list.listRatio(inverse, view)
      for posting in postings {
        let ratio = Float(posting.positions.count) * ranking.inverse[Int(posting.norm)]
        list.seekBlock(posting.document)
        try #require(!list.isExhausted)
        try #require(list.blockRatio(inverse, norms: view) >= ratio)
        try #require(whole >= ratio)
        if list.isLong { try #require(list.pieceRatio(inverse).ratio >= ratio) }
        try #require(posting.document <= list.blockLast)
        let first = posting.document - min(posting.document, 100)
        var other = list
        other = try ListCursor(reference, extents: map, documentCount: documentCount, arena: &arena)
        if posting.document % 64 == 0 {
          try #require(other.ratio(inverse, view, from: first, through: posting.document + 5_000) >= ratio)
        }
      }
    }
  }

  @Test func payloadsThatContradictThemselvesAreRefused() {
    // df 0; df above the limit; cut short; inline with trailing bytes beyond 32; a byte too many.
    let payloads: [[UInt8]] = [
      [], [0], [0, 0], [2], [3], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 0], [6, 5], [4, 0, 5], [6, 5, 6, 7],
      [7] + [UInt8](repeating: 0, count: 33), [9 << 2 | 3, 1, 1, 1, 1, 1, 1, 1, 1, 1],
    ]
    for payload in payloads {
      #expect(throws: PostingError.payload) { try PostingListReference(payload) }
    }
  }

  @Test func inlineListsStandInTheDictionary() throws {
    // Documents 5 (once, position 3) and 300 (twice, positions 0 and 7): the worked example of the chapter.
    var encoder = PostingListEncoder(withPositions: true)
    let first: [UInt32] = [3]
    let second: [UInt32] = [0, 7]
    encoder.add(5, frequency: 1, norm: 10, positions: first.span)
    encoder.add(300, frequency: 2, norm: 10, positions: second.span)
    var writer = ExtentWriter<Never>(size: .small, reserved: 0) { _, _ in }
    let payload = encoder.finish(into: &writer)
    #expect(payload == [0x09, 0x00, 0x0B, 0x03, 0xCC, 0x04, 0x00, 0x00, 0x06])
    #expect(writer.address == 0)
  }

  @Test func valuesWriteWhatPositionsDo() throws {
    try Property.check("a list is the same by positions and by the values that are stored of them") { random in
      let postings = Self.randomPostings(&random)
      var byPositions = PostingListEncoder(withPositions: true)
      var byValues = PostingListEncoder(withPositions: true)
      for posting in postings {
        byPositions.add(
          posting.document, frequency: UInt32(posting.positions.count), norm: posting.norm,
          positions: posting.positions.span)
        var values = posting.positions
        for i in values.indices.dropFirst() { values[i] = posting.positions[i] - posting.positions[i - 1] - 1 }
        // In pieces, cut anywhere.
        let cut = Int.random(in: 0...values.count, using: &random)
        byValues.addPositionValues(values.span.extracting(0..<cut))
        byValues.addPositionValues(values.span.extracting(cut..<values.count))
        byValues.addDocument(posting.document, frequency: UInt32(values.count), norm: posting.norm)
      }
      try #require(Self.bytes(&byPositions) == Self.bytes(&byValues))
    }
  }

  private static func bytes(_ encoder: inout PostingListEncoder) -> [[UInt8]] {
    var extents: [[UInt8]] = []
    var writer = ExtentWriter<Never>(size: .small, reserved: 0) { _, bytes in
      extents.append(bytes.indices.map { bytes[$0] })
    }
    let payload = encoder.finish(into: &writer)
    _ = writer.finish(header: [])
    return [payload] + extents
  }

  // MARK: - Random lists

  static func randomPostings(_ random: inout SplitMix64) -> [Posting] {
    let count: Int
    switch Int.random(in: 0..<6, using: &random) {
    case 0: count = Int.random(in: 1...4, using: &random)
    case 1: count = Int.random(in: 1...127, using: &random)
    case 2: count = Int.random(in: 1...40, using: &random) * 128
    case 3: count = Int.random(in: 4_000...9_000, using: &random)
    default: count = Int.random(in: 128...1_500, using: &random)
    }
    let gapMax = UInt32(1) << UInt32.random(in: 0...10, using: &random)
    let rareGap = UInt32.random(in: 0...1, using: &random) * 4_000
    let frequencyMax = 1 << Int.random(in: 0...6, using: &random)
    let positionGapMax = UInt32(1) << UInt32.random(in: 0...16, using: &random)
    var document: UInt32 = 0
    return (0..<count).map { i in
      let gap = UInt32.random(in: 1...gapMax, using: &random)
      document += (i == 0 ? gap - 1 : gap)
      if rareGap > 0, Int.random(in: 0..<60, using: &random) == 0 { document += rareGap }
      let isLong = Int.random(in: 0..<200, using: &random) == 0
      let frequency = Int.random(in: 1...(isLong ? 400 : frequencyMax), using: &random)
      var position: UInt32 = 0
      let positions = (0..<frequency).map { k in
        position += UInt32.random(in: 0..<positionGapMax, using: &random) + (k == 0 ? 0 : 1)
        return position
      }
      return Posting(document: document, positions: positions, norm: UInt8.random(in: 1...90, using: &random))
    }
  }

  static func write(
    _ postings: [Posting], withPositions: Bool, _ random: inout SplitMix64
  ) throws -> (PostingListReference, MemoryExtents, documentCount: UInt32) {
    let size: ExtentSize = Bool.random(using: &random) ? .small : .large
    let extents = MemoryExtents(size: size)
    var writer = ExtentWriter<Never>(
      size: size, reserved: Int.random(in: 0...60_000, using: &random)
    ) { number, bytes in extents.store(number, bytes) }
    var encoder = PostingListEncoder(withPositions: withPositions)
    for posting in postings {
      let positions = withPositions ? posting.positions : []
      encoder.add(
        posting.document, frequency: UInt32(posting.positions.count), norm: posting.norm, positions: positions.span)
    }
    let payload = encoder.finish(into: &writer)
    _ = writer.finish(header: [])
    let reference = try PostingListReference(payload, withPositions: withPositions)
    return (reference, extents, postings.last!.document + 1)
  }
}
