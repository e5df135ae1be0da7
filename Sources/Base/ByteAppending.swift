extension [UInt8] {
  /// Appends `value` in little-endian order.
  @inlinable
  public mutating func appendInteger<T: FixedWidthInteger>(_ value: T) {
    var rest = value
    for _ in 0..<MemoryLayout<T>.size {
      append(UInt8(truncatingIfNeeded: rest))
      rest >>= 8
    }
  }

  /// Appends a varint length, then the bytes.
  @inlinable
  public mutating func appendCounted(_ bytes: some Collection<UInt8>) {
    Varint.append(UInt64(bytes.count), to: &self)
    append(contentsOf: bytes)
  }
}
