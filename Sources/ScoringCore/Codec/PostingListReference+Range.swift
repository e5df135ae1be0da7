public import Base

extension PostingListReference {
  /// Where the list's bytes lie in its segment: what has to be intact, or read ahead, before it is walked. Empty for a
  /// list inside its dictionary entry; nil where the bytes at its address are no list.
  public func byteRange(in extents: ExtentMap) -> Range<UInt64>? {
    switch layout {
    case .inline: return 0..<0
    case .short:
      let end = address.addingReportingOverflow(UInt64(byteCount))
      guard !end.overflow, end.partialValue <= extents.byteCount else { return nil }
      return address..<end.partialValue
    case .long:
      typealias Header = PostingListFormat.Header
      guard let header = extents.bytes(at: address, count: Header.bytes) else { return nil }
      let base: UInt64 = header.integer(at: Header.base)
      return base <= address ? base..<address + UInt64(Header.bytes) : nil
    }
  }

  /// Where a long list's header lies, which has to be intact before `byteRange` is asked.
  public var headerRange: Range<UInt64> {
    layout == .long ? address..<address &+ UInt64(PostingListFormat.Header.bytes) : 0..<0
  }
}
