import Base
import Glibc
@testable import Store
import TestSupport
import Testing

@Suite("The index folder")
struct IndexDirectoryTests {
  private static let tables = [StoreFixture.pairs]
  private let directory: TemporaryDirectory
  private var path: String { directory.path("index") }

  init() throws { directory = try TemporaryDirectory("kwic-folder") }

  @discardableResult
  private func create(_ value: UInt8 = 1) throws(StoreError) -> IndexDirectory {
    try IndexDirectory.create(path: path, tables: Self.tables) { transaction throws(StoreError) in
      try transaction.put(StoreFixture.pairs, [1], [value])
    }
  }

  private func value(in index: IndexDirectory) throws -> [UInt8]? {
    let environment = try index.openEnvironment(tables: Self.tables)
    defer { environment.close() }
    return try environment.read { transaction throws(StoreError) in try transaction.copy(StoreFixture.pairs, [1]) }
  }

  private func names() throws -> [String] { try FileSystem.names(in: path).sorted() }

  @Test("what create put in is there for who opens it afterwards")
  func createAndOpen() throws {
    #expect(throws: StoreError.notFound(path: path)) { try IndexDirectory.openExclusive(path: path) }
    #expect(throws: StoreError.notFound(path: path)) { try IndexDirectory.openShared(path: path) }
    #expect(FileSystem.status(of: path) == nil, "looking leaves no trace")
    #expect(try value(in: create()) == [1])
    #expect(try names() == ["CURRENT", "daemon.lock", "env-000001"])
    #expect(try FileSystem.read(path + "/CURRENT") == Array("env-000001\n".utf8))
    #expect(try value(in: .openExclusive(path: path)) == [1])
    #expect(try value(in: .openShared(path: path)) == [1])
    #expect(throws: StoreError.alreadyExists(path: path)) { try create(2) }
  }

  @Test("folders above a new index are made; a file in their place is an error")
  func foldersAbove() throws {
    let nested = path + "/a/b"
    _ = try IndexDirectory.create(path: nested, tables: Self.tables) { _ throws(StoreError) in () }
    #expect(try FileSystem.names(in: nested).contains("CURRENT"))
    let below = nested + "/CURRENT/index"
    #expect(throws: StoreError.self) {
      try IndexDirectory.create(path: below, tables: Self.tables) { _ throws(StoreError) in () }
    }
  }

  @Test("a second process that wants to write is refused with the pid of the first, also while the index is made")
  func exclusive() throws {
    let held = try create()
    let refusal = StoreError.locked(path: path, pid: getpid())
    #expect(throws: refusal) { try IndexDirectory.openExclusive(path: path) }
    #expect(throws: refusal) { try IndexDirectory.openShared(path: path) }
    #expect(throws: refusal) { try create() }
    #expect(refusal.description == "\(path) is in use by process \(getpid())")
    #expect(refusal.remedy == .stopOtherProcess)
    withExtendedLifetime(held) {}
  }

  @Test("readers share the index, without the pid of a daemon that died, and give way")
  func shared() throws {
    try create()
    try directory.write(Array("4194305\n".utf8), to: "index/daemon.lock")
    do {
      let first = try IndexDirectory.openShared(path: path)
      let second = try IndexDirectory.openShared(path: path)
      #expect(try value(in: first) == [1])
      #expect(throws: StoreError.locked(path: path, pid: nil)) { try IndexDirectory.openExclusive(path: path) }
      withExtendedLifetime(second) {}
    }
    #expect(throws: Never.self) { try IndexDirectory.openExclusive(path: path) }
  }

  @Test("a reader's environment traps on a write")
  func readOnly() async {
    await #expect(processExitsWith: .failure) { [path = directory.path("trap") as String] in
      StoreFixture.expectTrap {
        _ = try IndexDirectory.create(path: path, tables: Self.tables) { _ throws(StoreError) in () }
        let environment = try IndexDirectory.openShared(path: path).openEnvironment(tables: Self.tables)
        try environment.write { _ throws(StoreError) in () }
      }
    }
  }

  @Test("a new environment counts from publish on, and the old one is swept when it is done with")
  func publish() throws {
    let index = try create()
    let old = try index.openEnvironment(tables: Self.tables)
    let pin = try old.pin()
    let staged = try index.stage(tables: Self.tables)
    try staged.environment.write { transaction throws(StoreError) in
      try transaction.put(StoreFixture.pairs, [1], [2])
    }
    #expect(try index.sweep() == [], "what is being built stays")
    #expect(try FileSystem.read(path + "/CURRENT") == Array("env-000001\n".utf8))
    try index.publish(staged)
    #expect(try FileSystem.read(path + "/CURRENT") == Array("env-000002\n".utf8))
    old.close()
    #expect(try index.sweep() == ["env-000001"])
    #expect(try pin.copy(StoreFixture.pairs, [1]) == [1], "a removed file lives while it is mapped")
    staged.environment.close()
    #expect(try value(in: index) == [2])
    let given = try index.stage(tables: Self.tables)
    given.environment.close()
    index.discard(given)
    #expect(try index.sweep() == ["env-000003"])
  }

  @Test("whatever a broken creation or compaction left is swept, and nothing else")
  func sweep() throws {
    try FileSystem.makeFolder(path)
    try FileSystem.makeFolder(path + "/env-000001")
    try directory.write([1, 2, 3], to: "index/env-000001/data.mdb")
    try directory.write(Array("env-0000".utf8), to: "index/CURRENT.new")
    try FileSystem.makeFolder(path + "/env-1")
    try FileSystem.makeFolder(path + "/environment")
    #expect(throws: StoreError.notFound(path: path)) { try IndexDirectory.openExclusive(path: path) }
    try create()
    #expect(try names() == ["CURRENT", "daemon.lock", "env-000001", "env-1", "environment"])
    try FileSystem.makeFolder(path + "/env-000007")
    #expect(try value(in: .openExclusive(path: path)) == [1])
    #expect(try !names().contains("env-000007"))
  }

  @Test("a CURRENT that names nothing is corrupt", arguments: ["", "env-000001", "env-1\n", "../x\n", "env-000002\n"])
  func damagedCurrent(text: String) throws {
    try create()
    try directory.write(Array(text.utf8), to: "index/CURRENT")
    let error = #expect(throws: StoreError.self) {
      _ = try IndexDirectory.openShared(path: path).openEnvironment(tables: Self.tables)
    }
    #expect(error?.remedy == .rebuild || error?.remedy == .choosePath)
  }

  @Test("a process killed while it makes an index leaves none, and no lock")
  func killedInCreation() async throws {
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      _ = try IndexDirectory.create(path: path, tables: Self.tables) { transaction throws(StoreError) in
        try transaction.put(StoreFixture.pairs, [1], [9])
        kill(getpid(), SIGKILL)
      }
    }
    #expect(throws: StoreError.notFound(path: path)) { try IndexDirectory.openExclusive(path: path) }
    #expect(try value(in: create(3)) == [3])
  }

  @Test("a process killed inside a write loses that write alone")
  func killedInWrite() async throws {
    try create()
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let environment = try IndexDirectory.openExclusive(path: path).openEnvironment(tables: Self.tables)
      try environment.write { transaction throws(StoreError) in try transaction.put(StoreFixture.pairs, [1], [2]) }
      try environment.write { transaction throws(StoreError) in
        try transaction.put(StoreFixture.pairs, [1], [3])
        try transaction.putSegment(1, size: .small, count: 5)
        kill(getpid(), SIGKILL)
      }
    }
    let index = try IndexDirectory.openExclusive(path: path)
    #expect(try value(in: index) == [2])
    let environment = try index.openEnvironment(tables: Self.tables)
    try environment.checkStaleReaders()
    try environment.write { transaction throws(StoreError) in
      #expect(try transaction.storedSegments() == [])
      try transaction.put(StoreFixture.pairs, [1], [4])
    }
  }
}
