/// How sorted keys with small payloads lie in a segment: the term dictionary and the table of stem classes.
///
///     blocks := block*                       each kept together in one extent
///     block  := entry{1…64}
///     entry  := LengthPair(shared, suffixLength), suffix, varint(payloadLength), payload
///     heads  := head*                        16-aligned, one a block, contiguous
///     head   := prefix u64                   the first 8 bytes of the block's first key as a big-endian number
///               location u64                 block's address << 24 | block's bytes
///
/// `shared` counts the bytes a key has in common with the one before it in the block; the first has 0. A lookup is a
/// binary search over `heads` by prefix (ties are settled by the blocks' own first keys), then one scan of a block.
///
/// Worked example, the keys `raqqa` → 02 01, `raqqah` → 05:
///
///     05 72 61 71 71 61 02 02 01   51 68 01 05
///     head: 72 61 71 71 61 00 00 00 as a number, address << 24 | 13
enum DictionaryFormat {
  static let keysPerBlock = 64
  static let headBytes = 16
  static let locationLengthBits: UInt64 = 24

  /// The first eight bytes of a key, zero-padded, as a number that sorts as the bytes do.
  @inline(__always)
  static func prefix(_ key: some Collection<UInt8>) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 56
    for byte in key.prefix(8) {
      value |= UInt64(byte) << shift
      shift &-= 8
    }
    return value
  }
}

/// Where a dictionary lies in its segment.
struct DictionaryLocation: Equatable {
  var headsAddress: UInt64 = 0
  var blockCount: UInt64 = 0
  var keyCount: UInt64 = 0
}
