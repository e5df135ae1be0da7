internal import CKernels

/// Read-only view of a term table for the time of a commit.
@safe
struct BorrowedTable {
  // SAFETY (whole type): `entries` and `base` belong to the term table, which outlives the view and does not change
  // while it is in use; only terms below `count` are asked for.
  private let entries: UnsafePointer<TermTable.Entry>
  private let base: UnsafeRawPointer
  let count: Int

  init(_ table: borrowing TermTable) {
    unsafe entries = UnsafePointer(table.entries)
    unsafe base = UnsafeRawPointer(table.arena.base)
    count = table.count
  }

  func key(_ term: Int) -> [UInt8] { unsafe [UInt8](bytes(term)) }
  func appendKey(_ term: Int, to keys: inout [UInt8]) { unsafe keys.append(contentsOf: bytes(term)) }
  func documentFrequency(_ term: Int) -> UInt32 { unsafe entries[term].stream.documentFrequency }
  func totalFrequency(_ term: Int) -> UInt64 { unsafe UInt64(entries[term].stream.totalFrequency) }
  func stream(_ term: Int) -> TermStream { unsafe TermStream(entry: entries[term], base: base) }
  /// The first eight bytes as a number that sorts as they do.
  func prefix(_ term: Int) -> UInt64 { unsafe entries[term].key.prefix }

  // Memory that will be read soon: what is known of a term; then, found there, its bytes or its postings.
  @inline(__always)
  func prefetchEntry(_ term: Int) { unsafe kwic_prefetch(entries + term) }
  @inline(__always)
  func prefetchKey(_ term: Int) { unsafe kwic_prefetch(base + Int(entries[term].keyOffset)) }
  @inline(__always)
  func prefetchPostings(_ term: Int) { unsafe kwic_prefetch(base + Int(entries[term].head)) }

  func precedes(_ a: Int, _ b: Int) -> Bool { unsafe bytes(a).lexicographicallyPrecedes(bytes(b)) }

  /// How the bytes of two words compare: below, at or above 0 as for `memcmp`, of which of both tables.
  func compare(_ term: Int, with other: BorrowedTable, _ otherTerm: Int) -> Int {
    let (a, b) = (prefix(term), other.prefix(otherTerm))
    if a != b { return a < b ? -1 : 1 }
    let left = unsafe bytes(term)
    let right = unsafe other.bytes(otherTerm)
    if unsafe left.lexicographicallyPrecedes(right) { return -1 }
    return unsafe left.elementsEqual(right) ? 0 : 1
  }

  func precedes(_ term: Int, _ form: [UInt8]) -> Bool { unsafe bytes(term).lexicographicallyPrecedes(form) }

  func equals(_ term: Int, _ form: [UInt8]) -> Bool { unsafe bytes(term).elementsEqual(form) }

  /// All terms in the order of their bytes: by the first eight as a number, then by the rest.
  func sorted() -> [UInt32] {
    var keys: [SortKey] = []
    keys.reserveCapacity(count)
    for term in 0..<count { keys.append(SortKey(prefix: prefix(term), term: UInt32(term))) }
    if count < Self.radixSortMin {
      keys.sort { a, b in a.prefix != b.prefix ? a.prefix < b.prefix : precedes(Int(a.term), Int(b.term)) }
    } else {
      SortKey.sortByPrefix(&keys)
      sortTies(&keys)
    }
    return keys.map(\.term)
  }

  /// With fewer terms the counters of a radix sort cost more than they save.
  private static let radixSortMin = 1 << 14

  /// Sorts runs of equal prefixes by all of their bytes.
  private func sortTies(_ keys: inout [SortKey]) {
    // SAFETY: the pointer is used inside the closure only.
    unsafe keys.withUnsafeMutableBufferPointer { keys in
      var start = 0
      while start < keys.count {
        let prefix = unsafe keys[start].prefix
        var end = start + 1
        while end < keys.count, unsafe keys[end].prefix == prefix { end += 1 }
        if end - start > 1 {
          unsafe keys[start..<end].sort { a, b in precedes(Int(a.term), Int(b.term)) }
        }
        start = end
      }
    }
  }

  private func bytes(_ term: Int) -> UnsafeRawBufferPointer {
    let entry = unsafe entries[term]
    return unsafe UnsafeRawBufferPointer(start: base + Int(entry.keyOffset), count: Int(entry.key.length))
  }
}
