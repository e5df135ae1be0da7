public import Base

extension WriteTransaction {
  /// Stores one extent of a segment, sealed. `usable` has exactly `size.usableBytes` bytes, or in the last extent as many as
  /// `size.lastUsableBytes` says.
  ///
  /// Writes into LMDB's own page memory: one copy. In any order of numbers. A segment's extents are all of one size,
  /// and none is written twice.
  public mutating func putExtent(
    segment: SegmentID, number: Int, size: ExtentSize, _ usable: Span<UInt8>, seal: ExtentSeal
  ) throws(StoreError) {
    guard let number32 = UInt32(exactly: number) else { preconditionFailure("an extent number has 32 bits") }
    let bytes = unsafe usable.bytes  // SAFETY: UInt8 has no padding that could be uninitialised.
    let trailer = seal.trailer(for: bytes, segment: segment, extent: number, size: size)
    let valueBytes = bytes.byteCount + size.trailerBytes
    try account(valueBytes)
    let handle = access.handle(of: .extents)
    let key = ExtentKey(segment: segment, number: number32).bytes
    let isNew = try change { (transaction) throws(LMDBFailure) in
      // SAFETY: the reserved value has `valueBytes` bytes, which the two copies fill, before any other call.
      guard let value = try unsafe transaction.reserve(handle, key, byteCount: valueBytes) else { return false }
      unsafe bytes.withUnsafeBytes { unsafe value.copyMemory(from: $0) }
      unsafe UnsafeMutableRawBufferPointer(rebasing: value[(valueBytes - size.trailerBytes)...]).copyBytes(from: trailer)
      return true
    }
    if !isNew { throw fail(.corrupted("segment \(segment.rawValue) has an extent \(number) already")) }
  }

  /// Removes a whole segment: returns the number of its extents. 6 GB take 0.4 s.
  ///
  /// In one transaction: LMDB finds a place for an extent quickly only among a few large records of free pages.
  @discardableResult
  public mutating func deleteExtents(of segment: SegmentID) throws(StoreError) -> Int {
    let prefix = ExtentKey.prefix(of: segment)
    let access = access
    var deleted = 0
    do throws(StoreError) {
      let entries = try EntryScan(access, .extents)
      // SAFETY: a key is compared before the entry goes; the next one is found anew.
      while let entry = try unsafe entries.seek(prefix), unsafe entry.key.starts(with: prefix) {
        try entries.deleteCurrent()
        deleted += 1
      }
    } catch {
      throw fail(error)
    }
    return deleted
  }
}
