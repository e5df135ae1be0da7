/// What can be wrong with bytes that came from a disk or a socket.
public enum ByteError: Error, Equatable, Sendable {
  /// The bytes end before the value does.
  case truncated(offset: Int)
  /// A varint of more than 64 bits.
  case overlongVarint(offset: Int)
}

/// Reads little-endian integers, varints and byte strings from a borrowed span, checking every length.
///
/// For headers, dictionaries and records: data errors are thrown, never trapped. Not for the hot loops, which check
/// one length a block. The reader cannot outlive the bytes.
public struct ByteReader: ~Escapable {
  public let span: RawSpan
  @usableFromInline var position: Int
  @inlinable public var offset: Int { position }

  @_lifetime(copy span)
  @inlinable
  public init(_ span: RawSpan, at offset: Int = 0) {
    self.span = span
    position = offset
  }

  /// A reader over an array, which must not change meanwhile.
  @_lifetime(borrow bytes)
  @inlinable
  public init(_ bytes: borrowing [UInt8], at offset: Int = 0) {
    span = unsafe bytes.span.bytes  // SAFETY: bytes have no padding that could be uninitialised.
    position = offset
  }

  @inlinable public var remaining: Int { span.byteCount - offset }
  @inlinable public var isAtEnd: Bool { offset >= span.byteCount }

  @inlinable
  public mutating func byte() throws(ByteError) -> UInt8 {
    guard offset < span.byteCount else { throw .truncated(offset: offset) }
    let value = unsafe span.unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)  // SAFETY: offset checked above.
    position += 1
    return value
  }

  /// A little-endian integer of fixed width, at any alignment.
  @inlinable
  public mutating func integer<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type) throws(ByteError) -> T {
    guard remaining >= MemoryLayout<T>.size else { throw .truncated(offset: offset) }
    // SAFETY: the whole integer lies inside the span, checked above.
    let value = unsafe span.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: T.self)
    position += MemoryLayout<T>.size
    return T(littleEndian: value)
  }

  @inlinable
  public mutating func varint() throws(ByteError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let next = try byte()
      guard shift < 63 || next <= 1 else { throw .overlongVarint(offset: offset) }
      value |= UInt64(next & 0x7F) &<< shift
      if next < 0x80 { return value }
      shift += 7
      guard shift < 64 else { throw .overlongVarint(offset: offset) }
    }
  }

  /// A copy of the next `count` bytes.
  public mutating func bytes(_ count: Int) throws(ByteError) -> [UInt8] {
    guard count >= 0, remaining >= count else { throw .truncated(offset: offset) }
    let start = offset
    position += count
    return unsafe span.extracting(start..<start + count).withUnsafeBytes { unsafe [UInt8]($0) }  // SAFETY: copied inside.
  }

  /// A string preceded by its length as a varint.
  public mutating func countedBytes() throws(ByteError) -> [UInt8] {
    let count = try varint()
    guard count <= UInt64(remaining) else { throw .truncated(offset: offset) }
    return try bytes(Int(count))
  }

  /// Where a string lies that is preceded by its length as a varint; goes on behind it.
  public mutating func countedRange() throws(ByteError) -> Range<Int> {
    let count = try varint()
    guard count <= UInt64(remaining) else { throw .truncated(offset: offset) }
    let start = offset
    position += Int(count)
    return start..<offset
  }

  public mutating func skip(_ count: Int) throws(ByteError) {
    guard count >= 0, remaining >= count else { throw .truncated(offset: offset) }
    position += count
  }
}
