import Base
import ScoringCore
import Testing
import TestSupport

/// Where values, sentences and paragraphs begin: bytes, reading, and what no match may cross.
@Suite struct PositionsLayoutTests {
  /// A value by the lengths of its sentences; `paragraphs` says which of them begin one.
  typealias Value = (field: UInt8, lengths: [UInt32], paragraphs: Set<Int>)

  static func add(_ values: [Value], to encoder: inout DocumentLayoutEncoder) {
    for value in values {
      var starts: [UInt32] = []
      var next: UInt32 = 0
      for length in value.lengths {
        starts.append(next)
        next += length
      }
      let paragraphs = starts.indices.filter { $0 == 0 || value.paragraphs.contains($0) }.map { starts[$0] }
      encoder.addValue(
        field: FieldID(rawValue: value.field), wordCount: next, sentenceStarts: starts.span,
        paragraphStarts: paragraphs.span)
    }
    encoder.endDocument()
  }

  /// The example of the format's description, byte for byte.
  @Test func recordOfTheChapter() throws {
    var encoder = DocumentLayoutEncoder()
    Self.add([(0, [3], []), (1, [5, 3, 4], [2])], to: &encoder)
    let segment = TestSegment { encoder.finish(into: &$0) }
    try segment.withMap { map in
      let table = LayoutTable(extents: map, address: segment.address, documentCount: 1)
      #expect(try table.record(0) == [0x02, 0x00, 0x03, 0x01, 0x0C, 0x07, 0x0B, 0x06, 0x09])
      var layout = DocumentLayout()
      try table.load(0, sentences: true, into: &layout)
      #expect(layout.values.map(\.start) == [0, 4] && layout.values.map(\.end) == [3, 16])
      #expect(layout.sentenceStarts == [0, 4, 9, 12] && layout.paragraphStarts == [0, 4, 12])
      #expect(layout.locate(3) == nil && layout.locate(16) == nil)
      #expect(try #require(layout.locate(2)) == (0, 2) && #require(layout.locate(9)) == (1, 5))
      #expect(throws: LayoutError.outOfBounds(document: 1)) { try table.load(1, sentences: false, into: &layout) }
    }
  }

  /// Random layouts over several extents, read whole and without sentences, copied by a merge.
  @Test(arguments: [UInt64](1...6)) func layoutsRoundTrip(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var encoder = DocumentLayoutEncoder()
    var expected: [[Value]] = []
    for _ in 0..<4000 {
      let values = (0..<Int(random.next() % 4)).map { _ in
        let lengths = (0..<Int(random.next() % 24)).map { _ in UInt32(1 + random.next() % 90) }
        let paragraphs = Set(lengths.indices.filter { _ in random.next() % 3 == 0 })
        return (field: UInt8(random.next() % 8), lengths: lengths, paragraphs: paragraphs)
      }
      expected.append(values)
      Self.add(values, to: &encoder)
    }
    let segment = TestSegment(reserved: 66) { encoder.finish(into: &$0) }
    #expect(segment.extents.count > 1)
    var records: [[UInt8]] = []
    try segment.withMap { map in
      let table = LayoutTable(extents: map, address: segment.address, documentCount: 4000)
      var layout = DocumentLayout()
      for (document, values) in expected.enumerated() {
        records.append(try table.record(DocID(document)))
        try table.load(DocID(document), sentences: false, into: &layout)
        #expect(layout.sentenceStarts.isEmpty && layout.values.map(\.field.rawValue) == values.map(\.field))
        try table.load(DocID(document), sentences: true, into: &layout)
        var sentences: [UInt32] = []
        var paragraphs: [UInt32] = []
        var position: UInt32 = 0
        for value in values {
          for (number, length) in value.lengths.enumerated() {
            sentences.append(position)
            if number == 0 || value.paragraphs.contains(number) { paragraphs.append(position) }
            position += length
          }
          position += 1
        }
        #expect(layout.sentenceStarts == sentences && layout.paragraphStarts == paragraphs)
      }
    }
    let copy = TestSegment(reserved: 66) { writer in
      DocumentLayoutEncoder.write(documentCount: records.count, into: &writer) { records[$0] }
    }
    #expect(copy.extents == segment.extents)
  }

  /// Bytes of any kind give a layout or an error.
  @Test func damagedBytesAreErrors() {
    var random = SplitMix64(seed: 11)
    var failures = 0
    var addresses: [UInt64] = []
    let segment = TestSegment { writer in
      for _ in 0..<2000 {
        var bytes: [UInt8] = [0, 0, 0, 0]
        let count = UInt32(random.next() % 12)
        bytes.appendInteger(random.next() % 8 == 0 ? UInt32(truncatingIfNeeded: random.next()) : count)
        for _ in 0..<count {
          let isAny = random.next() % 4 == 0
          bytes.append(UInt8(truncatingIfNeeded: isAny ? random.next() : random.next() % 6))
        }
        addresses.append(writer.appendTogether(bytes.span, alignment: 4))
      }
      return addresses[0]
    }
    segment.withMap { map in
      var layout = DocumentLayout()
      for address in addresses {
        do {
          try LayoutTable(extents: map, address: address, documentCount: 1).load(0, sentences: true, into: &layout)
          #expect(layout.values.allSatisfy { $0.start <= $0.end })
        } catch { failures += 1 }
      }
    }
    #expect(failures > 100)
  }

  /// Nothing crosses from one value into the next, whatever the operator.
  @Test func noMatchCrossesAValue() throws {
    // a b | b a: two values of two words each.
    let (a, b): (Bits, Bits) = (1, 2)
    let document = try TestDocument([
      OracleDocument(words: [a, b], sentence: [0, 0], paragraph: [0, 0]),
      OracleDocument(words: [b, a], sentence: [0, 0], paragraph: [0, 0]),
    ])
    let cases: [(OracleQuery, [[UInt32]])] = [
      (.phrase([b, nil, b]), []),
      (.phrase([b, nil]), [[3, 3]]),
      (.phrase([nil, a]), [[4, 4]]),
      (.near(min: 0, max: 10, .word(b), .word(b)), []),
      (.precedes(min: 1, max: .max, .word(b), .word(a)), [[3, 4]]),
      (.precedes(min: 1, max: .max, .word(a), .word(b)), [[0, 1]]),
      (.window(limit: 10, [.word(a), .word(b), .word(b)]), []),
      (.notNear(max: 3, .word(b), .word(b)), [[1, 1], [3, 3]]),
      (.paragraph(.word(b), .word(b)), []),
      (.loosePhrase(extra: 5, [a, a]), []),
    ]
    for (oracleQuery, expected) in cases {
      let query = MatcherQuery(oracleQuery, sharesLeaves: true)
      var matcher = PositionalMatcher(
        query.expression, leafCount: query.leaves.count, overlaps: query.overlaps(document.values))
      var hits: [Hit] = []
      var budget = PositionBudget()
      try matcher.hits(query.positions(document), layout: document.layout, budget: &budget, into: &hits)
      #expect(hits.map { [$0.lo, $0.hi] } == expected, "\(query.expression)")
    }
  }

  @Test func fieldKeepsItsValuesOnly() throws {
    var encoder = DocumentLayoutEncoder()
    Self.add([(0, [3], []), (1, [5], []), (0, [2], [])], to: &encoder)
    let segment = TestSegment { encoder.finish(into: &$0) }
    try segment.withMap { map in
      var layout = DocumentLayout()
      let table = LayoutTable(extents: map, address: segment.address, documentCount: 1)
      try table.load(0, sentences: false, into: &layout)
      var positions: [UInt32] = [99, 0, 2, 4, 8, 10, 11, 50]
      layout.keep(field: FieldID(rawValue: 0), in: &positions, from: 1)
      #expect(positions == [99, 0, 2, 10, 11])
    }
  }

  @Test func mergedLeavesAreSortedOnce() {
    var positions = DocumentPositions()
    positions.positions += [5, 9]
    positions.endLeaf()
    positions.positions += [4, 9, 1, 4, 7]
    positions.endMergedLeaf()
    positions.endMergedLeaf()
    #expect(positions.positions == [5, 9, 1, 4, 7, 9] && positions.starts == [0, 2, 6, 6])
    #expect(positions.leafCount == 3 && positions.range(of: 1) == 2..<6)
  }
}
