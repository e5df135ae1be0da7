internal import Base

/// A posting list in memory of its own that equals the union of several lists of a segment, with their positions: read in
/// their place it costs what one list costs.
///
/// In the format of the segment's lists, so every loop takes it as one of them. Holds its bytes and nothing of the
/// segment's. Thread-safe: nothing in it changes.
@safe
public final class MergedList: @unchecked Sendable {
  // SAFETY (whole type): `memory` holds a table of pointers and behind it, end to end, the pages that they point to; it
  // is allocated in `init`, not written afterwards, and freed in deinit.
  let reference: PostingListReference
  let extents: ExtentMap
  /// Of all memory that it takes.
  public let byteCount: Int
  private let memory: UnsafeMutableRawPointer

  public var documentFrequency: UInt32 { reference.documentFrequency }
  public var totalFrequency: UInt64 { reference.totalFrequency }

  /// Kernels may load so many bytes beyond what they were told of, as they may in the store's pages.
  private static let slackBytes = 64

  /// - Parameter pages: The usable bytes of each extent, the last of which may be shorter by a multiple of 16. None for a
  ///   list that is inside its reference.
  init(_ reference: PostingListReference, pages: [[UInt8]], size: ExtentSize) {
    self.reference = reference
    let tableBytes = (pages.count * MemoryLayout<UInt>.stride + 15) / 16 * 16
    let room = pages.reduce(tableBytes) { $0 + $1.count + Self.slackBytes }
    let memory = UnsafeMutableRawPointer.allocate(byteCount: room, alignment: 16)
    let table = unsafe memory.bindMemory(to: UnsafeRawPointer.self, capacity: pages.count)
    var offset = tableBytes
    for (number, page) in pages.enumerated() {
      let start = unsafe memory + offset
      unsafe page.withUnsafeBytes { unsafe start.copyMemory(from: $0.baseAddress!, byteCount: page.count) }
      unsafe (start + page.count).initializeMemory(as: UInt8.self, repeating: 0, count: Self.slackBytes)
      unsafe (table + number).initialize(to: UnsafeRawPointer(start))
      offset += page.count + Self.slackBytes
    }
    unsafe self.memory = memory
    extents = unsafe ExtentMap(
      pointers: table, extentCount: pages.count, size: size, lastUsableBytes: pages.last?.count)
    byteCount = room + MemoryLayout<PostingListReference>.size + 64
  }

  deinit { unsafe memory.deallocate() }
}
