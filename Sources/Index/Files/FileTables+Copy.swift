internal import Base
internal import Store

/// Keys of the ledger's tables that have changed.
struct FileChanges {
  var records: Set<[UInt8]> = []
  var chunks: Set<[UInt8]> = []

  var count: Int { records.count + chunks.count }

  mutating func formUnion(_ other: FileChanges) {
    records.formUnion(other.records)
    chunks.formUnion(other.chunks)
  }
}

/// The ledger on its way into an environment that shall replace the one it is in.
extension FileTables {
  /// Bytes of one transaction.
  private static let copyBytes = 4 << 20

  /// Copies all of it as it is now.
  static func copy(from old: Environment, to new: Environment) throws(StoreError) {
    for table in [Table.files, .fileIDs] {
      var entries: [(key: [UInt8], value: [UInt8])] = []
      var byteCount = 0
      func flush() throws(StoreError) {
        try new.write { (transaction: inout WriteTransaction) throws(StoreError) in
          for entry in entries { try transaction.put(table, entry.key, entry.value) }
        }
        entries.removeAll(keepingCapacity: true)
        byteCount = 0
      }
      try old.read { (reading) throws(StoreError) in
        try reading.forEach(table) { (key, value) throws(StoreError) in
          entries.append((Snapshot.copy(key), Snapshot.copy(value)))
          byteCount += key.byteCount + value.byteCount
          if byteCount >= Self.copyBytes { try flush() }
        }
      }
      if !entries.isEmpty { try flush() }
    }
  }

  /// Brings what has changed up to what it is now.
  static func copy(_ changes: FileChanges, from old: Environment, to new: Environment) throws(StoreError) {
    guard changes.count > 0 else { return }
    try new.write { (transaction: inout WriteTransaction) throws(StoreError) in
      try put(changes, from: old, in: &transaction)
    }
  }

  /// The same inside a transaction, with the sums.
  static func put(
    _ changes: FileChanges, from old: Environment, in transaction: inout WriteTransaction
  ) throws(StoreError) {
    for (table, keys) in [(Table.files, changes.records), (.fileIDs, changes.chunks)] {
      for key in keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
        let value = try old.read { (reading) throws(StoreError) in try reading.copy(table, key) }
        if let value { try transaction.put(table, key, value) } else { try transaction.delete(table, key) }
      }
    }
    let counts = try old.read { (reading) throws(StoreError) in try reading.copy(.files, countsKey) }
    if let counts { try transaction.put(.files, countsKey, counts) }
  }
}
