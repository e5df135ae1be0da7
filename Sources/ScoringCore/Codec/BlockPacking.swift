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

  /// A run of up to 128 values as it is written: the width of the low bits, and the patches that make up the rest.
  struct Patched {
    var width: UInt32
    var patches: [UInt8]
  }

  /// Appends up to 128 values, a block where there are 128 of them and a bit stream of fewer, in the width in which they
  /// take the fewest bytes with their patches. The patches are answered, for the caller to put where its format wants them.
  /// - Parameters:
  ///   - overhead: Bytes that having patches costs beside their own.
  ///   - low: Scratch of 128 values.
  static func appendPatched(
    _ values: [UInt32], count: Int, overhead: Int, low: inout [UInt32], to bytes: inout [UInt8]
  ) -> Patched {
    precondition(count <= min(values.count, PostingListFormat.blockCount) && low.count >= PostingListFormat.blockCount)
    // SAFETY: count values.
    let width = unsafe values.withUnsafeBufferPointer { unsafe kwic_patched_width($0.baseAddress, count, overhead) }
    let patches = unsafe [UInt8](unsafeUninitializedCapacity: PostingListFormat.patchesMax) { target, patchCount in
      // SAFETY: `count` values are read and written, and as many patches as there is room for at most.
      patchCount = unsafe values.withUnsafeBufferPointer { source in
        unsafe low.withUnsafeMutableBufferPointer {
          unsafe kwic_split_patches(source.baseAddress, count, width, $0.baseAddress, target.baseAddress)
        }
      }
    }
    if count == PostingListFormat.blockCount {
      appendBlock(low, width: width, to: &bytes)
    } else {
      appendStream(low, width: width, count: count, to: &bytes)
    }
    return Patched(width: width, patches: patches)
  }

  /// Appends the width and the Rice code of `count` values, at least one.
  static func appendRice(_ values: [UInt32], count: Int, to bytes: inout [UInt8]) {
    precondition(count > 0 && count <= values.count)
    var byteCount: UInt64 = 0
    // SAFETY: `count` values are read and exactly the bytes of their code written.
    let width = unsafe values.withUnsafeBufferPointer { unsafe kwic_rice_width($0.baseAddress, count, &byteCount) }
    bytes.append(UInt8(width))
    unsafe append(Int(byteCount), to: &bytes) { target in
      unsafe values.withUnsafeBufferPointer { unsafe kwic_pack_rice($0.baseAddress, width, count, target) }
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
