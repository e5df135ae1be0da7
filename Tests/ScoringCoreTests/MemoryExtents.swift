import Base

@testable import ScoringCore

/// Extents in plain memory, each exactly as long as its usable bytes.
@safe
final class MemoryExtents {
  // SAFETY (whole type): extent numbers and offsets are below their limits, which the dictionary and the division
  // check; the memory is freed once, in deinit.
  let size: ExtentSize
  private var extents: [Int: UnsafeMutableRawPointer] = unsafe [:]
  private var lengths: [Int: Int] = [:]
  private var table: UnsafeMutablePointer<UnsafeRawPointer>?

  init(size: ExtentSize) {
    self.size = size
    unsafe table = nil
  }

  deinit {
    unsafe extents.values.forEach { unsafe $0.deallocate() }
    unsafe table?.deallocate()
  }

  func store(_ number: Int, _ bytes: Span<UInt8>) {
    let extent = UnsafeMutableRawPointer.allocate(byteCount: bytes.count, alignment: 16)
    unsafe bytes.withUnsafeBytes { unsafe extent.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
    unsafe extents[number] = extent
    lengths[number] = bytes.count
  }

  var byteCount: Int { lengths.values.reduce(0, +) }

  /// The byte at an address, for tests that damage it.
  subscript(_ address: Int) -> UInt8 {
    get {
      unsafe extents[address / size.usableBytes]!.load(fromByteOffset: address % size.usableBytes, as: UInt8.self)
    }
    set {
      unsafe extents[address / size.usableBytes]!.storeBytes(
        of: newValue, toByteOffset: address % size.usableBytes, as: UInt8.self)
    }
  }

  /// Call once, when all is stored.
  func map() -> ExtentMap {
    let count = unsafe extents.count
    let pointers = UnsafeMutablePointer<UnsafeRawPointer>.allocate(capacity: max(count, 1))
    for number in 0..<count { unsafe (pointers + number).initialize(to: UnsafeRawPointer(extents[number]!)) }
    unsafe table = pointers
    return unsafe ExtentMap(pointers: pointers, extentCount: count, size: size, lastUsableBytes: lengths[count - 1])
  }
}

extension PostingListReference {
  /// From a payload in an array.
  init(_ payload: [UInt8], withPositions: Bool = true) throws {
    // SAFETY: bytes are initialised and have no padding.
    try unsafe self.init(payload: payload.span.bytes, withPositions: withPositions)
  }
}
