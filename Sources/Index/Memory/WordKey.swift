/// A word as the term table compares it: its hash, its length, and of its bytes the first eight and the last eight (none
/// where there are no more than eight). Words of up to 16 bytes are equal if their keys are.
struct WordKey: BitwiseCopyable, Equatable {
  /// The first eight bytes, little-endian, zeroes behind them.
  var front: UInt64
  /// The last eight bytes of a word longer than eight.
  var back: UInt64
  var hash: UInt32
  var length: UInt32

  // SAFETY (whole type): `form` has `length` bytes, and `readable` bytes, no fewer, may be read.
  @inline(__always)
  init(_ form: UnsafePointer<UInt8>, count length: Int, readable: Int) {
    self.length = UInt32(truncatingIfNeeded: length)
    if readable >= 8 {
      // Without a branch on the length, which would be guessed wrong for every third word.
      let missing = UInt64(max(8 &- length, 0))
      front = unsafe Self.load64(form) & (~0 &>> (8 &* missing))
      let tail = unsafe Self.load64(form + max(length &- 8, 0))
      back = length > 8 ? tail : 0
    } else {
      front = 0
      back = 0
      for at in 0..<length { front |= UInt64(unsafe form[at]) &<< UInt64(8 &* at) }
    }
    var state = Self.fold(front ^ 0x9E37_79B9_7F4A_7C15 ^ UInt64(length))
    state = Self.fold(state ^ back)
    var at = 8
    while at + 8 < length {
      state = unsafe Self.fold(state ^ Self.load64(form + at))
      at += 8
    }
    hash = UInt32(truncatingIfNeeded: state ^ (state >> 32))
  }

  /// The first eight bytes as a number that sorts as they do: `DictionaryFormat.prefix`.
  var prefix: UInt64 { front.byteSwapped }

  /// Multiply and fold, in the manner of wyhash; the table is private, so nothing depends on its values.
  @inline(__always)
  private static func fold(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
    return product.high ^ product.low
  }

  @inline(__always)
  private static func load64(_ pointer: UnsafePointer<UInt8>) -> UInt64 {
    unsafe UnsafeRawPointer(pointer).loadUnaligned(as: UInt64.self)
  }
}
