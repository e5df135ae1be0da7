/// A map from scalars to 16-bit values: a table of blocks, then the blocks of 128 values, equal uniform blocks shared.
///
///     value(s) = values[ blocks[s >> 7] << 7 | s & 127 ]
struct ScalarTrie: Sendable {
  private static let scalarCount = 0x110000
  private static let shift: UInt32 = 7
  private static let blockSize = 128

  private var blocks: [UInt16] = []
  private var values: [UInt16] = []

  /// Memory of the trie.
  var byteCount: Int { 2 * (blocks.count + values.count) }

  /// - Parameter runs: lengths and values that cover all scalars in order; what they leave uncovered is 0.
  init(runs: [(length: Int, value: UInt16)]) {
    var uniformBlocks: [UInt16: UInt16] = [:]
    var run = 0
    var used = 0
    blocks.reserveCapacity(Self.scalarCount / Self.blockSize)
    for _ in 0..<Self.scalarCount / Self.blockSize {
      while run < runs.count, used == runs[run].length {
        run += 1
        used = 0
      }
      if run == runs.count || runs[run].length - used >= Self.blockSize {
        let value = run == runs.count ? 0 : runs[run].value
        used += Self.blockSize
        blocks.append(uniformBlocks[value] ?? UInt16(values.count / Self.blockSize))
        if uniformBlocks[value] == nil {
          uniformBlocks[value] = UInt16(values.count / Self.blockSize)
          values.append(contentsOf: repeatElement(value, count: Self.blockSize))
        }
        continue
      }
      blocks.append(UInt16(values.count / Self.blockSize))
      for _ in 0..<Self.blockSize {
        while run < runs.count, used == runs[run].length {
          run += 1
          used = 0
        }
        values.append(run < runs.count ? runs[run].value : 0)
        used += 1
      }
    }
  }

  /// - Parameter scalar: below 0x110000.
  @inline(__always)
  subscript(scalar: UInt32) -> UInt16 {
    let block = Int(blocks[Int(scalar >> Self.shift)])
    return values[block << Int(Self.shift) | Int(scalar & UInt32(Self.blockSize - 1))]
  }
}
