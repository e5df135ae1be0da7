import Base
import Index
import TestSupport
import Testing

/// Bits that flip on the disk: found by `verify`, and never a trap for who reads.
@Suite struct DamageTests {
  @Test func everyFlippedBitOfASegmentIsFound() throws {
    try Property.check("a flipped bit is found", seconds: 3) { random in
      var fixture = try IndexFixture()
      for number in 0..<20 {
        let pair = ["d", "e"].map { Document(id: "\($0)\(number)", body: "alpha charlie\(number). Echo runs running.") }
        _ = try fixture.index.apply(pair.map { .put($0) })
      }
      _ = try fixture.index.apply([.delete(id: "d7")])
      try #require(fixture.index.verify().isSound)
      fixture.index.close()
      let file = fixture.directory.path("index/env-000001/data.mdb")
      var bytes = try FileBytes.read(file)
      let extents = bytes.indices(of: Array("KWICSEG1".utf8))
      try #require(extents.count == 20)
      let start = try #require(extents.randomElement(using: &random))
      let bit = Int.random(in: 0..<ExtentSize.small.usableBytes * 8, using: &random)
      bytes[start + bit / 8] ^= 1 << UInt8(bit % 8)
      try FileBytes.write(bytes, to: file)
      guard let damaged = try? IndexFixture.open(fixture.directory) else { return }  // The header said so already.
      fixture.index = damaged
      try #require(!damaged.verify().isSound)
      let snapshot = damaged.snapshot()
      for number in 0..<20 { _ = try? snapshot.body(of: "d\(number)") }
      for form in ["alpha", "echo", "charlie3"] { _ = try? snapshot.identities(holding: form) }
    }
  }

  @Test func aTruncatedFileIsAnErrorAndNotASignal() throws {
    let fixture = try IndexFixture()
    for number in 0..<10 { try fixture.put("d\(number)", "alpha bravo") }
    fixture.index.close()
    let file = fixture.directory.path("index/env-000001/data.mdb")
    let bytes = try FileBytes.read(file)
    try FileBytes.write(Array(bytes.prefix(bytes.count / 2)), to: file)
    #expect(throws: IndexError.self) { try IndexFixture.open(fixture.directory) }
  }
}
