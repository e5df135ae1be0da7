internal import Base
internal import Store

/// A place in the ledger of a snapshot.
public struct FileCursor: Sendable {
  let key: [UInt8]

  init(key: [UInt8]) { self.key = key }

  /// The start.
  public init() { key = [] }
}

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

  /// A page of the ledger from a cursor on, and where the next begins (nil at the end). Complexity: the page.
  public func files(
    from cursor: FileCursor, most: Int
  ) throws(IndexError) -> (records: [FileRecord], next: FileCursor?) {
    var records: [FileRecord] = []
    var next: FileCursor?
    try pin.scan(.files, from: cursor.key) { (key, value) throws(IndexError) in
      guard key.byteCount == MemoryLayout<UInt128>.size else { return .next }
      if records.count == most {
        next = FileCursor(key: Self.copy(key))
        return .stop
      }
      records.append(try FileRecord(Self.copy(value)))
      return .next
    }
    return (records, next)
  }

  static func copy(_ bytes: RawSpan) -> [UInt8] {
    unsafe bytes.withUnsafeBytes { unsafe [UInt8]($0) }  // SAFETY: copied inside.
  }
}
