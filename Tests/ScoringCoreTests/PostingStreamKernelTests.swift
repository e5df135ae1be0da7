import Base
import CKernels
import TestSupport
import Testing

/// Streams of postings taken apart by the kernel, by its scalar twin and as they were put together.
@Suite struct PostingStreamKernelTests {
  private struct Postings: Equatable {
    var gaps: [UInt32] = []
    var ends: [UInt32] = []
    var values: [UInt32] = []
  }

  @Test func streamsAreTakenApart() throws {
    try Property.check("postings of a stream") { random in
      var stream: [UInt8] = []
      var expected = Postings()
      // Numbers of one byte, of two, of any length.
      let most: UInt32 = [1, 100, 127, 128, 200, 16_383, 16_384, 1 << 28, UInt32.max].randomElement(using: &random) ?? 1
      for _ in 0..<Int.random(in: 1...90, using: &random) {
        if !expected.gaps.isEmpty { stream.append(0) }
        expected.gaps.append(UInt32.random(in: 1...most, using: &random))
        Varint.append(UInt64(expected.gaps.last ?? 0), to: &stream)
        for _ in 0..<Int.random(in: 1...Int.random(in: 1...70, using: &random), using: &random) {
          let number = UInt32.random(in: 1...UInt32.random(in: 1...most, using: &random), using: &random)
          expected.values.append(number - 1)
          Varint.append(UInt64(number), to: &stream)
        }
        expected.ends.append(UInt32(expected.values.count))
      }
      if Bool.random(using: &random) { stream.append(0) }
      try #require(Self.split(stream, isScalar: true) == expected)
      try #require(Self.split(stream, isScalar: false) == expected)
    }
  }

  private static func split(_ stream: [UInt8], isScalar: Bool) -> Postings {
    let slack = Int(KWIC_SPLIT_SLACK)
    let documentsMax = stream.count / 2 + 1
    let mark: UInt32 = 0xABCD_EF01
    var gaps = [UInt32](repeating: mark, count: documentsMax + slack + 1)
    var ends = gaps
    var values = [UInt32](repeating: mark, count: stream.count + slack + 1)
    // SAFETY: as much room as is asked for, and a place more that stays as it is.
    let count = unsafe isScalar
      ? kwic_split_postings_scalar(stream, stream.count, &gaps, &ends, &values)
      : kwic_split_postings(stream, stream.count, &gaps, &ends, &values)
    #expect(gaps.last == mark && ends.last == mark && values.last == mark)
    let valueCount = count == 0 ? 0 : Int(ends[count - 1])
    return Postings(gaps: Array(gaps[..<count]), ends: Array(ends[..<count]), values: Array(values[..<valueCount]))
  }
}
