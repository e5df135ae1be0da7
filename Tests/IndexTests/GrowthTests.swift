@testable import Index
import Store
import TestSupport
import Testing

/// A file that has outgrown what lives in it is compacted unasked, and no other is.
@Suite struct GrowthTests {
  @Test func anOutgrownIndexIsCompactedWhenChangesRest() throws {
    let fixture = try IndexFixture { $0.mergesInBackground = false }
    let text = String(repeating: "the quick brown fox jumps over the lazy dog ", count: 3_000)
    for round in 0..<6 {
      for number in 0..<10 { _ = try fixture.put("d\(number)", text + "round\(round) document\(number)") }
    }
    while try fixture.index.mergeOnce() {}
    func file() -> Int { fixture.index.state.withLock { $0.environment.fileBytes } }
    func live() -> Int { fixture.index.state.withLock { $0.records.reduce(0) { $0 + Int($1.byteCount) } } }
    let grown = file()
    try #require(grown * 10 > live() * GrowthWatch.restingTenths, "the test needs an outgrown file")
    // A small file is left alone.
    var watch = GrowthWatch()
    #expect(fixture.index.compactIfGrown(&watch) == nil && file() == grown)
    // Changes have rested long enough.
    watch.fileBytesMin = 0
    watch.generation = fixture.index.snapshot().generation
    watch.quietSinceNanoseconds = 0
    #expect(fixture.index.compactIfGrown(&watch) == nil)
    #expect(file() < grown && file() * 10 <= live() * GrowthWatch.restingTenths)
    #expect(fixture.index.snapshot().documentCount == 10)
    // What is compact is not compacted again.
    #expect(fixture.index.compactIfGrown(&watch) == nil)
  }
}
