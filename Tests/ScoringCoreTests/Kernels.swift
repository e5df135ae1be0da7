import CKernels

/// The kernels as functions from arrays to arrays, each with its scalar twin.
enum Kernels {
  enum Version: CaseIterable {
    case chosen, scalar
  }

  /// SAFETY (all functions): every array is as long as the kernel's contract says; callers keep to it.
  static func pack(_ values: [UInt32], _ width: UInt32, _ version: Version) -> [UInt8] {
    // One byte more than is needed, to see that it stays.
    var packed = [UInt8](repeating: 0xAA, count: 16 * Int(width) + 1)
    switch version {
    case .chosen: unsafe kwic_pack_block(values, width, &packed)  // SAFETY: see above.
    case .scalar: unsafe kwic_pack_block_scalar(values, width, &packed)  // SAFETY: see above.
    }
    return packed
  }

  static func unpack(_ packed: [UInt8], _ width: UInt32, _ version: Version) -> [UInt32] {
    var values = [UInt32](repeating: 0, count: 128)
    switch version {
    case .chosen: unsafe kwic_unpack_block(packed, width, &values)  // SAFETY: see above.
    case .scalar: unsafe kwic_unpack_block_scalar(packed, width, &values)  // SAFETY: see above.
    }
    return values
  }

  static func unpackAscending(
    _ packed: [UInt8], _ width: UInt32, previous: UInt32, _ version: Version
  ) -> [UInt32] {
    var values = [UInt32](repeating: 0, count: 128)
    switch version {
    case .chosen: unsafe kwic_unpack_ascending_block(packed, width, previous, &values)  // SAFETY: see above.
    case .scalar: unsafe kwic_unpack_ascending_block_scalar(packed, width, previous, &values)  // SAFETY: see above.
    }
    return values
  }

  static func packStream(_ values: [UInt32], _ width: UInt32) -> [UInt8] {
    var packed = [UInt8](repeating: 0, count: (values.count * Int(width) + 7) / 8)
    unsafe kwic_pack_stream(values, width, values.count, &packed)  // SAFETY: see above.
    return packed
  }

  static func unpackStream(_ packed: [UInt8], _ width: UInt32, count: Int) -> [UInt32] {
    var values = [UInt32](repeating: 7, count: count)
    unsafe kwic_unpack_stream(packed, width, count, &values)  // SAFETY: see above.
    return values
  }

  static func patchedWidth(_ values: [UInt32], overhead: Int = 0) -> UInt32 {
    unsafe kwic_patched_width(values, values.count, overhead)  // SAFETY: see above.
  }

  /// The low bits and the patches of up to 128 values.
  static func splitPatches(_ values: [UInt32], _ width: UInt32) -> (low: [UInt32], patches: [UInt8]) {
    var low = [UInt32](repeating: 0, count: values.count)
    var patches = [UInt8](repeating: 0, count: Int(KWIC_PATCHES_MAX))
    let found = unsafe kwic_split_patches(values, values.count, width, &low, &patches)  // SAFETY: see above.
    return (low, Array(patches.prefix(found)))
  }

  /// 128 values with patches added.
  static func patch(_ values: [UInt32], _ patches: [UInt8], _ width: UInt32) -> [UInt32] {
    var values = values
    unsafe kwic_patch(patches, patches.count, width, &values)  // SAFETY: see above.
    return values
  }

  static func packRice(_ values: [UInt32]) -> (width: UInt32, packed: [UInt8]) {
    var byteCount: UInt64 = 0
    let width = unsafe kwic_rice_width(values, values.count, &byteCount)  // SAFETY: see above.
    // One byte more than is needed, to see that it stays.
    var packed = [UInt8](repeating: 0xAA, count: Int(byteCount) + 1)
    unsafe kwic_pack_rice(values, width, values.count, &packed)  // SAFETY: see above.
    return (width, packed)
  }

  /// The values, or nil where the kernel says that the bytes hold no such code; and how many bytes it read.
  static func unpackRice(_ packed: [UInt8], _ width: UInt32, count: Int) -> (read: Int, values: [UInt32]) {
    var values = [UInt32](repeating: 7, count: count)
    let read = unsafe kwic_unpack_rice(packed, packed.count, width, count, &values)  // SAFETY: see above.
    return (read, values)
  }

  static func width(_ values: [UInt32]) -> UInt32 { unsafe kwic_width(values, values.count) }  // SAFETY: see above.

  static func unpackBits(
    _ bits: [UInt8], byteCount: Int, first: UInt32, _ version: Version
  ) -> (found: Int, values: [UInt32]) {
    var values = [UInt32](repeating: 0, count: 128)
    switch version {
    case .chosen: return unsafe (Int(kwic_unpack_bits(bits, byteCount, first, &values)), values)  // SAFETY: see above.
    case .scalar:  // SAFETY: see above.
      return unsafe (Int(kwic_unpack_bits_scalar(bits, byteCount, first, &values)), values)
    }
  }

  static func score(
    _ documents: [UInt32], _ frequencies: [UInt32], _ norms: [UInt8], _ inverse: [Float], _ weight: Float,
    _ version: Version
  ) -> [Float] {
    var scores = [Float](repeating: 0, count: documents.count)
    switch version {
    case .chosen:  // SAFETY: see above.
      unsafe kwic_score(documents, frequencies, documents.count, norms, inverse, weight, &scores)
    case .scalar:  // SAFETY: see above.
      unsafe kwic_score_scalar(documents, frequencies, documents.count, norms, inverse, weight, &scores)
    }
    return scores
  }

  static func above(_ scores: [Float], _ floor: Float) -> [Int] {
    var indexes = [UInt32](repeating: 0, count: scores.count)
    let found = unsafe kwic_above(scores, scores.count, floor, &indexes)  // SAFETY: see above.
    return indexes.prefix(Int(found)).map { Int($0) }
  }

  static func checksum(_ bytes: ArraySlice<UInt8>, seed: UInt32 = 0, _ version: Version = .chosen) -> UInt32 {
    unsafe bytes.withUnsafeBytes {
      switch version {
      case .chosen: unsafe kwic_crc32c(seed, $0.baseAddress, $0.count)  // SAFETY: reads the buffer.
      case .scalar: unsafe kwic_crc32c_scalar(seed, $0.baseAddress, $0.count)  // SAFETY: reads the buffer.
      }
    }
  }
}
