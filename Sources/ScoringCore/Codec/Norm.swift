/// A document's length in one byte: exact up to 39 words, then three significant bits and an exponent.
///
/// Lucene's SmallFloat.intToByte4. Monotone: a longer document never has a smaller norm, which the bounds rely on.
///
///     code 0...39          the length itself
///     code 40 + (e, m)     40 words and more, less 24, as a float of four significant bits: (8 + m) << (e - 1)
public enum Norm {
  private static let exactCount = 24

  /// The norm of a document of `length` words.
  public static func encode(length: UInt32) -> UInt8 {
    let length = min(length, UInt32(Int32.max))
    guard length >= UInt32(exactCount) else { return UInt8(length) }
    return UInt8(exactCount + encodeFloat(length - UInt32(exactCount)))
  }

  /// The least length that has this norm.
  public static func decode(_ norm: UInt8) -> UInt32 {
    guard Int(norm) >= exactCount else { return UInt32(norm) }
    return UInt32(exactCount) + decodeFloat(Int(norm) - exactCount)
  }

  /// Four significant bits: values below 16 stay themselves (no exponent and the hidden bit of the first octave).
  private static func encodeFloat(_ value: UInt32) -> Int {
    let bits = UInt32.bitWidth - value.leadingZeroBitCount
    guard bits >= 4 else { return Int(value) }
    let shift = bits - 4
    return (shift + 1) << 3 | Int(value >> UInt32(shift)) & 7
  }

  private static func decodeFloat(_ code: Int) -> UInt32 {
    let mantissa = UInt32(code & 7)
    let shift = code >> 3 - 1
    return shift < 0 ? mantissa : (mantissa | 8) << UInt32(shift)
  }
}
