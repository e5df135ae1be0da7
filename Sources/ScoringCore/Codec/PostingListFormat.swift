/// The constants of the posting list format; the chapter `ScoringCore.md` holds the grammar and worked bytes.
enum PostingListFormat {
  /// Postings, and position values, of one block.
  static let blockCount = 128
  /// Inline lists: at most this many documents and bytes.
  static let inlineDocumentsMax = 8
  static let inlineBytesMax = 32
  /// Short lists up to this size are kept together in one extent.
  static let shortTogetherBytesMax = 32 << 10
  /// Width code of a block of gaps that is stored as a bit set.
  static let bitSetWidth: UInt32 = 33
  /// A bit set may be so much longer than the packed gaps.
  static let bitSetBonusBytes = 16
  /// Offsets and distances count units of 4 bytes.
  static let offsetBytes = 4

  /// Blocks of one level-2 entry; their level-1 entries form one piece.
  static let pieceBlocks = 32

  /// Level-1 skip entry; the offset counts bytes from the piece's first unit:
  ///
  ///     0      4                 8                 16       18                  19            20
  ///     | last | positionsBefore | 4 x (tf, norm)  | offset | width and patched | tf the same |
  enum Level1 {
    static let bytes = 20
    static let last = 0
    static let positionsBefore = 4
    static let pairs = 8
    static let unit = 16
    static let documentWidth = 18
    static let frequencyWidth = 19
    /// Added to a width: a count of patches, and they, follow the values.
    static let patched: UInt8 = 64
  }

  /// Level-2 entry; the piece's offset counts units of 4 bytes from `base`. A piece is its level-1 entries and its units:
  ///
  ///     0      4                     8                16
  ///     | last | offset of the piece | 4 x (tf, norm) |
  enum Level2 {
    static let bytes = 16
    static let last = 0
    static let piece = 4
    static let pairs = 8
  }

  /// Header of a long list; distances count units of 4 bytes back from the header. The list's own pairs are there where
  /// it has several pieces, else they are those of the one:
  ///
  ///     0                  4                       8                   8 or 16
  ///     | distance of base | distance of directory | [4 x (tf, norm)]  | level-2 entries |
  enum Header {
    static let base = 0
    static let directory = 4
    static let pairs = 8

    /// Where the level-2 entries begin.
    @inline(__always)
    static func level2(pieceCount: Int) -> Int { pieceCount == 1 ? 8 : 16 }
    @inline(__always)
    static func bytes(pieceCount: Int) -> Int { level2(pieceCount: pieceCount) + pieceCount * Level2.bytes }
  }

  /// Pieces of a long list of `documentFrequency` documents.
  @inline(__always)
  static func pieceCount(documentFrequency: UInt32) -> Int {
    (Int(documentFrequency) + blockCount * pieceBlocks - 1) / (blockCount * pieceBlocks)
  }

  /// The directory of position blocks: a code of two bytes for each block, 16-aligned, then for each group of eight the
  /// offset of its first in units of 4 bytes from `base`, 4-aligned. The others of a group follow the first:
  ///
  ///     code, 16 bits: | patches : 10 | width : 6 |
  enum Directory {
    static let groupShift = 3
    static let groupBlocks = 1 << groupShift
    static let codeBytes = 2
    static let offsetBytes = 4
    static let widthBits: UInt16 = 6
    static let widthMask: UInt16 = 63

    @inline(__always)
    static func code(width: UInt32, patchCount: Int) -> UInt16 {
      UInt16(truncatingIfNeeded: patchCount) << widthBits | UInt16(truncatingIfNeeded: width)
    }

    /// Bytes of the codes of `blockCount` blocks, padded for the offsets behind them.
    @inline(__always)
    static func codesBytes(blockCount: Int) -> Int { (blockCount &* codeBytes &+ 3) & ~3 }
  }

  /// Patches of one block at most (`kwic_patch`).
  static let patchesMax = 255

  // What patches of gaps and frequencies cost beside their own bytes: the byte of their count, and time.
  static let gapPatchOverhead = 32
  static let frequencyPatchOverhead = 8
  static let positionPatchOverhead = 4

  /// Bytes of a run of `count` values: whole units for a full block, whole bytes for a bit stream.
  @inline(__always)
  static func packedBytes(count: Int, width: UInt32) -> Int { (count &* Int(width) &+ 7) >> 3 }

  /// Bytes of a bit set that reaches from the document after `previous` to `last`.
  @inline(__always)
  static func bitSetBytes(previous: UInt32, last: UInt32) -> Int { ((Int(last &- previous) &+ 127) >> 7) << 4 }
}
