/// What every kind of transaction can read: `ReadTransaction`, `WriteTransaction`, `PinnedRead`.
///
/// Bytes come as spans into LMDB's map, without a copy. A span cannot outlive what it was borrowed from, and in a write
/// transaction not even the next write, which may move them: the compiler refuses both.
public protocol TransactionReads: ~Copyable {
  /// How Store's own code reaches the transaction; nothing in it is for others.
  var access: ReadAccess { get }
}

/// What a scan does after an entry.
public enum ScanStep: Sendable {
  case next, stop
}

extension TransactionReads where Self: ~Copyable {
  /// The value under `key` (1 to 511 bytes), or nil. O(log n), no copy.
  @_lifetime(borrow self)
  public func get(_ table: Table, _ key: [UInt8]) throws(StoreError) -> RawSpan? {
    let access = access
    let handle = access.handle(of: table)
    precondition(!key.isEmpty && key.count <= Table.keyBytesMax, "a key has 1 to 511 bytes")
    // SAFETY: LMDB keeps the bytes until the transaction writes or ends; the span borrows the transaction.
    let found = try unsafe access.call { (transaction) throws(LMDBFailure) in try unsafe transaction.get(handle, key) }
    guard let bytes = unsafe found else { return nil }
    return unsafe _overrideLifetime(RawSpan(_unsafeBytes: bytes), borrowing: self)
  }

  /// A copy of the value under `key`, or nil.
  public func copy(_ table: Table, _ key: [UInt8]) throws(StoreError) -> [UInt8]? {
    guard let bytes = try get(table, key) else { return nil }
    return unsafe bytes.withUnsafeBytes { unsafe [UInt8]($0) }  // SAFETY: copied before the pointer ends.
  }

  /// Visits the entries whose key starts with `prefix` in byte order, from the first that is not before `start`,
  /// until `body` says stop. Key and value are valid during the visit.
  public func scan<Failure: StoreFailure>(
    _ table: Table, prefix: [UInt8] = [], from start: [UInt8] = [],
    _ body: (_ key: RawSpan, _ value: RawSpan) throws(Failure) -> ScanStep
  ) throws(Failure) {
    let entries = try storing(Failure.self) { () throws(StoreError) in try EntryScan(access, table) }
    let first = prefix.lexicographicallyPrecedes(start) ? start : prefix
    // SAFETY: nothing writes during the walk, since it borrows the transaction.
    var entry = try unsafe storing(Failure.self) { () throws(StoreError) in try unsafe entries.seek(first) }
    while let found = unsafe entry, unsafe found.key.starts(with: prefix) {
      let step = try unsafe body(RawSpan(_unsafeBytes: found.key), RawSpan(_unsafeBytes: found.value))
      if step == .stop { return }
      unsafe entry = try unsafe storing(Failure.self) { () throws(StoreError) in try unsafe entries.next() }
    }
  }

  /// Visits every entry whose key starts with `prefix`, in byte order. Key and value are valid during the visit.
  public func forEach<Failure: StoreFailure>(
    _ table: Table, prefix: [UInt8] = [], _ body: (_ key: RawSpan, _ value: RawSpan) throws(Failure) -> Void
  ) throws(Failure) {
    try scan(table, prefix: prefix) { (key, value) throws(Failure) in
      try body(key, value)
      return .next
    }
  }

  /// As the other `forEach`, for closures that throw a `StoreError` or nothing.
  public func forEach(
    _ table: Table, prefix: [UInt8] = [], _ body: (_ key: RawSpan, _ value: RawSpan) throws(StoreError) -> Void
  ) throws(StoreError) {
    try scan(table, prefix: prefix) { (key, value) throws(StoreError) in
      try body(key, value)
      return .next
    }
  }

  /// Entries of the table. O(1).
  public func count(_ table: Table) throws(StoreError) -> Int {
    let access = access
    let handle = access.handle(of: table)
    return try access.call { (transaction) throws(LMDBFailure) in try transaction.count(handle) }
  }
}
