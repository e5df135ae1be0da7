/// Four (frequency, norm) pairs in eight bytes, as they are stored: frequency in the even bytes, norm in the odd ones.
/// An unused pair is (0, 0). Frequency 255 stands for 255 or more.
struct ImpactPairs: BitwiseCopyable {
  struct Pair: BitwiseCopyable {
    var frequency: UInt8
    var norm: UInt8
  }

  static let count = 4
  var bits: UInt64 = 0

  @inline(__always)
  subscript(i: Int) -> Pair {
    get {
      Pair(
        frequency: UInt8(truncatingIfNeeded: bits &>> UInt64(16 &* i)),
        norm: UInt8(truncatingIfNeeded: bits &>> UInt64(16 &* i &+ 8)))
    }
    set {
      bits &= ~(0xFFFF &<< UInt64(16 &* i))
      bits |= (UInt64(newValue.frequency) | UInt64(newValue.norm) &<< 8) &<< UInt64(16 &* i)
    }
  }
}
