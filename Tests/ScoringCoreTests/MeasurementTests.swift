import Base
import CKernels
import TestSupport
import Testing

@testable import ScoringCore

/// The figures of the chapter. Off by default; `KWIC_MEASURE=1 swift test -c release --filter MeasurementTests` prints them.
@Suite(.serialized, .enabled(if: Environment.isSet("KWIC_MEASURE"), "measurements want KWIC_MEASURE=1 and -c release"))
struct MeasurementTests {
  @Test func kernels() {
    print("width   unpack  unpack+sum  scalar  scalar+sum   stream  (ns an integer)")
    for width: UInt32 in [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 20, 24, 32] {
      var random = SplitMix64(seed: UInt64(width))
      let most = UInt32((UInt64(1) << UInt64(width)) - 1)
      let values = (0..<128).map { _ in UInt32.random(in: 0...most, using: &random) }
      var packed = Kernels.pack(values, width, .chosen)
      var out = [UInt32](repeating: 0, count: 128)
      var line = "\(width)".padded(5)
      // SAFETY (all calls): 128 values, 16 * width bytes.
      line += Self.nanoseconds(per: 128) { unsafe kwic_unpack_block(&packed, width, &out) }
      line += Self.nanoseconds(per: 128) { unsafe kwic_unpack_ascending_block(&packed, width, 5, &out) }
      line += Self.nanoseconds(per: 128) { unsafe kwic_unpack_block_scalar(&packed, width, &out) }
      line += Self.nanoseconds(per: 128) { unsafe kwic_unpack_ascending_block_scalar(&packed, width, 5, &out) }
      line += Self.nanoseconds(per: 128) { unsafe kwic_unpack_stream(&packed, width, 128, &out) }
      print(line)
    }
  }

  @Test func bitSetsScoresAndChecksums() {
    var random = SplitMix64(seed: 1)
    var bits = [UInt8](repeating: 0, count: 32)
    for number in Array(0..<256).shuffled(using: &random).prefix(128) { bits[number / 8] |= 1 << UInt8(number % 8) }
    var out = [UInt32](repeating: 0, count: 128)
    // SAFETY (all calls): the arrays are as long as the counts say.
    print("bit set, half full:" + Self.nanoseconds(per: 128) { _ = unsafe kwic_unpack_bits(&bits, 32, 0, &out) }
      + " scalar" + Self.nanoseconds(per: 128) { _ = unsafe kwic_unpack_bits_scalar(&bits, 32, 0, &out) })

    let norms = (0..<1 << 20).map { _ in UInt8.random(in: 30...80, using: &random) }
    let inverse = BM25(averageLength: 300).inverse
    for gap: UInt32 in [1, 20, 400] {
      let documents = (0..<128).map { UInt32($0) * gap }
      let frequencies = (0..<128).map { _ in UInt32.random(in: 1...9, using: &random) }
      var scores = [Float](repeating: 0, count: 128)
      let chosen = Self.nanoseconds(per: 128) {
        unsafe kwic_score(documents, frequencies, 128, norms, inverse, 2, &scores)
      }
      let scalar = Self.nanoseconds(per: 128) {
        unsafe kwic_score_scalar(documents, frequencies, 128, norms, inverse, 2, &scores)
      }
      let above = Self.nanoseconds(per: 128) { _ = unsafe kwic_above(scores, 128, 1.9, &out) }
      print("score, gap \(gap):" + chosen + " scalar" + scalar + " filter" + above)
    }
    let bytes = [UInt8](repeating: 7, count: 131_072)
    let fast = Self.nanoseconds(per: bytes.count) { _ = Kernels.checksum(bytes[...]) }
    let slow = Self.nanoseconds(per: bytes.count) { _ = Kernels.checksum(bytes[...], .scalar) }
    print("crc32c, 128 KiB, ns a byte:" + fast + " scalar" + slow)
  }

  @Test func cursors() throws {
    var random = SplitMix64(seed: 2)
    for gap: UInt32 in [1, 8, 100] {
      var encoder = PostingListEncoder(withPositions: true)
      var document: UInt32 = 0
      let count = 200_000
      let postings = (0..<count).map { _ in
        document += UInt32.random(in: 1...2 * gap, using: &random)
        let frequency = Int.random(in: 1...3, using: &random)
        return (document, (0..<frequency).map { UInt32($0) * 70 + UInt32.random(in: 0..<64, using: &random) })
      }
      let start = SystemTime().monotonicNanoseconds()
      for (next, positions) in postings {
        document = next
        encoder.add(document, frequency: UInt32(positions.count), norm: 60, positions: positions.span)
      }
      let encoded = SystemTime().monotonicNanoseconds()
      let extents = MemoryExtents(size: .large)
      var writer = ExtentWriter<Never>(size: .large, reserved: 0) { number, bytes in extents.store(number, bytes) }
      let reference = try PostingListReference(encoder.finish(into: &writer))
      _ = writer.finish(header: [])
      let map = extents.map()
      var arena = ScratchArena()
      let room = arena.slots(8, repeating: UInt32(0))
      let walk = Self.nanoseconds(per: count) {
        guard var list = try? ListCursor(reference, extents: map, documentCount: document + 1, arena: &arena) else { return }
        list.advance(to: 0)
        while list.document != .terminated { list.next() }
      }
      let all = Self.nanoseconds(per: count) {
        guard var list = try? ListCursor(reference, extents: map, documentCount: document + 1, arena: &arena) else { return }
        list.advance(to: 0)
        while list.document != .terminated {
          _ = list.readPositions(into: room, at: 0)
          list.next()
        }
      }
      let step = 1_000 * gap
      let jump = Self.nanoseconds(per: Int(document / step)) {
        guard var list = try? ListCursor(reference, extents: map, documentCount: document + 1, arena: &arena) else { return }
        var target: UInt32 = 0
        while list.document != .terminated {
          list.advance(to: target)
          target += step
        }
      }
      let encode = Double(encoded - start) / Double(count)
      print("mean gap \(gap):\(walk) a document,\(all) with positions,\(jump) a jump over 1,000, \(Int(encode)) to encode")
    }
  }

  /// Minimum of many runs, a unit; as text of eight columns.
  static func nanoseconds(per count: Int, _ body: () -> Void) -> String {
    let clock = SystemTime()
    var best = Double.infinity
    let repeats = max(1, 20_000 / max(count, 1))
    for _ in 0..<200 {
      let start = clock.monotonicNanoseconds()
      for _ in 0..<repeats { body() }
      best = min(best, Double(clock.monotonicNanoseconds() - start) / Double(repeats) / Double(max(count, 1)))
    }
    let hundredths = Int((best * 1_000).rounded())
    let digits = "\(hundredths % 1_000)"
    return ("\(hundredths / 1_000)." + String(repeating: "0", count: 3 - digits.count) + digits).padded(10)
  }
}

extension String {
  fileprivate func padded(_ width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
