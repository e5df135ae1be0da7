/// 128 bits of SipHash-2-4 (Aumasson, Bernstein 2012): names paths, identities and contents of files.
///
/// Two different inputs with one hash are not met by chance. Bytes may come in pieces; the pieces do not matter.
///
/// Complexity: linear; about a byte and a half a nanosecond.
public struct SipHash128: Sendable {
  private var v0: UInt64
  private var v1: UInt64
  private var v2: UInt64
  private var v3: UInt64
  /// Up to seven bytes that no round has had yet, the first lowest.
  private var tail: UInt64 = 0
  private var byteCount: UInt64 = 0

  /// - Parameter key: part of what is stored with the hashes; the standard one is of no significance.
  public init(key: (UInt64, UInt64) = (0x6B77_6963_2D66_696C, 0x6573_2D61_6E64_2D69)) {
    v0 = key.0 ^ 0x736F_6D65_7073_6575
    v1 = key.1 ^ 0x646F_7261_6E64_6F6D ^ 0xEE
    v2 = key.0 ^ 0x6C79_6765_6E65_7261
    v3 = key.1 ^ 0x7465_6462_7974_6573
  }

  /// The hash of a whole.
  public static func hash(_ bytes: some Sequence<UInt8>) -> UInt128 {
    var hash = SipHash128()
    for byte in bytes { hash.append(byte) }
    return hash.finish()
  }

  public mutating func append(_ bytes: [UInt8]) {
    var next = 0
    while next < bytes.count, byteCount % 8 != 0 {
      append(bytes[next])
      next += 1
    }
    let span = bytes.span
    while next + 8 <= span.count {
      var word: UInt64 = 0
      for place in 0..<8 { word |= UInt64(span[next + place]) &<< UInt64(place * 8) }
      take(word)
      byteCount += 8
      next += 8
    }
    while next < bytes.count {
      append(bytes[next])
      next += 1
    }
  }

  @inline(__always)
  private mutating func append(_ byte: UInt8) {
    let place = byteCount % 8
    tail |= UInt64(byte) << (place * 8)
    byteCount += 1
    if place == 7 {
      take(tail)
      tail = 0
    }
  }

  /// The hash of all that was appended.
  public func finish() -> UInt128 {
    var last = self
    last.take(tail | (byteCount << 56))
    last.v2 ^= 0xEE
    for _ in 0..<4 { last.round() }
    let low = last.v0 ^ last.v1 ^ last.v2 ^ last.v3
    last.v1 ^= 0xDD
    for _ in 0..<4 { last.round() }
    let high = last.v0 ^ last.v1 ^ last.v2 ^ last.v3
    return UInt128(high) << 64 | UInt128(low)
  }

  @inline(__always)
  private mutating func take(_ word: UInt64) {
    v3 ^= word
    round()
    round()
    v0 ^= word
  }

  @inline(__always)
  private mutating func round() {
    v0 = v0 &+ v1
    v1 = Self.rotate(v1, 13) ^ v0
    v0 = Self.rotate(v0, 32)
    v2 = v2 &+ v3
    v3 = Self.rotate(v3, 16) ^ v2
    v0 = v0 &+ v3
    v3 = Self.rotate(v3, 21) ^ v0
    v2 = v2 &+ v1
    v1 = Self.rotate(v1, 17) ^ v2
    v2 = Self.rotate(v2, 32)
  }

  @inline(__always)
  private static func rotate(_ value: UInt64, _ count: UInt64) -> UInt64 {
    value &<< count | value &>> (64 &- count)
  }
}
