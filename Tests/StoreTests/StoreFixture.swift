import Base
import Glibc
import Store
import TestSupport

/// An environment in a folder of its own, and what the tests put into it.
struct StoreFixture {
  static let pairs = Table("pairs")
  static let others = Table("others")

  let directory: TemporaryDirectory
  var path: String { directory.path }
  var dataFile: String { path + "/data.mdb" }

  init() throws { directory = try TemporaryDirectory("kwic-store") }

  func open(_ change: (inout EnvironmentOptions) -> Void = { _ in }) throws(StoreError) -> Store.Environment {
    var options = EnvironmentOptions()
    options.creates = true
    change(&options)
    return try Store.Environment.open(path: path, tables: [Self.pairs, Self.others], options: options)
  }

  /// Inside an exit test that expects a failure: an error, or no error, ends the process with success instead.
  static func expectTrap(_ body: () throws -> Void) {
    try? body()
    exit(EXIT_SUCCESS)
  }

  /// Stands in for the index's CRC32C: as it, one-to-one in the seed and in every word of the bytes.
  static let seal = ExtentSeal { bytes, seed in
    var state = UInt64(seed) | 1 << 32
    for offset in stride(from: 0, to: bytes.byteCount - 7, by: 8) {
      // SAFETY: any eight bytes are an integer; the offset is checked.
      let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
      state = (state ^ word) &* 0x9E37_79B9_7F4A_7C15
      state ^= state >> 32
    }
    return UInt32(truncatingIfNeeded: state)
  }

  /// Usable bytes of an extent, different for every place.
  static func usableBytes(_ size: ExtentSize, segment: UInt64, number: Int) -> [UInt8] {
    var random = SplitMix64(seed: segment &* 1_000_003 &+ UInt64(number))
    var page: [UInt8] = []
    while page.count < 4_000 { page.appendInteger(random.next()) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(size.usableBytes)
    while bytes.count + page.count + 8 <= size.usableBytes {
      bytes.appendInteger(random.next())
      bytes += page
    }
    return bytes + [UInt8](repeating: 0, count: size.usableBytes - bytes.count)
  }
}

extension RawSpan {
  /// The bytes, copied.
  var array: [UInt8] { unsafe withUnsafeBytes { unsafe [UInt8]($0) } }  // SAFETY: copied before the pointer ends.

  func unsafeByte(_ offset: Int) -> UInt8 {
    unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)  // SAFETY: every byte is a UInt8; the offset is checked.
  }
}

extension WriteTransaction {
  /// Stores a segment of `count` extents of the fixture's bytes.
  mutating func putSegment(_ id: UInt64, size: ExtentSize, count: Int) throws(StoreError) {
    for number in 0..<count {
      let bytes = StoreFixture.usableBytes(size, segment: id, number: number)
      try putExtent(
        segment: SegmentID(rawValue: id), number: number, size: size, bytes.span, seal: StoreFixture.seal)
    }
  }
}

extension [UInt8] {
  init(_ text: String) { self.init(text.utf8) }
}
