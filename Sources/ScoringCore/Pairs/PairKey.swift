/// The keys of a segment's phrase layer. Common words are numbered by their place in it.
///
///     key     := kind u8, first u8, second u8
///     kind    := 0: `second` directly behind `first`; payload: a list with the positions of `first`
///              | 1: both anywhere in a document, first < second; payload: `NearTier`
///              | 2: the same of three words, a third u8 behind; only of the first 24
public enum PairKey {
  /// Numbers are one byte.
  public static let wordsMax = 255

  public static func adjacent(_ first: Int, _ second: Int) -> [UInt8] { [0, UInt8(first), UInt8(second)] }

  /// Triples are kept of the commonest words only: their number grows with the cube.
  public static let tripleWordsMax = 24

  public static func near(_ a: Int, _ b: Int, _ c: Int) -> [UInt8] {
    let ordered = [UInt8(a), UInt8(b), UInt8(c)].sorted()
    return [2] + ordered
  }

  public static func near(_ a: Int, _ b: Int) -> [UInt8] { [1, UInt8(min(a, b)), UInt8(max(a, b))] }
}
