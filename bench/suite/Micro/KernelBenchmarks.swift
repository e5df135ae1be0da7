internal import Base
internal import CKernels

/// The kernels by themselves, called through the module boundary: unpacking by bit width, scoring, checksums.
///
/// All data fits the second-level cache, so what is measured is the kernel and not the memory.
struct KernelBenchmarks {
  private static let group = "kernels"
  private static let blockValues = Int(KWIC_BLOCK_VALUES)
  private static let blockCount = 256
  /// Gaps of very common, common, rare and very rare words, and a width that crosses every byte.
  private static let widths: [UInt32] = [1, 4, 7, 12, 20]

  let meter: Meter
  let seed: UInt64

  func run() throws -> [Measurement] {
    try Self.widths.map(unpack) + [try bitSet(), try score(), try checksum()]
  }

  /// Random values of exactly `width` bits in whole blocks, and their packed bytes.
  private func blocks(width: UInt32) -> (values: [UInt32], packed: [UInt8]) {
    var random = SplitMix64(seed: seed &+ UInt64(width))
    let mask: UInt32 = (1 << width) - 1
    let values = (0..<Self.blockCount * Self.blockValues).map { _ in UInt32(truncatingIfNeeded: random.next()) & mask }
    let blockBytes = 16 * Int(width)
    var packed = [UInt8](repeating: 0, count: Self.blockCount * blockBytes)
    for block in 0..<Self.blockCount {
      // SAFETY: 128 values are read and 16 * width bytes written, both inside their arrays.
      unsafe values.withUnsafeBufferPointer { source in
        unsafe packed.withUnsafeMutableBytes { target in
          unsafe kwic_pack_block(
            source.baseAddress! + block * Self.blockValues, width, target.baseAddress! + block * blockBytes)
        }
      }
    }
    return (values, packed)
  }

  private func unpack(width: UInt32) throws -> Measurement {
    let (gaps, packed) = blocks(width: width)
    var documents = [UInt32](repeating: 0, count: Self.blockValues)
    func unpack(_ block: Int) {
      // SAFETY: 16 * width bytes are read and 128 values written, both inside their arrays.
      unsafe packed.withUnsafeBytes { source in
        unsafe documents.withUnsafeMutableBufferPointer { target in
          unsafe kwic_unpack_ascending_block(
            source.baseAddress! + block * 16 * Int(width), width, 0, target.baseAddress!)
        }
      }
    }
    return try meter.measure(
      group: Self.group, name: "unpack \(width) bits, undo gaps", unit: "posting", units: Double(gaps.count),
      verify: {
        for block in 0..<Self.blockCount {
          unpack(block)
          var document: UInt32 = 0
          for index in 0..<Self.blockValues {
            document &+= gaps[block * Self.blockValues + index] &+ 1
            guard documents[index] == document else { throw WrongAnswer("block \(block), value \(index)") }
          }
        }
        return "\(gaps.count) values"
      },
      { for block in 0..<Self.blockCount { unpack(block) } })
  }

  /// Dense lists: two documents of three.
  private func bitSet() throws -> Measurement {
    var random = SplitMix64(seed: seed)
    var bits = [UInt8](repeating: 0, count: 24)
    var expected: [UInt32] = []
    for bit in 0..<192 where expected.count < Self.blockValues && random.next() % 3 != 0 {
      bits[bit / 8] |= 1 << UInt8(bit % 8)
      expected.append(UInt32(bit))
    }
    var documents = [UInt32](repeating: 0, count: Self.blockValues)
    func unpack() -> Int {
      // SAFETY: reads the 24 bytes and writes at most 128 values.
      unsafe bits.withUnsafeBytes { source in
        unsafe documents.withUnsafeMutableBufferPointer { target in
          Int(unsafe kwic_unpack_bits(source.baseAddress!, source.count, 0, target.baseAddress!))
        }
      }
    }
    return try meter.measure(
      group: Self.group, name: "unpack a bit set", unit: "posting", units: Double(expected.count * Self.blockCount),
      verify: {
        guard unpack() == expected.count, Array(documents[..<expected.count]) == expected else {
          throw WrongAnswer("the bit set does not hold what was put in")
        }
        return "\(expected.count) values"
      },
      { for _ in 0..<Self.blockCount { keep(unpack()) } })
  }

  private func score() throws -> Measurement {
    var random = SplitMix64(seed: seed)
    let norms = (0..<65_536).map { _ in UInt8.random(in: 20...120, using: &random) }
    let inverse = (0..<256).map { 1 / (0.3 + Float($0) / 100) }
    let documents = (0..<Self.blockValues).map { UInt32($0 * 500) }
    let frequencies = (0..<Self.blockValues).map { _ in UInt32.random(in: 1...12, using: &random) }
    var scores = [Float](repeating: 0, count: Self.blockValues)
    func score() {
      // SAFETY: 128 documents and frequencies are read, each document below the 65,536 norms, and 128 scores written.
      unsafe documents.withUnsafeBufferPointer { documents in
        unsafe frequencies.withUnsafeBufferPointer { frequencies in
          unsafe scores.withUnsafeMutableBufferPointer { scores in
            unsafe kwic_score(
              documents.baseAddress!, frequencies.baseAddress!, Self.blockValues, norms, inverse, 2,
              scores.baseAddress!)
          }
        }
      }
    }
    return try meter.measure(
      group: Self.group, name: "score a block", unit: "posting", units: Double(Self.blockValues * Self.blockCount),
      verify: {
        score()
        for index in 0..<Self.blockValues {
          let expected = 2 - 2 / (1 + Float(frequencies[index]) * inverse[Int(norms[Int(documents[index])])])
          guard abs(scores[index] - expected) < 1e-5 else { throw WrongAnswer("posting \(index): \(scores[index])") }
        }
        return "formula"
      },
      { for _ in 0..<Self.blockCount { score() } })
  }

  private func checksum() throws -> Measurement {
    let bytes = (0..<131_072).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    func checksum(_ bytes: [UInt8]) -> UInt32 {
      unsafe bytes.withUnsafeBytes { unsafe kwic_crc32c(0, $0.baseAddress!, $0.count) }  // SAFETY: inside the array.
    }
    return try meter.measure(
      group: Self.group, name: "CRC-32C of 128 KiB", unit: "MB", units: Double(bytes.count) / 1e6,
      verify: {
        guard checksum(Array("123456789".utf8)) == 0xE306_9283 else { throw WrongAnswer("the check value of CRC-32C") }
        return "check value"
      },
      { keep(checksum(bytes)) })
  }
}
