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
      for term in 0..<table.count {
        let expected = try #require(model[view.key(term)])
        var found: [UInt32: [UInt32]] = [:]
        var positions: [UInt32] = []
        var walk = view.postings(term)
        var last: UInt32?
        while let document = walk.next(&positions) {
          try #require(last.map { document > $0 } ?? true)
          last = document
          found[document] = positions
        }
        try #require(found == expected)
        try #require(view.documentFrequency(term) == UInt32(expected.count))
      }
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
