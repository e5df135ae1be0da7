import Base
import Glibc
@testable import Store
import TestSupport
import Testing

@Suite("Extents")
struct ExtentTests {
  private let fixture: StoreFixture
  private let environment: Store.Environment

  init() throws {
    fixture = try StoreFixture()
    environment = try fixture.open()
  }

  @Test("a key's bytes are segment and number, big-endian")
  func goldenKey() {
    let key = ExtentKey(segment: SegmentID(rawValue: 258), number: 3)
    #expect(key.bytes == [0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 3])
    #expect(ExtentKey(key.bytes) == key)
    #expect(ExtentKey(key.bytes.dropLast()) == nil)
  }

  @Test("a trailer holds the checksums of the pieces in order, then zeros")
  func goldenTrailer() {
    let counter = ExtentSeal { bytes, seed in UInt32(bytes.byteCount) &+ seed }
    func trailer(_ size: ExtentSize) -> [UInt8] {
      let bytes = [UInt8](repeating: 0, count: size.usableBytes)
      let span = unsafe bytes.span.bytes  // SAFETY: UInt8 has no padding.
      return counter.trailer(for: span, segment: SegmentID(rawValue: 0), extent: 0, size: size)
    }
    #expect(trailer(.small) == [0xE0, 0xFF, 0, 0] + [UInt8](repeating: 0, count: 12))
    var expected: [UInt8] = []
    for piece in 0..<7 { expected.appendInteger(UInt32(131_072 + piece)) }
    expected.appendInteger(UInt32(131_024 + 7))
    #expect(trailer(.large) == expected)
    #expect(ExtentSeal.seed(segment: SegmentID(rawValue: 1), extent: 2, piece: 3) == 0x7F4A_7C15 ^ 19)
    #expect(ExtentSeal.seed(segment: SegmentID(rawValue: 258), extent: 3, piece: 0) == 0x4911_0D32)
  }

  @Test("segments of both sizes come back byte for byte, sealed and aligned", arguments: [ExtentSize.small, .large])
  func roundTrip(size: ExtentSize) throws {
    let id = SegmentID(rawValue: 1 << 40 | 5)
    try environment.write { transaction throws(StoreError) in
      try transaction.putSegment(id.rawValue - 1, size: .small, count: 2)
      // The order in which ExtentWriter emits.
      for number in [1, 2, 0] {
        let bytes = StoreFixture.usableBytes(size, segment: id.rawValue, number: number)
        try transaction.putExtent(segment: id, number: number, size: size, bytes.span, seal: StoreFixture.seal)
      }
      try transaction.putSegment(id.rawValue + 1, size: .small, count: 2)
    }
    let pin = try environment.pin()
    // SAFETY: the pin lives to the end of the test; an extent has `valueBytes` bytes.
    let pointers = try unsafe pin.extentPointers(of: id, size: size, count: 3)
    #expect(unsafe pointers.count == 3)
    for number in 0..<3 {
      let value = unsafe RawSpan(_unsafeStart: pointers[number], byteCount: size.valueBytes)
      #expect(unsafe Int(bitPattern: pointers[number]) % 16 == 0)
      #expect(
        value.extracting(0..<size.usableBytes).array
          == StoreFixture.usableBytes(size, segment: id.rawValue, number: number))
      #expect(StoreFixture.seal.damagedPieces(of: value, segment: id, extent: number, size: size) == [])
    }
    withExtendedLifetime(pin) {}
  }

  @Test("a last extent is as long as it has to be, and proves itself", arguments: 1...16)
  func shortLastExtent(steps: Int) throws {
    let size = ExtentSize.large
    let usable = steps * 65_536 - 16 - size.trailerBytes
    #expect(size.lastUsableBytes(holding: usable) == usable)
    #expect(size.lastUsableBytes(holding: usable - 65_535) == usable)
    #expect(steps == 16 || size.lastUsableBytes(holding: usable + 1) == usable + 65_536)
    #expect(size.isLastValue(byteCount: usable + size.trailerBytes) && !size.isLastValue(byteCount: usable))
    let id = SegmentID(rawValue: 5)
    let whole = StoreFixture.usableBytes(size, segment: 5, number: 0)
    let last = Array(StoreFixture.usableBytes(size, segment: 5, number: 1).prefix(usable))
    try environment.write { transaction throws(StoreError) in
      try transaction.putExtent(segment: id, number: 0, size: size, whole.span, seal: StoreFixture.seal)
      try transaction.putExtent(segment: id, number: 1, size: size, last.span, seal: StoreFixture.seal)
    }
    let pin = try environment.pin()
    // SAFETY: the pin lives to the end of the test; the value is as long as the store says.
    let pointers = try unsafe pin.extentPointers(of: id, size: size, count: 2)
    #expect(try pin.lastValueBytes(of: id, count: 2) == usable + size.trailerBytes)
    let value = unsafe RawSpan(_unsafeStart: pointers[1], byteCount: usable + size.trailerBytes)
    #expect(value.extracting(0..<usable).array == last)
    #expect(StoreFixture.seal.damagedPieces(of: value, segment: id, extent: 1, size: size) == [])
    #expect(!StoreFixture.seal.damagedPieces(of: value, segment: id, extent: 0, size: size).isEmpty)
    withExtendedLifetime(pin) {}
  }

  @Test("every flipped bit is found, in its piece")
  func flippedBits() throws {
    let id = SegmentID(rawValue: 3)
    try Property.check("a flipped bit is found", seconds: 1, casesMax: 100) { random in
      let size: ExtentSize = Bool.random(using: &random) ? .small : .large
      let seal = StoreFixture.seal
      var value = StoreFixture.usableBytes(size, segment: 3, number: 4)
      value += seal.trailer(for: unsafe value.span.bytes, segment: id, extent: 4, size: size)  // SAFETY: no padding.
      let bit = Int.random(in: 0..<(size.usableBytes + 4 * size.piecesPerExtent) * 8, using: &random)
      value[bit / 8] ^= 1 << (bit % 8)
      let span = unsafe value.span.bytes  // SAFETY: UInt8 has no padding.
      let damaged = seal.damagedPieces(of: span, segment: id, extent: 4, size: size)
      let byte = bit / 8
      let piece = byte < size.usableBytes ? byte / ExtentSize.pieceBytes : (byte - size.usableBytes) / 4
      try #require(damaged == [piece])
    }
  }

  @Test("an extent in another's place is found, piece by piece")
  func misplaced() {
    let seal = StoreFixture.seal
    let size = ExtentSize.small
    let id = SegmentID(rawValue: 9)
    var value = StoreFixture.usableBytes(size, segment: 9, number: 1)
    value += seal.trailer(for: unsafe value.span.bytes, segment: id, extent: 1, size: size)  // SAFETY: no padding.
    let span = unsafe value.span.bytes  // SAFETY: no padding.
    #expect(seal.damagedPieces(of: span, segment: id, extent: 1, size: size) == [])
    #expect(seal.damagedPieces(of: span, segment: id, extent: 0, size: size) == [0])
    #expect(seal.damagedPieces(of: span, segment: SegmentID(rawValue: 10), extent: 1, size: size) == [0])
    let hasSecondPiece = seal.isIntact(piece: 1, of: span, segment: id, extent: 1, size: size)
    #expect(!hasSecondPiece)
    let isIntactWhenCut = seal.isIntact(piece: 0, of: span.extracting(1...), segment: id, extent: 1, size: size)
    #expect(!isIntactWhenCut)
  }

  @Test("a segment that lacks an extent, has one too many or one of another size is corrupt")
  func incomplete() throws {
    let id = SegmentID(rawValue: 6)
    try environment.write { transaction throws(StoreError) in
      try transaction.putSegment(6, size: .small, count: 3)
      try transaction.putSegment(7, size: .small, count: 1)
    }
    let pin = try environment.pin()
    // SAFETY (whole test): the pointers are not read.
    #expect(throws: Never.self) { _ = unsafe try pin.extentPointers(of: id, size: .small, count: 3) }
    for (size, count) in [(ExtentSize.small, 2), (.small, 4), (.large, 3), (.small, 0)] {
      let error = #expect(throws: StoreError.self) {
        _ = unsafe try pin.extentPointers(of: id, size: size, count: count)
      }
      #expect(error?.remedy == .rebuild)
    }
    try environment.write { transaction throws(StoreError) in
      #expect(try transaction.delete(.extents, ExtentKey(segment: id, number: 1).bytes))
    }
    let error = #expect(throws: StoreError.self) {
      _ = unsafe try environment.pin().extentPointers(of: id, size: .small, count: 3)
    }
    #expect(error == .corrupted("segment 6 should have 3 extents of 65520 bytes; number 1 is wrong"))
  }

  @Test("a segment is deleted whole and alone, and its pages serve the next one")
  func deleted() throws {
    try environment.write { transaction throws(StoreError) in
      for id in 1...3 { try transaction.putSegment(UInt64(id), size: .small, count: 4) }
    }
    let expected = StoredSegment(id: SegmentID(rawValue: 2), extentCount: 4, byteCount: 4 * 65_520)
    #expect(try environment.read { transaction throws(StoreError) in try transaction.storedSegments() }[1] == expected)
    let fullBytes = environment.fileBytes
    for round in 0..<10 {
      let gone = SegmentID(rawValue: UInt64(round + 1))
      try environment.write { transaction throws(StoreError) in
        #expect(try transaction.deleteExtents(of: gone) == 4)
        #expect(try transaction.deleteExtents(of: gone) == 0)
      }
      try environment.write { transaction throws(StoreError) in
        try transaction.putSegment(UInt64(round + 4), size: .small, count: 4)
      }
    }
    let stored = try environment.read { transaction throws(StoreError) in try transaction.storedSegments() }
    #expect(stored.map(\.id.rawValue) == [11, 12, 13])
    // Twelve extents live; freed pages are reused from the transaction after the next on.
    #expect(environment.fileBytes < fullBytes + 10 * 65_536)
    let usage = try environment.usage()
    #expect(usage.liveBytes >= 12 * 65_536 && usage.liveBytes < 14 * 65_536)
  }
}
