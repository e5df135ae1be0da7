import Base
import Testing

@testable import ScoringCore

/// Every kernel against its scalar twin, and both against the definition. Seeds are fixed: the widths are the cases.
@Suite struct KernelTests {
  @Test(arguments: 0...32 as ClosedRange<UInt32>)
  func blocksOfEveryWidth(width: UInt32) {
    var random = SplitMix64(seed: UInt64(width) + 1)
    for _ in 0..<20 {
      let values = Self.values(128, width: width, &random)
      let packed = Kernels.pack(values, width, .scalar)
      #expect(Kernels.pack(values, width, .chosen) == packed)
      #expect(packed.last == 0xAA)
      #expect(Kernels.width(values) <= width)
      let previous = UInt32.random(in: 0...UInt32.max, using: &random)
      var sum = previous
      let ascending = values.map { gap -> UInt32 in
        sum = sum &+ gap &+ 1
        return sum
      }
      for version in Kernels.Version.allCases {
        #expect(Kernels.unpack(packed, width, version) == values)
        #expect(Kernels.unpackAscending(packed, width, previous: previous, version) == ascending)
      }
    }
  }

  @Test func theVerticalLayoutIsThatOfTheChapter() {
    // Width 4: value i in lane i % 4, bits 4 * (i / 4) of the lane. Values 0, 1, 2, … 15, 0, 1, …
    let packed = Kernels.pack((0..<128).map { UInt32($0 % 16) }, 4, .chosen)
    #expect(packed.prefix(8) == [0x40, 0xC8, 0x40, 0xC8, 0x51, 0xD9, 0x51, 0xD9])
  }

  @Test(arguments: 0...32 as ClosedRange<UInt32>)
  func streamsOfEveryWidth(width: UInt32) {
    var random = SplitMix64(seed: UInt64(width) + 100)
    for count in 0...130 {
      let values = Self.values(count, width: width, &random)
      let packed = Kernels.packStream(values, width)
      #expect(Kernels.unpackStream(packed, width, count: count) == values)
      for i in 0..<count {
        var value: UInt64 = 0
        for bit in 0..<Int(width) {
          let place = i * Int(width) + bit
          value |= UInt64(packed[place / 8] >> UInt8(place % 8) & 1) << UInt64(bit)
        }
        #expect(UInt32(value) == values[i])
      }
    }
  }

  @Test func patchedBlocksReadBackAndAreNeverLonger() {
    var random = SplitMix64(seed: 7)
    for _ in 0..<2_000 {
      let values = Self.skewed(Int.random(in: 1...128, using: &random), &random)
      let overhead = Int.random(in: 0...24, using: &random)
      let width = Kernels.patchedWidth(values, overhead: overhead)
      let (low, patches) = Kernels.splitPatches(values, width)
      let widest = Kernels.width(values)
      #expect(width <= widest)
      #expect(low.allSatisfy { UInt64($0) < 1 << UInt64(width) })
      #expect(patches.isEmpty == (width == widest))
      let plainBytes = (values.count * Int(widest) + 7) / 8
      let patchedBytes = (values.count * Int(width) + 7) / 8 + patches.count + (patches.isEmpty ? 0 : overhead)
      #expect(patchedBytes <= plainBytes)
      let padding = [UInt32](repeating: 0, count: 128 - values.count)
      if width < 32 {
        #expect(Kernels.patch(low + padding, patches, width) == values + padding)
      } else {
        #expect(low == values)
      }
      // The definition, patch by patch; any bytes are patches.
      let bytes = (0..<Int.random(in: 0...255, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      var expected = values + padding
      for byte in bytes { expected[Int(byte & 127)] &+= (byte < 128 ? 1 : 2) &<< min(width, 31) }
      #expect(Kernels.patch(values + padding, bytes, min(width, 31)) == expected)
    }
  }

  @Test func patchesAreThoseOfTheChapter() {
    // Width 4: 5 stands as it is, 21 is 5 and one patch, 70 is 6 and two of two.
    let (low, patches) = Kernels.splitPatches([5, 21, 70], 4)
    #expect(low == [5, 5, 6])
    #expect(patches == [0x01, 0x82, 0x82])
  }

  @Test func riceCodesReadBack() {
    var random = SplitMix64(seed: 8)
    for _ in 0..<2_000 {
      let values = Self.skewed(Int.random(in: 1...128, using: &random), &random)
      let (width, packed) = Kernels.packRice(values)
      #expect(packed.last == 0xAA)
      let (read, found) = Kernels.unpackRice(packed, width, count: values.count)
      #expect(read == packed.count - 1)
      #expect(found == values)
      // A code that is cut short is refused; any bytes are survived.
      let cut = Array(packed.dropLast(Int.random(in: 2...packed.count, using: &random)))
      #expect(Kernels.unpackRice(cut, width, count: values.count).read == 0)
      let noise = (0..<Int.random(in: 0...40, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      #expect(Kernels.unpackRice(noise, UInt32.random(in: 0...31, using: &random), count: values.count).read <= noise.count)
    }
  }

  @Test func theRiceCodeIsThatOfTheChapter() {
    // Width 2: 1, 6, 3 and 9 are 1, 2, 3 and 1 below and 0, 1, 0 and 2 above.
    let (width, packed) = Kernels.packRice([1, 6, 3, 9])
    #expect(width == 2)
    #expect(packed == [0x79, 0x4D, 0xAA])
  }

  /// Mostly small values, some far larger; now and then any.
  private static func skewed(_ count: Int, _ random: inout SplitMix64) -> [UInt32] {
    let usual = UInt32(1) << UInt32.random(in: 0...12, using: &random)
    let rare = UInt32(1) << UInt32.random(in: 0...16, using: &random)
    let oneIn = Int.random(in: 2...60, using: &random)
    return (0..<count).map { _ in
      Int.random(in: 0..<oneIn, using: &random) == 0
        ? UInt32.random(in: 0...rare, using: &random) : UInt32.random(in: 0..<usual, using: &random)
    }
  }

  @Test func bitSets() {
    var random = SplitMix64(seed: 5)
    for byteCount in stride(from: 0, through: 64, by: 16) {
      for _ in 0..<50 {
        let chance = Int.random(in: 1...8, using: &random)
        let numbers = (0..<8 * byteCount).filter { _ in Int.random(in: 0..<8, using: &random) < chance }
        var bits = [UInt8](repeating: 0, count: max(byteCount, 1))
        for number in numbers { bits[number / 8] |= 1 << UInt8(number % 8) }
        for version in Kernels.Version.allCases {
          let (found, values) = Kernels.unpackBits(bits, byteCount: byteCount, first: 1_000, version)
          if numbers.count > 128 {
            #expect(found == 129)
          } else {
            #expect(values.prefix(found).map { Int($0) - 1_000 } == numbers)
          }
        }
      }
    }
  }

  @Test func scoresEqualTheFormulaBitForBit() {
    var random = SplitMix64(seed: 6)
    let norms = (0..<1_000).map { _ in UInt8.random(in: 0...255, using: &random) }
    let ranking = BM25(averageLength: 123)
    for count in 0...140 {
      let documents = (0..<count).map { _ in UInt32.random(in: 0..<1_000, using: &random) }
      let frequencies = (0..<count).map { _ in UInt32.random(in: 1...100_000, using: &random) }
      let weight = Float.random(in: 0.01...20, using: &random)
      let expected = zip(documents, frequencies).map {
        ranking.score(weight: weight, frequency: Float($1), norm: norms[Int($0)])
      }
      for version in Kernels.Version.allCases {
        let scores = Kernels.score(documents, frequencies, norms, ranking.inverse, ranking.scale(weight), version)
        #expect(scores == expected)
      }
      let floor = expected.isEmpty ? 0 : expected.sorted()[count / 2]
      #expect(Kernels.above(expected, floor) == (0..<count).filter { expected[$0] > floor })
    }
  }

  @Test func checksums() {
    // RFC 3720, B.4.
    #expect(Kernels.checksum([UInt8](repeating: 0, count: 32)[...]) == 0x8A91_36AA)
    #expect(Kernels.checksum([UInt8](repeating: 0xFF, count: 32)[...]) == 0x62A8_AB43)
    #expect(Kernels.checksum([UInt8](0..<32)[...]) == 0x46DD_794E)
    var random = SplitMix64(seed: 7)
    let bytes = (0..<70_000).map { _ in UInt8.random(in: 0...255, using: &random) }
    for _ in 0..<200 {
      let start = Int.random(in: 0..<100, using: &random)
      let end = Int.random(in: start...bytes.count, using: &random)
      let split = Int.random(in: start...end, using: &random)
      let whole = Kernels.checksum(bytes[start..<end])
      #expect(whole == Kernels.checksum(bytes[start..<end], .scalar))
      #expect(whole == Kernels.checksum(bytes[split..<end], seed: Kernels.checksum(bytes[start..<split])))
    }
  }

  private static func values(_ count: Int, width: UInt32, _ random: inout SplitMix64) -> [UInt32] {
    let most = UInt32((UInt64(1) << UInt64(width)) - 1)
    return (0..<count).map { _ in
      Int.random(in: 0..<4, using: &random) == 0 ? most : UInt32.random(in: 0...most, using: &random)
    }
  }
}
