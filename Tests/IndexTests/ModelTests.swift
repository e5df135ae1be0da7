import Base
@testable import Index
import TestSupport
import Testing

/// Random histories of batches, merges, compactions and reopenings against a dictionary.
@Suite struct ModelTests {
  @Test func anyHistoryEqualsADictionary() throws {
    try Property.check("history equals a dictionary", seconds: 5) { random in
      let ordering = Bool.random(using: &random) ? DocumentOrdering.always : .none
      func change(_ options: inout IndexOptions) {
        options.bufferBytes = 1 << 19
        options.ordering = ordering
      }
      var fixture = try IndexFixture(change)
      var model: [String: String] = [:]
      for _ in 0..<Int.random(in: 1...24, using: &random) {
        switch Int.random(in: 0..<10, using: &random) {
        case 0: try fixture.index.compact()
        case 1, 2: while try fixture.index.mergeOnce() {}
        case 3: try fixture.reopen(change)
        default: try Self.batch(fixture, &model, &random)
        }
        try Self.compare(fixture.index.snapshot(), model)
      }
      #expect(fixture.index.verify().damage == [])
    }
  }

  @Test func eightSmallSegmentsBecomeOne() throws {
    let fixture = try IndexFixture()
    for number in 0..<MergePolicy.segmentsPerTier {
      let pair = ["d", "e"].map { Document(id: "\($0)\(number)", body: "alpha \($0)word\(number)") }
      _ = try fixture.index.apply(pair.map { .put($0) })
    }
    _ = try fixture.index.apply([.delete(id: "d3")])
    let before = fixture.index.snapshot()
    #expect(try fixture.index.mergeOnce())
    let after = fixture.index.snapshot()
    #expect(after.segments.count == 1)
    #expect(try after.identities(holding: "alpha") == before.identities(holding: "alpha"))
    #expect(after.segments[0].deletedCount == 0)
    #expect(try after.identities(holding: "dword3") == [])
    #expect(try after.identities(holding: "eword3") == ["e3"])
  }

  @Test func theBackgroundThreadMergesAndStops() throws {
    let fixture = try IndexFixture { $0.mergesInBackground = true }
    for number in 0..<64 { try fixture.put("d\(number)", "alpha word\(number)") }
    let clock = SystemTime()
    let deadline = clock.monotonicNanoseconds() + 10_000_000_000
    while fixture.index.snapshot().segments.count > 16, clock.monotonicNanoseconds() < deadline {}
    #expect(fixture.index.snapshot().segments.count <= 16)
    #expect(try fixture.index.snapshot().identities().count == 64)
    fixture.index.close()
  }

  private static func batch(
    _ fixture: IndexFixture, _ model: inout [String: String], _ random: inout SplitMix64
  ) throws {
    let words = ["alpha", "bravo", "bravo's", "charlies", "charlie", "running", "runs", "delta"]
    var operations: [IndexOperation] = []
    for _ in 0..<Int.random(in: 1...40, using: &random) {
      let id = "d\(Int.random(in: 0..<60, using: &random))"
      if Int.random(in: 0..<5, using: &random) == 0 {
        operations.append(.delete(id: id))
        model[id] = nil
      } else {
        let count = Int.random(in: 0..<300, using: &random)
        let body = (0..<count).map { _ in words.randomElement(using: &random)! }.joined(separator: " ")
        operations.append(.put(Document(id: id, body: body)))
        model[id] = body
      }
    }
    _ = try fixture.index.apply(operations)
  }

  private static func compare(_ snapshot: Snapshot, _ model: [String: String]) throws {
    #expect(snapshot.documentCount == model.count)
    #expect(try snapshot.identities() == Set(model.keys))
    for (id, body) in model { #expect(try snapshot.body(of: id) == body) }
    for form in ["alpha", "charlie", "delta", "bravo's"] {
      let expected = model.filter { $0.value.split(separator: " ").contains(Substring(form)) }
      #expect(try snapshot.identities(holding: form) == Set(expected.keys))
    }
    for segment in snapshot.segments { try compareClass(segment) }
  }

  /// The class of a stem is the union of its forms, in the count and in the list.
  private static func compareClass(_ segment: Segment) throws {
    for stem in ["charli", "run"] {
      guard let found = try segment.lookupClass([UInt8](stem.utf8)) else { continue }
      var frequencies: [DocID: UInt32] = [:]
      for form in found.forms {
        try segment.forEachPosting(of: form.list) { document, frequency in
          frequencies[document, default: 0] += frequency
        }
      }
      #expect(found.documentFrequency == UInt32(frequencies.count))
      guard let list = found.classList else { continue }
      var listed: [DocID: UInt32] = [:]
      try segment.forEachPosting(of: list) { document, frequency in listed[document] = frequency }
      #expect(listed == frequencies)
    }
  }
}

/// Bugs that were, by what they answered.
@Suite struct StemClassRegressionTests {
  /// stem(nothingness) = nothing, but stem(nothing) = noth: the class of `nothing` does not hold the word `nothing`.
  @Test func aStemThatIsAWordOfAnotherClassIsNoMember() throws {
    let fixture = try IndexFixture()
    try fixture.put("a", "nothing here")
    for segment in fixture.index.snapshot().segments {
      #expect(try segment.lookupClass(Array("nothing".utf8))?.forms.count == nil)
      #expect(try segment.lookupClass(Array("noth".utf8))?.forms.map(\.form) == [Array("nothing".utf8)])
    }
  }
}
