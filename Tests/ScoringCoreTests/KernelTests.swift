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
