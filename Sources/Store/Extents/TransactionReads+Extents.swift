public import Base

/// What lies under one segment id in the table of extents.
public struct StoredSegment: Equatable, Sendable {
  public let id: SegmentID
  public var extentCount: Int
  /// Bytes of the values, trailers included.
  public var byteCount: Int
}

extension TransactionReads where Self: ~Copyable {
  /// Where the extents 0 ..< `count` of a segment lie, in order; `size.valueBytes` bytes each, but for the last
  /// (`lastValueBytes`), at 16-byte alignment.
  ///
  /// Throws `.corrupted` when one is missing, of another size, or one too many is there. The bytes are valid while the
  /// transaction lives: only a `PinnedRead` makes sense of pointers that leave the call. O(count).
  public func extentPointers(
    of segment: SegmentID, size: ExtentSize, count: Int
  ) throws(StoreError) -> [UnsafeRawPointer] {
    let prefix = ExtentKey.prefix(of: segment)
    // SAFETY: LMDB points into its map for as long as the transaction lives; the sizes are checked here.
    var pointers: [UnsafeRawPointer] = unsafe []
    unsafe pointers.reserveCapacity(count)
    let entries = try EntryScan(access, .extents)
    var entry = try unsafe entries.seek(prefix)
    while let found = unsafe entry, unsafe found.key.starts(with: prefix) {
      let expected = ExtentKey(segment: segment, number: UInt32(truncatingIfNeeded: unsafe pointers.count))
      let isLast = unsafe pointers.count == count - 1
      guard unsafe ExtentKey(found.key) == expected,
        unsafe isLast ? size.isLastValue(byteCount: found.value.count) : found.value.count == size.valueBytes,
        let start = unsafe found.value.baseAddress
      else { break }
      unsafe pointers.append(UnsafeRawPointer(start))
      unsafe entry = try unsafe entries.next()
    }
    let wholeExtents = unsafe pointers.count
    let isFollowed = unsafe entry?.key.starts(with: prefix) ?? false
    guard wholeExtents == count, !isFollowed else {
      let expected = "segment \(segment.rawValue) should have \(count) extents of \(size.valueBytes) bytes"
      throw .corrupted("\(expected); number \(wholeExtents) is wrong")
    }
    return unsafe pointers
  }

  /// Length of the value of the last of a segment's `count` extents, as `extentPointers` found it.
  public func lastValueBytes(of segment: SegmentID, count: Int) throws(StoreError) -> Int {
    let key = ExtentKey(segment: segment, number: UInt32(truncatingIfNeeded: count - 1)).bytes
    return try get(.extents, key)?.byteCount ?? 0
  }

  /// What is stored under every segment id, in order of id: for the sweep of orphans at start and for `verify`.
  /// O(extents).
  public func storedSegments() throws(StoreError) -> [StoredSegment] {
    var segments: [StoredSegment] = []
    try forEach(.extents) { (key, value) throws(StoreError) in
      // SAFETY: the key is read inside the closure.
      guard let key = unsafe key.withUnsafeBytes({ unsafe ExtentKey($0) }) else {
        throw .corrupted("a key in the table of extents is none")
      }
      if segments.last?.id != key.segment {
        segments.append(StoredSegment(id: key.segment, extentCount: 0, byteCount: 0))
      }
      segments[segments.count - 1].extentCount += 1
      segments[segments.count - 1].byteCount += value.byteCount
    }
    return segments
  }
}
