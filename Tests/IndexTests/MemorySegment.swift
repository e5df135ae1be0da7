import Base
@testable import Index

/// A segment's byte string in memory: what a test writes through an `ExtentWriter` and reads through an `ExtentMap`.
///
/// SAFETY (whole type): it allocates the table and a buffer for each extent, fills both and frees them in deinit; the
/// map it hands out is used only while it lives.
@safe
final class MemorySegment {
  private final class Extents {
    var bytes: [Int: [UInt8]] = [:]
  }

  var writer: ExtentWriter<Never>
  private let size: ExtentSize
  private let extents = Extents()
  private var pointers: UnsafeMutablePointer<UnsafeRawPointer>?
  private var buffers: [UnsafeMutableRawPointer] = unsafe []

  init(size: ExtentSize) {
    self.size = size
    let extents = extents
    writer = ExtentWriter(size: size, reserved: 0) { number, bytes in
      extents.bytes[number] = unsafe bytes.withUnsafeBufferPointer { unsafe [UInt8]($0) }
    }
  }

  /// Ends writing; `damage` may change the bytes first.
  func finish(damage: (inout [UInt8]) -> Void = { _ in }) -> ExtentMap {
    let count = writer.finish(header: [])
    let table = UnsafeMutablePointer<UnsafeRawPointer>.allocate(capacity: count)
    for number in 0..<count {
      var bytes = extents.bytes[number]!
      damage(&bytes)
      let buffer = UnsafeMutableRawPointer.allocate(byteCount: bytes.count, alignment: 16)
      unsafe buffer.copyMemory(from: bytes, byteCount: bytes.count)
      unsafe buffers.append(buffer)
      unsafe (table + number).initialize(to: UnsafeRawPointer(buffer))
    }
    unsafe pointers = table
    let last = extents.bytes[count - 1]!.count
    return unsafe ExtentMap(pointers: table, extentCount: count, size: size, lastUsableBytes: last)
  }

  /// The same, with nothing sealed.
  func memory(damage: (inout [UInt8]) -> Void = { _ in }) -> SegmentMemory {
    unsafe SegmentMemory(id: SegmentID(rawValue: 1), extents: finish(damage: damage), sealed: nil)
  }

  deinit {
    unsafe pointers?.deallocate()
    for unsafe buffer in unsafe buffers { unsafe buffer.deallocate() }
  }
}
