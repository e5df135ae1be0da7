internal import Base

/// Two small lengths in one byte, which is what most keys and forms need.
///
///     pair := u8 first << 4 | second, [varint(first − 15)], [varint(second − 15)]
///
/// A half of 15 says that the rest of its number follows.
enum LengthPair {
  static let escape = 15

  @inline(__always)
  static func append(_ first: Int, _ second: Int, to bytes: inout [UInt8]) {
    bytes.append(UInt8(min(first, escape) << 4 | min(second, escape)))
    if first >= escape { Varint.append(UInt64(first - escape), to: &bytes) }
    if second >= escape { Varint.append(UInt64(second - escape), to: &bytes) }
  }
}

extension ByteReader {
  mutating func lengthPair() throws(ByteError) -> (Int, Int) {
    let pair = Int(try byte())
    return (try length(pair >> 4), try length(pair & 15))
  }

  private mutating func length(_ half: Int) throws(ByteError) -> Int {
    guard half == LengthPair.escape else { return half }
    let rest = try varint()
    guard rest <= UInt64(span.byteCount) else { throw .truncated(offset: offset) }
    return half + Int(rest)
  }
}
