import Base
import Glibc
import Store
import Synchronization
import TestSupport
import Testing

@Suite("Transactions")
struct TransactionTests {
  private let fixture: StoreFixture
  private let environment: Store.Environment

  /// An error of a layer above, which carries the store's.
  private enum UpperError: StoreFailure, Equatable {
    case refused
    case store(StoreError)
    init(_ error: StoreError) { self = .store(error) }
  }

  init() throws {
    fixture = try StoreFixture()
    environment = try fixture.open()
  }

  private func value(_ key: String, in table: Table = StoreFixture.pairs) throws -> [UInt8]? {
    try environment.read { transaction throws(StoreError) in try transaction.copy(table, [UInt8](key)) }
  }

  @Test("what a write stored is read after it, also by a new process's environment")
  func roundTrip() throws {
    try environment.write { transaction throws(StoreError) in
      try transaction.put(StoreFixture.pairs, [UInt8]("key"), [UInt8]("value"))
      #expect(try transaction.copy(StoreFixture.pairs, [UInt8]("key")) == [UInt8]("value"))
    }
    #expect(try value("key") == [UInt8]("value"))
    #expect(try value("key", in: StoreFixture.others) == nil)
    environment.close()
    let again = try fixture.open { $0.creates = false }
    let copied = try again.read { transaction throws(StoreError) in
      try transaction.copy(StoreFixture.pairs, [UInt8]("key"))
    }
    #expect(copied == [UInt8]("value"))
  }

  @Test("a write that throws leaves no trace, and the error arrives as it was thrown")
  func abortOnThrow() throws {
    try environment.write { transaction throws(StoreError) in
      try transaction.put(StoreFixture.pairs, [1], [10])
    }
    #expect(throws: UpperError.refused) {
      try environment.write { transaction throws(UpperError) in
        do throws(StoreError) {
          try transaction.put(StoreFixture.pairs, [1], [11])
          try transaction.put(StoreFixture.pairs, [2], [12])
          try transaction.putSegment(1, size: .small, count: 1)
        } catch {
          throw UpperError(error)
        }
        throw .refused
      }
    }
    try environment.read { transaction throws(StoreError) in
      #expect(try transaction.copy(StoreFixture.pairs, [1]) == [10])
      #expect(try transaction.copy(StoreFixture.pairs, [2]) == nil)
      #expect(try transaction.storedSegments().isEmpty)
    }
  }

  @Test("a failure that the closure swallows still refuses the commit")
  func swallowedFailure() throws {
    #expect(throws: StoreError.corrupted("segment 7 has an extent 0 already")) {
      try environment.write { transaction throws(StoreError) in
        try transaction.put(StoreFixture.pairs, [1], [1])
        try transaction.putSegment(7, size: .small, count: 1)
        try? transaction.putSegment(7, size: .small, count: 1)
      }
    }
    #expect(try value("\u{1}") == nil)
  }

  @Test("the store's errors arrive as the closure's type")
  func convertedErrors() throws {
    environment.close()
    #expect(throws: UpperError.store(.closed)) {
      try environment.read { _ throws(UpperError) in () }
    }
    #expect(throws: UpperError.store(.closed)) {
      try environment.write { _ throws(UpperError) in () }
    }
  }

  @Test("deletes say whether the key was there")
  func deletes() throws {
    try environment.write { transaction throws(StoreError) in
      try transaction.put(StoreFixture.pairs, [1], [])
      #expect(try transaction.copy(StoreFixture.pairs, [1]) == [])
      #expect(try transaction.delete(StoreFixture.pairs, [1]))
      #expect(try !transaction.delete(StoreFixture.pairs, [1]))
    }
  }

  @Test("a scan visits a prefix in byte order, from where it is told, until it is told to stop")
  func scans() throws {
    let keys: [[UInt8]] = [[0, 9], [1], [1, 0], [1, 2], [1, 255, 255], [2]]
    try environment.write { transaction throws(StoreError) in
      for key in keys.reversed() { try transaction.put(StoreFixture.pairs, key, key) }
    }
    try environment.read { transaction throws(StoreError) in
      #expect(try transaction.count(StoreFixture.pairs) == keys.count)
      var seen: [[UInt8]] = []
      try transaction.forEach(StoreFixture.pairs) { key, value in
        seen.append(key.array)
        #expect(key.array == value.array)
      }
      #expect(seen == keys)
      seen = []
      try transaction.forEach(StoreFixture.pairs, prefix: [1]) { key, _ in seen.append(key.array) }
      #expect(seen == Array(keys[1...4]))
      seen = []
      try transaction.scan(StoreFixture.pairs, prefix: [1], from: [1, 1]) { (key, _) throws(StoreError) in
        seen.append(key.array)
        return seen.count == 2 ? .stop : .next
      }
      #expect(seen == [[1, 2], [1, 255, 255]])
      seen = []
      try transaction.forEach(StoreFixture.others) { key, _ in seen.append(key.array) }
      #expect(seen.isEmpty)
    }
  }

  @Test("a reader keeps its state while others write")
  func isolation() throws {
    try environment.write { transaction throws(StoreError) in try transaction.put(StoreFixture.pairs, [1], [1]) }
    try environment.read { before throws(StoreError) in
      let span = try before.get(StoreFixture.pairs, [1])
      try environment.write { transaction throws(StoreError) in
        try transaction.put(StoreFixture.pairs, [1], [2])
        try transaction.put(StoreFixture.pairs, [3], [3])
      }
      #expect(span?.array == [1])
      #expect(try before.copy(StoreFixture.pairs, [1]) == [1])
      #expect(try before.count(StoreFixture.pairs) == 1)
    }
    #expect(try value("\u{1}") == [2])
  }

  @Test("writes of many threads happen one after the other and none is lost")
  func serialisedWrites() async throws {
    let environment = environment
    let threads = 4
    let rounds = 25
    await withTaskGroup { group in
      for _ in 0..<threads {
        group.addTask {
          for _ in 0..<rounds {
            #expect(throws: Never.self) {
              try environment.write { transaction throws(StoreError) in
                let count = try transaction.copy(StoreFixture.pairs, [1])?.first ?? 0
                try transaction.put(StoreFixture.pairs, [1], [count + 1])
              }
            }
          }
        }
      }
    }
    #expect(try value("\u{1}") == [UInt8(threads * rounds)])
  }

  @Test("a transaction ends with .transactionTooLarge before memory does")
  func tooLarge() throws {
    let megabytes = [UInt8](repeating: 1, count: 16 << 20)
    #expect(throws: StoreError.transactionTooLarge) {
      try environment.write { transaction throws(StoreError) in
        for number in 0..<40 {
          #expect(transaction.bytesPut <= WriteTransaction.bytesMax)
          try transaction.put(StoreFixture.pairs, [UInt8(number)], megabytes)
        }
      }
    }
    #expect(try environment.read { transaction throws(StoreError) in try transaction.count(StoreFixture.pairs) } == 0)
  }

  @Test("after close new transactions are refused and running ones end in peace")
  func closing() throws {
    try environment.write { transaction throws(StoreError) in try transaction.put(StoreFixture.pairs, [1], [9]) }
    let pin = try environment.pin()
    try environment.read { transaction throws(StoreError) in
      environment.close()
      environment.close()
      #expect(try transaction.copy(StoreFixture.pairs, [1]) == [9])
    }
    #expect(try pin.copy(StoreFixture.pairs, [1]) == [9])
    #expect(throws: StoreError.closed) { try environment.pin() }
    #expect(throws: StoreError.closed) { try environment.checkStaleReaders() }
    #expect(environment.fileBytes > 0)
  }

  @Test("a write inside a write traps instead of waiting for itself")
  func nestedWrite() async {
    await #expect(processExitsWith: .failure) {
      StoreFixture.expectTrap {
        let environment = try StoreFixture().open()
        try environment.write { _ throws(StoreError) in
          try environment.write { _ throws(StoreError) in () }
        }
      }
    }
  }

  @Test("a table that was not named at open traps")
  func unknownTable() async {
    await #expect(processExitsWith: .failure) {
      StoreFixture.expectTrap {
        let environment = try StoreFixture().open()
        _ = try environment.read { transaction throws(StoreError) in try transaction.copy(Table("nobody"), [1]) }
      }
    }
  }
}
