/// The ends of a match, inclusive, in one word: `lo << 32 | hi`, so that hulls sort by lo, then hi.
struct Hull: Comparable, BitwiseCopyable, Sendable {
  var packed: UInt64

  @inline(__always)
  init(_ lo: UInt32, _ hi: UInt32) { packed = UInt64(lo) &<< 32 | UInt64(hi) }

  @inline(__always) var lo: UInt32 { UInt32(truncatingIfNeeded: packed &>> 32) }
  @inline(__always) var hi: UInt32 { UInt32(truncatingIfNeeded: packed) }
  /// hi − lo + 1; positions are far below 2³², see `Limits.wordsPerDocumentMax`.
  @inline(__always) var length: Int { Int(hi) &- Int(lo) &+ 1 }

  /// What a stream of hulls stands on after its last.
  static let none = Hull(.max, .max)
  @inline(__always) var isNone: Bool { packed == .max }

  @inline(__always)
  static func < (first: Hull, second: Hull) -> Bool { first.packed < second.packed }

  @inline(__always)
  func union(_ other: Hull) -> Hull { Hull(min(lo, other.lo), max(hi, other.hi)) }

  /// 0 where the hulls overlap, else the position difference of the facing ends.
  @inline(__always)
  func distance(to other: Hull) -> Int {
    max(0, Int(max(lo, other.lo)) &- Int(min(hi, other.hi)))
  }

  @inline(__always)
  func meets(_ other: Hull) -> Bool { lo <= other.hi && other.lo <= hi }
}
