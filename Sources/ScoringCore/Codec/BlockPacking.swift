internal import CKernels

/// The packing kernels behind whole-array interfaces, for the encoder. Readers call the kernels on segment bytes.
enum BlockPacking {
  /// Bits that the largest of the first `count` values needs.
  static func width(_ values: [UInt32], count: Int) -> UInt32 {
    precondition(count <= values.count)
    return unsafe values.withUnsafeBufferPointer { unsafe kwic_width($0.baseAddress, count) }  // SAFETY: count values.
  }

  /// Appends 128 values in the vertical layout: 16 * width bytes.
  static func appendBlock(_ values: [UInt32], width: UInt32, to bytes: inout [UInt8]) {
    precondition(values.count >= PostingListFormat.blockCount && width <= 32)
    // SAFETY: 128 values are read and 16 * width bytes written, both present.
    unsafe append(16 * Int(width), to: &bytes) { target in
      unsafe values.withUnsafeBufferPointer { unsafe kwic_pack_block($0.baseAddress, width, target) }
    }
  }

  /// Appends `count` values as a bit stream, rounded up to whole bytes.
  static func appendStream(_ values: [UInt32], width: UInt32, count: Int, to bytes: inout [UInt8]) {
    precondition(count <= values.count && width <= 32)
    // SAFETY: `count` values are read and exactly the bytes of their stream written.
    unsafe append(PostingListFormat.packedBytes(count: count, width: width), to: &bytes) { target in
      unsafe values.withUnsafeBufferPointer { unsafe kwic_pack_stream($0.baseAddress, width, count, target) }
    }
  }

  private static func append(
    _ count: Int, to bytes: inout [UInt8], _ write: (UnsafeMutableRawPointer) -> Void
  ) {
    guard count > 0 else { return }
    let start = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: count))
    unsafe bytes.withUnsafeMutableBytes { unsafe write($0.baseAddress! + start) }  // SAFETY: `count` bytes follow start.
  }
}
