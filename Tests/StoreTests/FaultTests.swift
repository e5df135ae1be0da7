import Base
import Glibc
@testable import Store
import TestSupport
import Testing

/// A small file system in memory; only root can have one.
private final class SmallDisk {
  let path: String

  init?(in directory: TemporaryDirectory, megabytes: Int) {
    path = directory.path
    // SAFETY: mount reads its strings during the call.
    guard unsafe mount("tmpfs", path, "tmpfs", 0, "size=\(megabytes)m") == 0 else { return nil }
  }

  deinit {
    _ = unsafe umount2(path, Int32(MNT_DETACH))  // SAFETY: reads the path during the call.
  }

  /// Whether this process may mount.
  static var isPossible: Bool {
    guard geteuid() == 0, let directory = try? TemporaryDirectory("kwic-mount") else { return false }
    return SmallDisk(in: directory, megabytes: 1) != nil
  }
}

@Suite("Faults")
struct FaultTests {
  @Test(
    "a full disk fails the write as .diskFull, keeps what was committed, and passes when there is room",
    .enabled(if: SmallDisk.isPossible, "only root can mount a small disk"))
  func fullDisk() throws {
    let fixture = try StoreFixture()
    let disk = try #require(SmallDisk(in: fixture.directory, megabytes: 12))
    let environment = try fixture.open()
    var stored: [UInt64] = []
    var failure: StoreError?
    while failure == nil, stored.count < 100 {
      let id = UInt64(stored.count + 1)
      do throws(StoreError) {
        try environment.write { transaction throws(StoreError) in
          try transaction.putSegment(id, size: .small, count: 4)
        }
        stored.append(id)
      } catch {
        failure = error
      }
    }
    #expect(failure == .diskFull)
    #expect(failure?.remedy == .makeRoom)
    #expect(stored.count > 20)
    func segments() throws -> [UInt64] {
      try environment.read { transaction throws(StoreError) in try transaction.storedSegments() }.map(\.id.rawValue)
    }
    #expect(try segments() == stored)
    for id in stored.prefix(6) {
      // Copy-on-write: even a delete needs a few new pages, which the freed ones give from the second on.
      try environment.write { transaction throws(StoreError) in
        _ = try transaction.deleteExtents(of: SegmentID(rawValue: id))
      }
    }
    try environment.write { transaction throws(StoreError) in
      try transaction.putSegment(1_000, size: .small, count: 4)
    }
    #expect(try segments() == Array(stored.dropFirst(6)) + [1_000])
    environment.close()
    withExtendedLifetime(disk) {}
  }

  @Test("a full map fails the write as .mapFull and passes when there is room")
  func fullMap() throws {
    let fixture = try StoreFixture()
    let environment = try fixture.open { $0.mapBytes = 4 << 20 }
    #expect(environment.mapBytes == 4 << 20)
    func put(_ id: UInt64, count: Int) throws(StoreError) {
      try environment.write { transaction throws(StoreError) in
        try transaction.putSegment(id, size: .small, count: count)
      }
    }
    try put(1, count: 30)
    #expect(throws: StoreError.mapFull) { try put(2, count: 60) }
    for _ in 0..<2 {
      try environment.write { transaction throws(StoreError) in
        try transaction.deleteExtents(of: SegmentID(rawValue: 1))
        try transaction.put(StoreFixture.pairs, [1], [1])
      }
    }
    try put(3, count: 30)
    #expect(try environment.read { transaction throws(StoreError) in try transaction.storedSegments() }.count == 1)
  }

  @Test("where address space is scarce the map is halved until the system grants it")
  func scarceAddresses() async {
    await #expect(processExitsWith: .success) {
      var limit = rlimit(rlim_cur: 64 << 30, rlim_max: 64 << 30)
      // SAFETY: setrlimit reads one struct.
      try #require(unsafe setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0)
      let fixture = try StoreFixture()
      let environment = try fixture.open()
      #expect(environment.mapBytes < 64 << 30)
      #expect(environment.mapBytes >= 16 << 30)
      try environment.write { transaction throws(StoreError) in try transaction.put(StoreFixture.pairs, [1], [1]) }
    }
  }

  @Test("EIO is a full disk only where no room is left")
  func meaningOfEIO() throws {
    let directory = try TemporaryDirectory("kwic-eio")
    try #require(!FileSystem.isFull(directory.path))
    let error = StoreError(code: EIO, operation: .commit, path: directory.path)
    #expect(error == .io(operation: .commit, errno: EIO))
    #expect(error.remedy == .reopen)
    #expect(error.description == "commit failed: Input/output error")
    #expect(StoreError(code: ENOSPC, operation: .commit, path: directory.path) == .diskFull)
  }

  @Test("advice about memory that is not mapped is refused, not fatal")
  func strayAdvice() {
    // SAFETY: the pointer is never read; page 1 is not mapped in any process.
    let stray = unsafe UnsafeRawPointer(bitPattern: 4_096 + 7)
    #expect(unsafe stray.map { unsafe PageAdvice.willNeed($0, byteCount: 100) } == false)
  }
}
