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
      guard let header = extents.bytes(at: address, count: headerBytes) else { return nil }
      let distance = UInt64(header.integer(at: PostingListFormat.Header.base, as: UInt32.self))
      let bytesBefore = distance * UInt64(PostingListFormat.offsetBytes)
      return bytesBefore <= address ? address - bytesBefore..<address + UInt64(headerBytes) : nil
    }
  }

  /// Where a long list's header lies, which has to be intact before `byteRange` is asked.
  public var headerRange: Range<UInt64> {
    layout == .long ? address..<address &+ UInt64(headerBytes) : 0..<0
  }

  /// Asks for what is read of the list first.
  @inline(__always)
  public func prefetch(in extents: ExtentMap) {
    if layout != .inline { extents.bytes(at: address, count: 1)?.prefetch() }
  }

  private var headerBytes: Int {
    PostingListFormat.Header.bytes(pieceCount: PostingListFormat.pieceCount(documentFrequency: documentFrequency))
  }
}
