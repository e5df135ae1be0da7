internal import CKernels

/// The packing kernels behind whole-array interfaces, for the encoder. Readers call the kernels on segment bytes.
enum BlockPacking {
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
    _ values: Span<UInt32>, count: Int, overhead: Int, low: inout PostingListEncoder.BlockValues,
    to bytes: inout [UInt8]
  ) -> Patched {
    precondition(count <= min(values.count, PostingListFormat.blockCount))
    // SAFETY: `count` values are read and written, as many patches as there is room for at most, and exactly the bytes
    // of a block or of a stream.
    return unsafe values.withUnsafeBufferPointer { source in
      let width = unsafe kwic_patched_width(source.baseAddress, count, overhead)
      var lowSpan = low.mutableSpan
      return unsafe lowSpan.withUnsafeMutableBufferPointer { low in
        let patches = unsafe [UInt8](unsafeUninitializedCapacity: PostingListFormat.patchesMax) { target, patchCount in
          unsafe patchCount = kwic_split_patches(source.baseAddress, count, width, low.baseAddress, target.baseAddress)
        }
        unsafe append(PostingListFormat.packedBytes(count: count, width: width), to: &bytes) { target in
          if count == PostingListFormat.blockCount {
            unsafe kwic_pack_block(low.baseAddress, width, target)
          } else {
            unsafe kwic_pack_stream(low.baseAddress, width, count, target)
          }
        }
        return Patched(width: width, patches: patches)
      }
    }
  }

  /// Appends the width and the Rice code of `count` values, at least one.
  static func appendRice(_ values: Span<UInt32>, count: Int, to bytes: inout [UInt8]) {
    precondition(count > 0 && count <= values.count)
    // SAFETY: `count` values are read and exactly the bytes of their code written.
    unsafe values.withUnsafeBufferPointer { source in
      var byteCount: UInt64 = 0
      let width = unsafe kwic_rice_width(source.baseAddress, count, &byteCount)
      bytes.append(UInt8(width))
      unsafe append(Int(byteCount), to: &bytes) { target in
        unsafe kwic_pack_rice(source.baseAddress, width, count, target)
      }
    }
  }

  private static func append(_ count: Int, to bytes: inout [UInt8], _ write: (UnsafeMutableRawPointer) -> Void) {
    guard count > 0 else { return }
    bytes.append(addingCapacity: count) { output in
      // SAFETY: there is room for `count` bytes, all of which are written.
      unsafe output.withUnsafeMutableBufferPointer { target, initializedCount in
        unsafe write(UnsafeMutableRawPointer(target.baseAddress! + initializedCount))
        initializedCount += count
      }
    }
  }
}
