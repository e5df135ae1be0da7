import Base
import Store
import TestSupport
import Testing

@Suite("Pinned reads")
struct PinnedReadTests {
  private let fixture: StoreFixture
  private let environment: Store.Environment

  init() throws {
    fixture = try StoreFixture()
    environment = try fixture.open()
    try environment.write { transaction throws(StoreError) in
      try transaction.put(StoreFixture.pairs, [1], [1])
      try transaction.putSegment(1, size: .small, count: 3)
    }
  }

  @Test("a pin's bytes stay while the segment is deleted and its pages would be wanted")
  func survivesWrites() throws {
    let pin = try environment.pin()
    // SAFETY: the pin lives to the end of the test; an extent has `valueBytes` bytes.
    let pointers = try unsafe pin.extentPointers(of: SegmentID(rawValue: 1), size: .small, count: 3)
    try environment.write { transaction throws(StoreError) in
      try transaction.deleteExtents(of: SegmentID(rawValue: 1))
      try transaction.put(StoreFixture.pairs, [1], [2])
    }
    for id in 2..<8 {
      try environment.write { transaction throws(StoreError) in
        try transaction.putSegment(UInt64(id), size: .small, count: 3)
      }
    }
    for number in 0..<3 {
      let value = unsafe RawSpan(_unsafeStart: pointers[number], byteCount: ExtentSize.small.valueBytes)
      let damaged = StoreFixture.seal.damagedPieces(
        of: value, segment: SegmentID(rawValue: 1), extent: number, size: .small)
      #expect(damaged == [])
      #expect(unsafe PageAdvice.willNeed(pointers[number] + 5_000, byteCount: 10_000))
    }
    #expect(try pin.copy(StoreFixture.pairs, [1]) == [1])
    #expect(try environment.pin().copy(StoreFixture.pairs, [1]) == [2])
    withExtendedLifetime(pin) {}
  }

  @Test("when the last pin goes, its pages are used again")
  func releasesPages() throws {
    var pin: PinnedRead? = try environment.pin()
    func replaceSegment(_ id: UInt64) throws {
      try environment.write { transaction throws(StoreError) in
        try transaction.deleteExtents(of: SegmentID(rawValue: id))
        try transaction.putSegment(id + 1, size: .small, count: 3)
      }
    }
    let before = environment.fileBytes
    for id in 1...8 { try replaceSegment(UInt64(id)) }
    let pinned = environment.fileBytes
    #expect(pinned >= before + 7 * 3 * 65_536)
    #expect(try pin?.count(StoreFixture.pairs) == 1)
    pin = nil
    for id in 9...30 { try replaceSegment(UInt64(id)) }
    #expect(environment.fileBytes <= pinned + 65_536)
  }

  @Test("several threads read one pin")
  func sharedPin() async throws {
    try environment.write { transaction throws(StoreError) in
      for key in 0..<100 { try transaction.put(StoreFixture.others, [UInt8(key)], [UInt8(key)]) }
    }
    let pin = try environment.pin()
    await withTaskGroup { group in
      for _ in 0..<4 {
        group.addTask {
          for key in 0..<100 {
            #expect(throws: Never.self) {
              #expect(try pin.copy(StoreFixture.others, [UInt8(key)]) == [UInt8(key)])
              var seen = 0
              try pin.forEach(StoreFixture.others) { key, value in
                #expect(key.array == value.array)
                seen += 1
              }
              #expect(seen == 100)
            }
          }
        }
      }
    }
  }

  @Test("one pin too many is .readersFull, and one less is enough")
  func readersFull() throws {
    // The lock file keeps the size that its first opener gave it.
    let small = try StoreFixture().open { $0.readersMax = 4 }
    var pins: [PinnedRead] = []
    for _ in 0..<4 { pins.append(try small.pin()) }
    #expect(throws: StoreError.readersFull) { try small.pin() }
    pins.removeLast()
    pins.append(try small.pin())
    #expect(pins.count == 4)
  }
}
