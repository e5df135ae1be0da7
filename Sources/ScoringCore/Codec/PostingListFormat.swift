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
  /// Offsets count units of 16 bytes.
  static let unitBytes = 16

  /// Blocks of one level-2 entry; their level-1 entries form one piece.
  static let pieceBlocks = 32

  /// Level-1 skip entry:
  ///
  ///     0      4                      8                12       13          14    16          24
  ///     | last | offset16<<6 | width  | positionsBefore | tfWidth | pairCount | 0 0 | 4 x (tf, norm) |
  enum Level1 {
    static let bytes = 24
    static let last = 0
    static let unit = 4
    static let positionsBefore = 8
    static let frequencyWidth = 12
    static let pairCount = 13
    static let pairs = 16
  }

  /// Level-2 entry:
  ///
  ///     0      4                     8                16
  ///     | last | offset8 of the piece | 4 x (tf, norm) |
  enum Level2 {
    static let bytes = 16
    static let last = 0
    static let piece = 4
    static let pairs = 8
  }

  /// Header of a long list:
  ///
  ///     0      8                   16       24           28                   32        40               52          64
  ///     | base | positionDirectory | level2 | blockCount | positionBlockCount | 4 pairs | 3 x wrapBlock | 12 x zero |
  ///
  /// `wrapBlock[i]`: number of the first position block whose offset passes (i + 1) GiB, where the directory's 26 bits
  /// of offset begin again; UInt32.max where there is none. With `Limits.wordsPerSegmentMax` words in a segment the
  /// position blocks of one list stay below 3 GiB whatever the text.
  enum Header {
    static let bytes = 64
    static let base = 0
    static let positionDirectory = 8
    static let level2 = 16
    static let blockCount = 24
    static let positionBlockCount = 28
    static let pairs = 32
    static let wraps = 40
    static let wrapCount = 3
  }

  /// Entry of the position directory and field of a level-1 entry: an offset in units of 16 bytes and a width code.
  static let widthBits: UInt64 = 6
  static let widthMask: UInt64 = 63
  static let offsetBits: UInt64 = 26

  @inline(__always)
  static func place(unit: UInt64, width: UInt32) -> UInt32 {
    UInt32(truncatingIfNeeded: unit << widthBits | UInt64(width))
  }

  /// Bytes of a run of `count` values: whole units for a full block, whole bytes for a bit stream.
  @inline(__always)
  static func packedBytes(count: Int, width: UInt32) -> Int { (count &* Int(width) &+ 7) >> 3 }

  /// Bytes of a bit set that reaches from the document after `previous` to `last`.
  @inline(__always)
  static func bitSetBytes(previous: UInt32, last: UInt32) -> Int { ((Int(last &- previous) &+ 127) >> 7) << 4 }
}
