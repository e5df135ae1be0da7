/// LEB128: seven bits a byte, least significant first, the high bit set on all bytes but the last.
///
///     300 = 0b10_0101100  ->  0xAC 0x02
public enum Varint {
  /// Appends `value`; 1 to 10 bytes.
  @inlinable
  public static func append(_ value: UInt64, to bytes: inout [UInt8]) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  @inlinable
  public static func append(_ value: UInt32, to bytes: inout [UInt8]) { append(UInt64(value), to: &bytes) }

  @inlinable
  public static func byteCount(_ value: UInt64) -> Int {
    value == 0 ? 1 : (64 - value.leadingZeroBitCount + 6) / 7
  }
}
