import Analysis
import Base
@testable import Index
import TestSupport
import Testing

// SAFETY (whole type): words are handed over with their own lengths, for the time of the call; none is empty.
@Suite struct TermTableTests {
  @Test func postingsEqualADictionary() throws {
    try Property.check("term table equals a dictionary") { random in
      var table = TermTable(arenaBytes: 64 << 20)
      var model: [[UInt8]: [UInt32: [UInt32]]] = [:]
      let words = (0..<Int.random(in: 1...3_000, using: &random)).map { number in
        [UInt8]("w\(number)".utf8) + [UInt8](repeating: 0x61, count: Int.random(in: 0..<30, using: &random))
      }
      for document in 0..<UInt32.random(in: 1...60, using: &random) {
        var position: UInt32 = 0
        for _ in 0..<Int.random(in: 0...400, using: &random) {
          let word = words[Int.random(in: 0..<words.count, using: &random) / Int.random(in: 1...8, using: &random)]
          position += UInt32.random(in: 0...200, using: &random)
          let seen = model[word, default: [:]][document]?.last
          if seen.map({ position > $0 }) ?? true { model[word, default: [:]][document, default: []].append(position) }
          unsafe word.withUnsafeBufferPointer {
            unsafe table.add($0.baseAddress!, count: $0.count, document: document, position: position)
          }
        }
      }
      try #require(table.count == model.count)
      let view = BorrowedTable(table)
      var pieces = PostingPieces()
      for term in 0..<table.count {
        let expected = try #require(model[view.key(term)])
        try #require(Self.naivePostings(view, term) == expected)
        var found: [UInt32: [UInt32]] = [:]
        var walk = PostingPieces.Walk(view.stream(term))
        var last: UInt32?
        while pieces.next(&walk) {
          for place in 0..<pieces.count {
            let document = pieces.documents[place]
            try #require(last.map { document > $0 } ?? true)
            last = document
            let frequency = pieces.frequency(place)
            let positions = pieces.takePositions(place)
            found[document] = positions.indices.map { positions[$0] }
            try #require(found[document]?.count == Int(frequency))
          }
        }
        try #require(found == expected)
        try #require(view.documentFrequency(term) == UInt32(expected.count))
      }
    }
  }

  @Test func textsEqualTheirWordsOneByOne() throws {
    try Property.check("a table takes a text as it takes its words") { random in
      var whole = TermTable(arenaBytes: 64 << 20)
      var single = TermTable(arenaBytes: 64 << 20)
      let lengths = [1, 3, 7, 8, 9, 15, 16, 17, 24, 40]
      let words = (0..<Int.random(in: 1...2_000, using: &random)).map { number in
        String("\(number)abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqr".prefix(lengths.randomElement(using: &random) ?? 1))
      }
      var batch = TokenBatch()
      for document in 0..<UInt32.random(in: 1...30, using: &random) {
        let text = (0..<Int.random(in: 0...900, using: &random)).map { _ in words.randomElement(using: &random) ?? "" }
        let bytes = Array(text.joined(separator: " ").utf8)
        Analyzer().analyze(bytes.span, into: &batch)
        whole.add(batch, document: document, from: 5)
        for token in batch.tokens {
          let form = batch.form(of: token)
          unsafe form.withUnsafeBufferPointer {
            unsafe single.add($0.baseAddress!, count: $0.count, document: document, position: 5 + token.position)
          }
        }
      }
      try #require(whole.count == single.count)
      let (view, twin) = (BorrowedTable(whole), BorrowedTable(single))
      for term in 0..<whole.count {
        try #require(view.key(term) == twin.key(term))
        try #require(view.totalFrequency(term) == twin.totalFrequency(term))
        try #require(Self.naivePostings(view, term) == Self.naivePostings(twin, term))
      }
    }
  }

  /// A stream read number by number.
  private static func naivePostings(_ view: BorrowedTable, _ term: Int) -> [UInt32: [UInt32]] {
    var stream = view.stream(term)
    var numbers: [UInt32] = []
    var number: UInt32 = 0
    var shift: UInt32 = 0
    while let slice = unsafe stream.next() {
      for byte in unsafe [UInt8](slice) {
        number |= UInt32(byte & 0x7F) << shift
        shift = byte < 0x80 ? 0 : shift + 7
        if byte < 0x80 {
          numbers.append(number)
          number = 0
        }
      }
    }
    var postings: [UInt32: [UInt32]] = [:]
    var document = UInt32.max
    for part in numbers.split(separator: 0) {
      guard let gap = part.first else { continue }
      document &+= gap
      var position = UInt32.max
      for gap in part.dropFirst() {
        position &+= gap
        postings[document, default: []].append(position)
      }
    }
    return postings
  }

  @Test func wordsAreSortedByTheirBytes() throws {
    try Property.check("the order of a table's words is that of their bytes", seconds: 4) { random in
      var table = TermTable(arenaBytes: 64 << 20)
      // Enough for the radix sort in half of the cases, many with a common beginning.
      let count = Int.random(in: 1...(Bool.random(using: &random) ? 2_000 : 40_000), using: &random)
      if Bool.random(using: &random) { table.reserve(words: Int.random(in: 0...60_000, using: &random)) }
      for number in 0..<count {
        let isCommon = Int.random(in: 0..<3, using: &random) == 0
        let noise = (0..<Int.random(in: 1...12, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
        let word = (isCommon ? Array("commonly".utf8) : []) + noise
        unsafe word.withUnsafeBufferPointer {
          unsafe table.add($0.baseAddress!, count: $0.count, document: 0, position: UInt32(number))
        }
      }
      let view = BorrowedTable(table)
      let words = (0..<table.count).map { view.key($0) }
      try #require(Set(words).count == words.count)
      try #require(view.sorted().map { words[Int($0)] } == words.sorted { $0.lexicographicallyPrecedes($1) })
    }
  }

  @Test func aResetTableIsEmptyAndUsable() {
    var table = TermTable(arenaBytes: 1 << 20)
    let word = [UInt8]("alpha".utf8)
    for round in 0..<3 {
      unsafe word.withUnsafeBufferPointer { unsafe table.add($0.baseAddress!, count: 5, document: 0, position: UInt32(round)) }
      #expect(table.count == 1)
      table.reset()
      #expect(table.count == 0)
    }
  }
}
