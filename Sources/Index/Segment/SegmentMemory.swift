internal import Base
internal import Store
internal import Synchronization

/// The bytes of a segment, each piece of 128 KiB checked against its checksum before it is first used.
///
/// LMDB 0.9 has no checksums: a flipped bit would be served as data. So whoever reads asks here first; the answer for
/// a piece is kept, and asking again costs a load. Thread-safe: two threads may check the same piece at once.
@safe
final class SegmentMemory: @unchecked Sendable {
  let id: SegmentID
  let extents: ExtentMap
  // SAFETY (whole type): one flag a piece, allocated in `init` and freed in `deinit`; only atomic access between.
  private let intact: UnsafeMutablePointer<Atomic<UInt8>>
  private let pieceCount: Int
  /// The whole value of an extent, trailer included; nil in tests, where nothing is sealed.
  private let value: ((_ extent: Int) -> UnsafeRawPointer)?
  /// The kernel is told what will be read before it is.
  private let advises: Bool

  /// Thrown where bytes are not there or not what was written.
  struct Damage: Error { var address: UInt64 }

  /// - Parameters:
  ///   - sealed: Where each extent's value begins; nil checks nothing.
  ///   - advises: False where the kernel reads ahead by itself.
  init(id: SegmentID, extents: ExtentMap, advises: Bool = true, sealed: ((_ extent: Int) -> UnsafeRawPointer)?) {
    self.id = id
    self.advises = advises
    self.extents = extents
    unsafe value = sealed
    pieceCount = extents.extentCount * extents.size.piecesPerExtent
    unsafe intact = .allocate(capacity: max(pieceCount, 1))
    for piece in 0..<pieceCount { unsafe (intact + piece).initialize(to: Atomic(0)) }
  }

  deinit {
    unsafe intact.deinitialize(count: pieceCount)
    unsafe intact.deallocate()
  }

  /// Makes sure that the bytes of `range` are there and are what was written. Complexity: O(1) a piece once checked.
  func check(_ range: Range<UInt64>) throws(Damage) {
    guard !range.isEmpty else { return }
    guard range.upperBound <= extents.byteCount else { throw Damage(address: range.lowerBound) }
    var piece = pieceNumber(range.lowerBound)
    let last = pieceNumber(range.upperBound - 1)
    var isAdvised = false
    while piece <= last {
      if unsafe intact[piece].load(ordering: .relaxed) == 0 {
        if !isAdvised, !UnreadPieces.areRefused { willRead(piece...last) }
        isAdvised = true
        try verify(piece)
      }
      piece += 1
    }
  }

  /// Tells the kernel of pieces that are about to be read for the first time, so that they come in few large reads, and
  /// the later ones while the first are checked: the file is mapped without read-ahead, and a fault a page is what a
  /// cold query would take its time with.
  private func willRead(_ pieces: ClosedRange<Int>) {
    guard advises, let value = unsafe value else { return }
    let perExtent = extents.size.piecesPerExtent
    var piece = pieces.lowerBound
    while piece <= pieces.upperBound {
      let (extent, local) = piece.quotientAndRemainder(dividingBy: perExtent)
      let end = min(pieces.upperBound + 1, (extent + 1) * perExtent)
      let bytes = extents.usableBytes(ofExtent: extent) + extents.size.trailerBytes
      let from = local * ExtentSize.pieceBytes
      let to = end == (extent + 1) * perExtent ? bytes : min(bytes, from + (end - piece) * ExtentSize.pieceBytes)
      // SAFETY: inside the extent's value; an advice reads nothing.
      unsafe PageAdvice.willNeed(value(extent) + from, byteCount: to - from)
      // The checksums stand at the end.
      if to < bytes {
        unsafe PageAdvice.willNeed(value(extent) + bytes - extents.size.trailerBytes, byteCount: extents.size.trailerBytes)
      }
      piece = end
    }
  }

  /// `byteCount` bytes that lie in one extent, checked.
  func pointer(at address: UInt64, byteCount: Int) throws(Damage) -> UnsafeRawPointer {
    guard byteCount >= 0, let pointer = unsafe extents.pointer(at: address, byteCount: byteCount) else {
      throw Damage(address: address)
    }
    try check(address..<address + UInt64(byteCount))
    return unsafe pointer
  }

  /// A copy of bytes that may lie in several extents, checked.
  func copyBytes(at address: UInt64, count: Int) throws(Damage) -> [UInt8] {
    guard count >= 0, address <= extents.byteCount, UInt64(count) <= extents.byteCount - address else {
      throw Damage(address: address)
    }
    try check(address..<address + UInt64(count))
    guard let bytes = extents.copyBytes(at: address, count: count) else { throw Damage(address: address) }
    return bytes
  }

  /// A little-endian integer that lies in one extent, checked.
  func integer<T: FixedWidthInteger & BitwiseCopyable>(at address: UInt64, as type: T.Type) throws(Damage) -> T {
    let pointer = unsafe try pointer(at: address, byteCount: MemoryLayout<T>.size)
    return unsafe T(littleEndian: pointer.loadUnaligned(as: T.self))  // SAFETY: so many bytes are there.
  }

  private func pieceNumber(_ address: UInt64) -> Int {
    let (extent, offset) = extents.locate(address)
    return extent * extents.size.piecesPerExtent + offset / ExtentSize.pieceBytes
  }

  private func verify(_ piece: Int) throws(Damage) {
    if UnreadPieces.areRefused { throw Damage(address: UInt64(piece) * UInt64(ExtentSize.pieceBytes)) }
    if let value = unsafe value {
      let (extent, local) = piece.quotientAndRemainder(dividingBy: extents.size.piecesPerExtent)
      // SAFETY: every extent has so many readable bytes, checked when its pointer was made.
      let byteCount = extents.usableBytes(ofExtent: extent) + extents.size.trailerBytes
      let bytes = unsafe RawSpan(_unsafeStart: value(extent), byteCount: byteCount)
      guard Seal.extents.isIntact(piece: local, of: bytes, segment: id, extent: extent, size: extents.size) else {
        throw Damage(address: UInt64(extent * extents.size.usableBytes + local * ExtentSize.pieceBytes))
      }
    }
    unsafe intact[piece].store(1, ordering: .relaxed)
  }
}
