/// Lays out one segment's byte string from front to back and hands out each extent's bytes as it fills.
///
/// The first extent is kept until `finish`, because the header at address 0 names offsets that are known last; so
/// extents are emitted in the order 1, 2, …, n, 0. What is emitted is the usable part only; whoever stores it adds
/// the checksums of the trailer.
///
/// Complexity: one copy of every byte. Memory: two extents. Single thread.
public struct ExtentWriter<Failure: Error>: ~Copyable {
  /// Receives extent number and `usableBytes` bytes (fewer of the last: `ExtentSize.lastUsableBytes`), valid during the
  /// call.
  public typealias Emit = (_ extent: Int, _ bytes: Span<UInt8>) throws(Failure) -> Void

  public let size: ExtentSize
  private let emit: Emit
  private var first: [UInt8] = []
  private var current: [UInt8] = []
  private var extent = 0

  /// Where the next byte goes.
  public var address: UInt64 { UInt64(extent) * UInt64(size.usableBytes) + UInt64(current.count) }
  /// Extents begun so far.
  public var extentCount: Int { extent + 1 }

  /// `reserved` zero bytes at address 0 are left for the header.
  /// - Parameter capacity: Room for the first extent's bytes from the beginning on; a whole extent where little is left to
  ///   be saved.
  public init(size: ExtentSize, reserved: Int, capacity: Int = .max, emit: @escaping Emit) {
    self.size = size
    self.emit = emit
    current.reserveCapacity(min(capacity, size.usableBytes))
    current.append(contentsOf: repeatElement(0, count: reserved))
  }

  /// Appends bytes that may be cut by an extent's end. Returns the address of the first.
  @discardableResult
  public mutating func append(_ bytes: Span<UInt8>) throws(Failure) -> UInt64 {
    if current.count == size.usableBytes { try turnPage() }
    let start = address
    var done = 0
    while done < bytes.count {
      if current.count == size.usableBytes { try turnPage() }
      let part = min(bytes.count - done, size.usableBytes - current.count)
      unsafe bytes.extracting(done..<done + part).withUnsafeBufferPointer {
        unsafe current.append(contentsOf: $0)  // SAFETY: copied before the span's pointer ends.
      }
      done += part
    }
    return start
  }

  /// Appends bytes so that no extent's end cuts them, after padding to `alignment` (a power of two up to 16).
  /// At most `usableBytes` of them.
  @discardableResult
  public mutating func appendTogether(_ bytes: Span<UInt8>, alignment: Int = 1) throws(Failure) -> UInt64 {
    try reserve(bytes.count, alignment: alignment)
    return try append(bytes)
  }

  /// Pads so that the next `count` bytes lie in one extent at `alignment`. Returns their address.
  @discardableResult
  public mutating func reserve(_ count: Int, alignment: Int = 1) throws(Failure) -> UInt64 {
    precondition(count <= size.usableBytes, "longer than an extent")
    let padding = (alignment - current.count % alignment) % alignment
    if current.count + padding + count > size.usableBytes {
      try turnPage()
    } else if padding > 0 {
      current.append(contentsOf: repeatElement(0, count: padding))
    }
    if current.count == size.usableBytes { try turnPage() }
    return address
  }

  /// Emits what is left, then the first extent with `header` at its start. Returns the number of extents.
  public mutating func finish(header: [UInt8]) throws(Failure) -> Int {
    let count = extent + 1
    if extent == 0 {
      first = current
      Self.pad(&first, to: size.lastUsableBytes(holding: first.count))
    } else {
      Self.pad(&current, to: size.lastUsableBytes(holding: current.count))
      try emit(extent, current.span)
    }
    first.replaceSubrange(0..<header.count, with: header)
    try emit(0, first.span)
    return count
  }

  /// The bytes so far without padding, where they are all in the first extent and nothing was emitted; nil otherwise.
  /// In place of `finish`, for what is kept in memory.
  public consuming func soleExtent() -> [UInt8]? { extent == 0 ? current : nil }

  private mutating func turnPage() throws(Failure) {
    if extent == 0 {
      first = current
      Self.pad(&first, to: size.usableBytes)
      current.removeAll(keepingCapacity: true)
    } else {
      Self.pad(&current, to: size.usableBytes)
      try emit(extent, current.span)
      current.removeAll(keepingCapacity: true)
    }
    extent += 1
  }

  private static func pad(_ bytes: inout [UInt8], to count: Int) {
    bytes.append(contentsOf: repeatElement(0, count: count - bytes.count))
  }
}
