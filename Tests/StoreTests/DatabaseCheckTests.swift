import Base
import Glibc
@testable import Store
import TestSupport
import Testing

/// Files that LMDB must not see. Whatever is opened here is also read to the end, so that a miss is a dead process.
@Suite("The check before LMDB")
struct DatabaseCheckTests {
  private let fixture: StoreFixture
  private let bytes: [UInt8]

  /// A file with trees of two levels, values in and out of tree pages, extents and free pages.
  init() throws {
    fixture = try StoreFixture()
    let environment = try fixture.open()
    for round in 0..<3 {
      try environment.write { transaction throws(StoreError) in
        for key in 0..<400 {
          try transaction.put(StoreFixture.pairs, [UInt8(key >> 8), UInt8(key & 255)], [UInt8](repeating: 1, count: 40))
        }
        try transaction.put(StoreFixture.others, [1], [UInt8](repeating: 2, count: 9_000))
        try transaction.putSegment(UInt64(round + 1), size: .small, count: 2)
        if round > 0 { try transaction.deleteExtents(of: SegmentID(rawValue: UInt64(round))) }
      }
    }
    environment.close()
    bytes = try Self.contents(of: fixture.dataFile)
  }

  private static func contents(of path: String) throws -> [UInt8] {
    let file = try FileDescriptor.open(path, O_RDONLY)
    return try file.read(at: 0, count: FileSystem.status(of: path)?.byteCount ?? 0)
  }

  /// Opens a folder with these bytes as its file and reads everything. Returns how many entries there are.
  private func openAll(_ bytes: [UInt8]) throws -> Int {
    let directory = try TemporaryDirectory("kwic-damaged")
    try directory.write(bytes, to: "data.mdb")
    var options = EnvironmentOptions()
    options.readOnly = true
    options.lockless = true
    options.mapBytes = 1 << 30
    let environment = try Store.Environment.open(
      path: directory.path, tables: [StoreFixture.pairs, StoreFixture.others], options: options)
    return try environment.read { transaction throws(StoreError) in
      var entries = 0
      for table in [StoreFixture.pairs, StoreFixture.others, .extents] {
        try transaction.forEach(table) { key, value in
          entries += 1
          _ = key.array.count + value.array.count
        }
      }
      _ = try environment.usage()
      return entries
    }
  }

  @Test("the whole file passes")
  func whole() throws {
    #expect(try openAll(bytes) == 400 + 1 + 2)
  }

  @Test("a file cut anywhere is refused, unless nothing in use was behind the cut")
  func truncated() throws {
    var refused = 0
    var lengths = Array(stride(from: 0, to: bytes.count, by: 4_096))
    lengths += lengths.dropFirst().map { $0 - 1 } + lengths.map { $0 + 100 }
    for length in lengths {
      do {
        #expect(try openAll(Array(bytes[..<length])) == 403)
      } catch let error as StoreError {
        refused += 1
        #expect(error.remedy == .rebuild || error.remedy == .choosePath, "\(error)")
      }
    }
    #expect(refused > lengths.count / 2)
  }

  @Test("a file that lost its last page in use says so")
  func message() throws {
    let half = bytes.count / 2 / 4_096 * 4_096
    let error = #expect(throws: StoreError.self) { try openAll(Array(bytes[..<half])) }
    guard case .corrupted(let text) = try #require(error) else {
      Issue.record("not .corrupted but \(String(describing: error))")
      return
    }
    #expect(text.hasSuffix("the file was cut"))
  }

  @Test("a file shorter than its last page number is whole when what is missing is free")
  func shortButWhole() throws {
    let fixture = try StoreFixture()
    let environment = try fixture.open()
    // With some free pages at hand, pages that a transaction appends and frees again are never written.
    try environment.write { transaction throws(StoreError) in try transaction.putSegment(1, size: .small, count: 4) }
    for value in 0..<3 {
      try environment.write { transaction throws(StoreError) in
        try transaction.deleteExtents(of: SegmentID(rawValue: 1))
        try transaction.put(StoreFixture.pairs, [1], [UInt8(value)])
      }
    }
    try environment.write { transaction throws(StoreError) in
      try transaction.putSegment(2, size: .large, count: 2)
      try transaction.deleteExtents(of: SegmentID(rawValue: 2))
    }
    environment.close()
    let file = try Self.contents(of: fixture.dataFile)
    let metas = try [0, 4_096].map { try Self.meta(in: file, at: $0) }
    let lastPage = metas[0].transaction > metas[1].transaction ? metas[0].lastPage : metas[1].lastPage
    // The premise: LMDB counts pages that it never wrote.
    #expect(Int(lastPage + 1) * 4_096 > FileSystem.status(of: fixture.dataFile)?.byteCount ?? 0)
    let again = try fixture.open { $0.creates = false }
    try again.write { transaction throws(StoreError) in try transaction.putSegment(2, size: .large, count: 2) }
    #expect(try again.read { transaction throws(StoreError) in try transaction.storedSegments() }.count == 1)
  }

  @Test("what is no database is refused as such")
  func foreign() throws {
    let foreign: [[UInt8]] = [[], [1, 2, 3], [UInt8](repeating: 0, count: 8_192), [UInt8](repeating: 255, count: 8_192)]
    for bytes in foreign {
      let error = #expect(throws: StoreError.self) { try openAll(bytes) }
      guard case .notADatabase = try #require(error) else {
        Issue.record("not .notADatabase but \(String(describing: error))")
        continue
      }
    }
    var newer = bytes
    newer[20] = 2
    let error = #expect(throws: StoreError.self) { try openAll(newer) }
    guard case .versionMismatch = try #require(error) else {
      Issue.record("not .versionMismatch but \(String(describing: error))")
      return
    }
    #expect(throws: StoreError.self) { try Store.Environment.open(path: fixture.path + "/nothing", tables: []) }
  }

  @Test("random damage to headers and trees is an error or harmless, never a crash")
  func randomDamage() throws {
    let treePages = Self.treePages(of: bytes)
    try #require(treePages.count > 5)
    try Property.check("damage does not crash", seconds: 2) { random in
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        guard let page = treePages.randomElement(using: &random) else { continue }
        // Headers and offsets at the front, nodes at the end.
        let offset =
          Bool.random(using: &random)
          ? Int.random(in: 0..<40, using: &random) : Int.random(in: 40..<4_096, using: &random)
        damaged[page * 4_096 + offset] = UInt8.random(in: 0...255, using: &random)
      }
      do { _ = try openAll(damaged) } catch is StoreError {}
    }
  }

  private static func meta(in file: [UInt8], at offset: Int) throws -> PageFormat.Meta {
    let bytes = Array(file[offset...])
    let span = unsafe bytes.span.bytes  // SAFETY: UInt8 has no padding.
    return try PageFormat.Meta(span)
  }

  /// The meta pages and the pages that say they are branch or leaf and carry their own number.
  private static func treePages(of bytes: [UInt8]) -> [Int] {
    (0..<bytes.count / 4_096).filter { page in
      let header = bytes[page * 4_096..<page * 4_096 + 12]
      let number = header.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
      return number == page && [1, 2, 8].contains(header.dropFirst(10).first)
    }
  }
}
