/// How sorted keys with small payloads lie in a segment: the term dictionary and the table of stem classes.
///
///     blocks := block*                       each kept together in one extent
///     block  := entry{1…64}
///     entry  := LengthPair(shared, suffixLength), suffix, head u8, [varint(rest − 15)], rest of the payload
///     head   := code << 4 | min(rest, 15)       code 1…15: the payload's first byte is `frequentFirsts[code − 1]`;
///                                               code 0: it stands in the rest
///     heads  := head*                        16-aligned, one a block, contiguous
///     head   := prefix u64                   the first 8 bytes of the block's first key as a big-endian number
///               location u64                 block's address << 24 | block's bytes
///
/// `shared` counts the bytes a key has in common with the one before it in the block; the first has 0. A lookup is a
/// binary search over `heads` by prefix (ties are settled by the blocks' own first keys), then one scan of a block.
///
/// Worked example, the keys `raqqa` → 01 03, `raqqah` → 05:
///
///     05 72 61 71 71 61 02 01 03   51 68 20
///     head: 72 61 71 71 61 00 00 00 as a number, address << 24 | 12
enum DictionaryFormat {
  static let keysPerBlock = 64
  static let headBytes = 16
  /// First bytes that stand in an entry's head: those of the shortest lists and of the smallest stem classes.
  static let frequentFirsts: [UInt8] = [7, 5, 11, 9, 15, 13, 19, 17, 23, 21, 2, 4, 6, 8, 10]
  /// The code of each first byte.
  static let codes: [UInt8] = (0...UInt8.max).map { first in
    UInt8((frequentFirsts.firstIndex(of: first) ?? -1) + 1)
  }
  static let restBits = 4
  static let restEscape = 15
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
