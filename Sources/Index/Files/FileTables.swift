internal import Base
internal import Store

extension Table {
  /// `FileRecord` by the hash of its path, and `FileCounts` under `FileTables.countsKey`.
  static let files = Table("files")
  /// Ids of a file's documents by file, number of the list, number of the chunk.
  static let fileIDs = Table("file_ids")
}

/// The two tables of the ledger as a batch sees them: what it has changed over what the last commit left.
///
///     files      hash of the path u128 BE -> FileRecord;   "c" -> FileCounts
///     file_ids   hash of the path u128 BE, list u32 BE, chunk u32 BE -> (id counted bytes)*, at most 4,080 bytes
struct FileTables {
  static let countsKey = [UInt8(ascii: "c")]
  /// One LMDB page.
  static let chunkBytes = 4_080

  /// New values, nil for what is gone.
  private var records: [[UInt8]: [UInt8]?] = [:]
  private var chunks: [[UInt8]: [UInt8]?] = [:]
  private(set) var counts = FileCounts()

  init(counts: FileCounts) { self.counts = counts }

  var hasChanges: Bool { !records.isEmpty }

  static func key(_ path: String) -> [UInt8] { key(SipHash128.hash(path.utf8)) }

  /// The keys of what the batch has changed.
  var changes: FileChanges {
    FileChanges(records: hasChanges ? Set(records.keys) : [], chunks: Set(chunks.keys))
  }

  private static func key(_ hash: UInt128) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.appendInteger(hash.byteSwapped)
    return bytes
  }

  private static func chunkKey(_ file: [UInt8], list: UInt32, chunk: UInt32) -> [UInt8] {
    var bytes = file
    bytes.appendInteger(list.byteSwapped)
    bytes.appendInteger(chunk.byteSwapped)
    return bytes
  }

  // MARK: Records

  /// The record of a file. Another path of the same hash is damage: it does not happen by chance.
  func record(_ key: [UInt8], path: String, _ environment: Environment) throws(IndexError) -> FileRecord? {
    let bytes: [UInt8]?
    if let changed = records[key] { bytes = changed } else { bytes = try Self.read(.files, key, environment) }
    guard let bytes else { return nil }
    let record = try FileRecord(bytes)
    guard record.path == path else { throw FileRecord.damage }
    return record
  }

  mutating func put(_ key: [UInt8], _ record: FileRecord, replacing old: FileRecord?) {
    if let old { counts.add(old, -1) }
    counts.add(record, 1)
    records[key] = .some(record.encoded())
  }

  /// Adds words to a record that the batch has changed; what it has removed has none.
  mutating func addWords(_ words: UInt64, to key: [UInt8]) throws(IndexError) {
    guard words > 0, case .some(.some(let bytes)) = records[key] else { return }
    let old = try FileRecord(bytes)
    var new = old
    new.words += words
    put(key, new, replacing: old)
  }

  mutating func remove(_ key: [UInt8], _ record: FileRecord) {
    counts.add(record, -1)
    records[key] = .some(nil)
  }

  // MARK: Lists of ids

  /// Appends ids to a list, in chunks of a page.
  mutating func append(_ ids: [String], to list: inout FileRecord.IDList, of file: [UInt8]) {
    var bytes: [UInt8] = []
    func flush() {
      chunks[Self.chunkKey(file, list: list.number, chunk: list.chunks)] = .some(bytes)
      list.chunks += 1
      bytes.removeAll(keepingCapacity: true)
    }
    for id in ids {
      if !bytes.isEmpty, bytes.count + id.utf8.count + 2 > Self.chunkBytes { flush() }
      bytes.appendCounted(id.utf8)
    }
    if !bytes.isEmpty { flush() }
  }

  /// The ids of a list, chunk by chunk.
  func forEachID(
    of list: FileRecord.IDList, file: [UInt8], _ environment: Environment,
    _ body: (String) throws(IndexError) -> Void
  ) throws(IndexError) {
    for chunk in 0..<list.chunks {
      let key = Self.chunkKey(file, list: list.number, chunk: chunk)
      let bytes: [UInt8]?
      if let changed = chunks[key] { bytes = changed } else { bytes = try Self.read(.fileIDs, key, environment) }
      guard let bytes else { throw FileRecord.damage }
      var ids: [String] = []
      do throws(ByteError) {
        var reader = ByteReader(bytes)
        while !reader.isAtEnd { ids.append(String(decoding: try reader.countedBytes(), as: UTF8.self)) }
      } catch {
        throw FileRecord.damage
      }
      for id in ids { try body(id) }
    }
  }

  mutating func removeList(_ list: FileRecord.IDList, of file: [UInt8]) {
    for chunk in 0..<list.chunks { chunks[Self.chunkKey(file, list: list.number, chunk: chunk)] = .some(nil) }
  }

  // MARK: Commit

  /// Puts what has changed, in the order of the keys.
  func write(in transaction: inout WriteTransaction) throws(StoreError) {
    guard hasChanges || !chunks.isEmpty else { return }
    try Self.write(records, to: .files, in: &transaction)
    try Self.write(chunks, to: .fileIDs, in: &transaction)
    try transaction.put(.files, Self.countsKey, counts.encoded())
  }

  /// What was written is no longer a change.
  mutating func settle() {
    records.removeAll(keepingCapacity: true)
    chunks.removeAll(keepingCapacity: true)
  }

  private static func write(
    _ changes: [[UInt8]: [UInt8]?], to table: Table, in transaction: inout WriteTransaction
  ) throws(StoreError) {
    for key in changes.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      guard let change = changes[key] else { continue }
      if let value = change { try transaction.put(table, key, value) } else { try transaction.delete(table, key) }
    }
  }

  private static func read(
    _ table: Table, _ key: [UInt8], _ environment: Environment
  ) throws(IndexError) -> [UInt8]? {
    try storing { () throws(StoreError) in
      try environment.read { (transaction) throws(StoreError) in try transaction.copy(table, key) }
    }
  }

  /// The sums as the last commit left them.
  static func loadCounts(_ environment: Environment) throws(IndexError) -> FileCounts {
    guard let bytes = try read(.files, countsKey, environment) else { return FileCounts() }
    return try FileCounts(bytes)
  }
}

extension FileCounts {
  func encoded() -> [UInt8] {
    var bytes: [UInt8] = []
    for count in files { bytes.appendInteger(UInt64(max(0, count))) }
    bytes.appendInteger(UInt64(max(0, documents)))
    bytes.appendInteger(words)
    bytes.appendInteger(UInt64(max(0, refused)))
    return bytes
  }

  init(_ bytes: [UInt8]) throws(IndexError) {
    do {
      var reader = ByteReader(bytes)
      for state in files.indices { files[state] = Int(truncatingIfNeeded: try reader.integer(UInt64.self)) }
      documents = Int(truncatingIfNeeded: try reader.integer(UInt64.self))
      words = try reader.integer(UInt64.self)
      refused = Int(truncatingIfNeeded: try reader.integer(UInt64.self))
    } catch {
      throw FileRecord.damage
    }
  }
}
