internal import Base
internal import Store

extension Snapshot {
  /// What the ledger says of a file. Complexity: one look into a B-tree.
  public func file(path: String) throws(IndexError) -> FileRecord? {
    let bytes = try storing { () throws(StoreError) in try pin.copy(.files, FileTables.key(path)) }
    guard let bytes else { return nil }
    let record = try FileRecord(bytes)
    return record.path == path ? record : nil
  }

  /// The sums of the ledger.
  public func fileCounts() throws(IndexError) -> FileCounts {
    let bytes = try storing { () throws(StoreError) in try pin.copy(.files, FileTables.countsKey) }
    guard let bytes else { return FileCounts() }
    return try FileCounts(bytes)
  }

  /// Visits the ledger in no order that means anything, until `body` answers false. Reads every record.
  public func forEachFile(_ body: (FileRecord) -> Bool) throws(IndexError) {
    try pin.scan(.files) { (key, value) throws(IndexError) in
      guard key.byteCount == MemoryLayout<UInt128>.size else { return .next }
      return body(try FileRecord(Self.copy(value))) ? .next : .stop
    }
  }

  static func copy(_ bytes: RawSpan) -> [UInt8] {
    unsafe bytes.withUnsafeBytes { unsafe [UInt8]($0) }  // SAFETY: copied inside.
  }
}
