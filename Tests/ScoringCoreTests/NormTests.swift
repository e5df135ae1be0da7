import Testing

@testable import ScoringCore

@Suite struct NormTests {
  @Test func shortLengthsAreExact() {
    for length in 0...39 as ClosedRange<UInt32> {
      #expect(Norm.encode(length: length) == UInt8(length))
      #expect(Norm.decode(Norm.encode(length: length)) == length)
    }
  }

  @Test func decodingAnswersTheLeastLengthOfANorm() {
    for norm in UInt8.min...UInt8.max {
      let length = Norm.decode(norm)
      #expect(Norm.encode(length: length) == norm)
      if norm > 0 { #expect(Norm.encode(length: length - 1) == norm - 1) }
    }
  }

  @Test func knownValuesOfLucene() {
    // SmallFloat.intToByte4: the largest code stands for 2,013,265,944.
    #expect(Norm.encode(length: UInt32(Int32.max)) == 255)
    #expect(Norm.decode(255) == 2_013_265_944)
    #expect(Norm.encode(length: 40) == 40)
    #expect(Norm.encode(length: 41) == 40)
    #expect(Norm.encode(length: 42) == 41)
    #expect(Norm.encode(length: .max) == 255)
  }
}
